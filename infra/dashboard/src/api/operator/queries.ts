// What the console reads. Nothing is read again by itself but the person's own standing and queues while messages are moved: searches and
// examinations are work for the service.

import { infiniteQueryOptions, queryOptions, type InfiniteData } from "@tanstack/react-query";
import { now } from "../client";
import { queries, supersede } from "../query";
import { ask, readLetters, readMessages, readQueues, readSession, SESSION } from "./client";
import type { Difference } from "../doctor/examination";
import type { Criterion, Facts, Found, Rounds } from "./types";

const never = { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

export const sessionQuery = queryOptions({ queryKey: SESSION, queryFn: readSession, staleTime: 60_000 });

interface FoundPage {
  found: Found[];
  next: string | null;
}

const FIND = ["operator", "find"];

export function findQuery(by: Criterion, what: string) {
  return infiniteQueryOptions({
    queryKey: [...FIND, by, what],
    queryFn: ({ pageParam }) => ask<FoundPage>({ command: "find", [by]: what, ...(pageParam ? { after: pageParam } : {}) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    ...never,
  });
}

export function factsQuery(workspace: string) {
  return queryOptions({
    queryKey: ["operator", "facts", workspace],
    queryFn: async () => (await ask<{ facts: Facts }>({ command: "facts", workspace })).facts,
    refetchOnWindowFocus: false,
  });
}

/** The facts after an act. Searches show them, too. What was forgotten meanwhile, as by signing out, stays so. */
export function noteFacts(facts: Facts): void {
  const { workspace, standing } = facts;
  const { queryKey } = factsQuery(workspace.id);
  supersede(queryKey);
  queries.setQueryData(queryKey, (before) => before && facts);
  const { name, live, suspended } = workspace;
  const noted = (one: Found): Found => (one.workspace === workspace.id ? { ...one, name, live, suspended, plan: standing.plan } : one);
  queries.setQueriesData<InfiniteData<FoundPage>>({ queryKey: FIND }, (before) => before && { ...before, pages: before.pages.map((page) => ({ ...page, found: page.found.map(noted) })) });
}

export interface Examined {
  differences: Difference[];
  at: number;
  isRepair: boolean;
}

/** The result of rounds through one workspace. It is not among the differing if it is healthy. */
export function examinedOf({ differing }: Rounds, isRepair: boolean): Examined {
  return { differences: differing.flatMap(({ differences }) => differences), at: now(), isRepair };
}

export function examinationQuery(workspace: string) {
  return queryOptions({
    queryKey: ["operator", "examination", workspace],
    queryFn: async () => examinedOf(await ask<Rounds>({ command: "doctor", workspace }), false),
    ...never,
  });
}

/** The parts of the rounds so far, as one. The page of the rounds adds to it. */
export const roundsQuery = queryOptions<Rounds>({ queryKey: ["operator", "rounds"], enabled: false, gcTime: Infinity });

export function lettersQuery(by: "workspace" | "email", what: string) {
  return queryOptions({ queryKey: ["operator", "letters", by, what], queryFn: () => readLetters({ [by]: what }), ...never });
}

const WHILE_MOVING = 5_000;

export const queuesQuery = queryOptions({
  queryKey: ["operator", "queues"],
  queryFn: readQueues,
  refetchInterval: ({ state }) => (state.data?.queues.some(({ redriving }) => redriving) ? WHILE_MOVING : false),
});

export function messagesQuery(queue: string) {
  return queryOptions({ queryKey: ["operator", "messages", queue], queryFn: () => readMessages(queue), ...never, staleTime: 0 });
}

/** Forgets all that was read for staff. */
export function forgetAll(): void {
  queries.removeQueries({ queryKey: ["operator"] });
}
