// The receipt of a deletion. The deleted workspace has no live connection, so it is asked for until everything is deleted.

import { queryOptions } from "@tanstack/react-query";
import { api, now } from "../client";
import { data } from "../data";
import { isFailure } from "../failure";
import type { Schemas } from "../types";

export type Receipt = Schemas["DeletionReceipt"];

/** The last one waits for the others. */
export const PARTS = ["runtime", "subscription", "secrets", "members"] as const;
export type Part = (typeof PARTS)[number];

/** After its completion the receipt is kept for this long. */
const KEPT = 30 * 86_400_000;
const MINUTE = 60_000;

export function confirmed(receipt: Receipt): number {
  return PARTS.filter((part) => receipt[part].status === "confirmed").length;
}

export function isComplete(receipt: Receipt): boolean {
  return confirmed(receipt) === PARTS.length;
}

/** The last part is confirmed when everything is deleted. */
export function completedAt(receipt: Receipt): string | undefined {
  return isComplete(receipt) ? (receipt.members.confirmed_at ?? undefined) : undefined;
}

export function readableUntil(completedAt: string): string {
  return new Date(Date.parse(completedAt) + KEPT).toISOString();
}

/** Milliseconds until it is asked for again: its parts are worked on each minute, most of them are confirmed within three. */
export function pause(receipt: Receipt | undefined, at: number): number | false {
  if (!receipt) return 15_000;
  if (isComplete(receipt)) return false;
  const age = at - Date.parse(receipt.requested_at);
  return age < 5 * MINUTE ? 5_000 : age < 60 * MINUTE ? 15_000 : MINUTE;
}

/** No receipt of this person. */
export function isMissing(error: unknown): boolean {
  return isFailure(error) && error.status === 404;
}

export function receiptQuery(id: string) {
  return queryOptions({
    queryKey: ["deletion", id],
    queryFn: () => data(api().GET("/deletions/{id}", { params: { path: { id } } })),
    staleTime: ({ state }) => (state.data && isComplete(state.data) ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) => (isMissing(state.error) ? false : pause(state.data, now())),
  });
}
