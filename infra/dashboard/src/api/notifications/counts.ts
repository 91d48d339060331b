// The number of unread notifications, as the API last said. It is never counted here.

import { skipToken, useQuery } from "@tanstack/react-query";
import { who } from "../../auth";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries } from "../query";
import type { Schemas } from "../types";

export type Counts = Schemas["InboxCounts"];
export type NotificationType = Schemas["NotificationType"];

/** The newer of two answers: answers can arrive in another order than they were made in. Counts of the same version follow the reader's role. */
export function newest<T extends { rev: number }>(held: T | undefined, answer: T): T {
  return held && held.rev > answer.rev ? held : answer;
}

function keyOf(workspace: string) {
  return of(workspace, "notifications", "counts", who()?.email);
}

export function noteCounts(workspace: string, { unread_count, by_type, seq, rev }: Counts): void {
  queries.setQueryData<Counts>(keyOf(workspace), (held) => newest(held, { unread_count, by_type, seq, rev }));
}

/** Asks for the counts, and notes them. */
export async function recount(workspace: string): Promise<Counts> {
  const counts = await data(api().GET("/notifications/unread-count", { params: { header: within(workspace) } }));
  noteCounts(workspace, counts);
  return counts;
}

/** True once there are counts. */
export function areCounted(workspace: string): boolean {
  return queries.getQueryData<Counts>(keyOf(workspace)) !== undefined;
}

/** The newest counts; nothing until there are some. */
export function useCounts(workspace: string): Counts | undefined {
  return useQuery<Counts>({ queryKey: keyOf(workspace), queryFn: skipToken, staleTime: Infinity }).data;
}
