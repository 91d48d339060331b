// The audit log in pages, newest first. Plans without the log have the activity: the same records without their places.

import { each } from "berth-client";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of } from "../query";
import type { Schemas } from "../types";

/** The activity of plans without the log lacks the places in it. */
export type AuditRecord = Schemas["AuditRecord"];
export type Action = Schemas["AuditAction"];

/** The feature that opens the log. */
export const FEATURE = "audit_export";

/** What is listed; times are in UTC, and `to` is the first that is not. */
export interface Wanted {
  actor?: string;
  action?: Action;
  target?: string;
  from?: string;
  to?: string;
}

const LIMIT = 50;

type Page = Schemas["AuditPage"];

async function activity(workspace: string, { actor, action }: Wanted, cursor: string | undefined): Promise<Page> {
  const params = { header: within(workspace), query: { actor, action, limit: LIMIT, cursor } };
  const page = (await data(api().GET("/team/activity", { params }))) as Schemas["ActivityPage"];
  return { records: page.activity, pagination: page.pagination };
}

async function log(workspace: string, wanted: Wanted, cursor: string | undefined): Promise<Page> {
  const params = { header: within(workspace), query: { ...wanted, limit: LIMIT, cursor } };
  // Without an `Accept` of its own the answer is no table.
  return (await data(api().GET("/audit", { params }))) as Page;
}

export function recordsQuery(workspace: string, isLog: boolean, wanted: Wanted) {
  return infiniteQueryOptions({
    queryKey: of(workspace, "audit", isLog ? "log" : "activity", wanted),
    queryFn: ({ pageParam }) => (isLog ? log : activity)(workspace, wanted, pageParam),
    initialPageParam: undefined as string | undefined,
    // A page may be short, or empty, although more follow.
    getNextPageParam: ({ pagination }) => (pagination.has_more ? (pagination.next_cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export interface Someone {
  id: string;
  name: string | undefined;
  isMember: boolean;
}

/** Members and former members, who may be named in records. */
export function peopleQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "people"),
    queryFn: async () => {
      const people: Someone[] = [];
      const read = (cursor: string | undefined) => api().GET("/team/members", { params: { header: within(workspace), query: { limit: 100, cursor } } });
      for await (const { id, full_name, email, status } of each("members", read)) {
        people.push({ id, name: full_name ?? email ?? undefined, isMember: status === "active" });
      }
      return people;
    },
    staleTime: 60_000,
  });
}
