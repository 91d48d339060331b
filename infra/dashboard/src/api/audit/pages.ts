// The pages of exports, verifications and checkpoints: each is a step of a walk.

import { api, within } from "../client";
import { data } from "../data";
import type { Schemas } from "../types";
import { texts, type Answer } from "../walk/texts";
import type { Step } from "../walk/walk";
import type { Wanted } from "./log";

export type Checkpoint = Schemas["Checkpoint"];
export type Verification = Schemas["VerificationPage"];

/** Only these narrow an export that can be verified. */
export type Range = Pick<Wanted, "from" | "to">;

/** Lines of JSON, oldest first. */
export function exportStep(workspace: string, range: Range, found: (text: string) => void): Step {
  const header = within(workspace);
  const ask = (cursor: string | undefined): Answer =>
    api().GET("/audit/export", { params: { header, query: { ...range, cursor } }, headers: { accept: "application/jsonl" }, parseAs: "text" });
  return texts(ask, found);
}

/** A table of the same records; of those that `wanted` selects, newest first, if it has more than a range. */
export function tableStep(workspace: string, wanted: Wanted, found: (text: string) => void): Step {
  const header = within(workspace);
  const csv = { headers: { accept: "text/csv" }, parseAs: "text" } as const;
  const { from, to, ...others } = wanted;
  const isSelected = Object.values(others).some((value) => value !== undefined);
  const ask = (cursor: string | undefined): Answer =>
    isSelected
      ? api().GET("/audit", { params: { header, query: { ...wanted, limit: 100, cursor } }, ...csv })
      : api().GET("/audit/export", { params: { header, query: { from, to, cursor } }, ...csv });
  return texts(ask, found);
}

export function verificationStep(workspace: string, found: (page: Verification) => void): Step {
  let cursor: string | undefined;
  return async (end) => {
    const page = await data(api().GET("/audit/verify", { params: { header: within(workspace), query: { cursor } } }));
    if (end.aborted) return false;
    found(page);
    cursor = page.pagination.next_cursor ?? undefined;
    return page.ok && cursor !== undefined;
  };
}

/** The newest checkpoint; nothing if none was taken yet. */
export async function newestCheckpoint(workspace: string): Promise<Checkpoint | undefined> {
  const { checkpoints } = await data(api().GET("/audit/checkpoints", { params: { header: within(workspace), query: { limit: 1 } } }));
  return checkpoints[0];
}

export function checkpointsStep(workspace: string, found: (checkpoints: Checkpoint[]) => void): Step {
  let cursor: string | undefined;
  return async (end) => {
    const { checkpoints, pagination } = await data(api().GET("/audit/checkpoints", { params: { header: within(workspace), query: { limit: 100, cursor } } }));
    if (end.aborted) return false;
    found(checkpoints);
    cursor = pagination.next_cursor ?? undefined;
    return cursor !== undefined;
  };
}
