// Changes of an inbox. The API refuses one that others overtook: it is sent once more.

import { useMutation, useMutationState } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { isFailure } from "../failure";
import { useKeys } from "../keys";
import { of } from "../query";
import type { Change } from "./changes";
import { noteCounts, recount } from "./counts";
import { applyToLists } from "./list";

/** Sends again, once, if it is refused with `code`. */
export async function twice<T>(code: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isFailure(error) || error.code !== code) throw error;
    return send();
  }
}

/** Sends the change, and returns the version of the inbox that the answer names. `key` is that of a POST. */
async function send(workspace: string, change: Change, key: string): Promise<number | undefined> {
  const header = within(workspace);
  switch (change.kind) {
    case "mark": {
      const params = { header, path: { id: change.id } };
      const answer = await data(api().PATCH("/notifications/{id}/read", { params, body: { read: change.read } }));
      noteCounts(workspace, answer);
      return answer.rev;
    }
    case "mark_all": {
      const params = { header: { ...header, "Idempotency-Key": key } };
      const answer = await data(api().POST("/notifications/mark-all-read", { params, body: change.type ? { type: change.type } : {} }));
      noteCounts(workspace, answer);
      return answer.rev;
    }
    case "delete":
      await api().DELETE("/notifications/{id}", { params: { header, path: { id: change.id } } });
      return undefined;
  }
}

async function order(workspace: string, change: Change, key: string): Promise<void> {
  try {
    const rev = await twice("inbox_changed", () => send(workspace, change, key));
    applyToLists(workspace, change, rev);
  } catch (error) {
    // It was deleted elsewhere, or is too old.
    if (change.kind === "mark" && isFailure(error) && error.code === "notification_not_found") await removed(workspace, change.id);
    throw error;
  }
  if (change.kind === "delete") await removed(workspace, change.id);
}

/** The answer to a deletion has no counts. If they cannot be read, the next poll brings them. */
async function removed(workspace: string, id: string) {
  const counts = await recount(workspace).catch(() => undefined);
  applyToLists(workspace, { kind: "delete", id }, counts?.rev);
}

function keyOf(workspace: string) {
  return of(workspace, "notifications", "change");
}

/** Orders changes. They are sent one after the other, so that they do not overtake each other. */
export function useOrder(workspace: string, done: (change: Change, error: Error | null) => void): (change: Change) => void {
  const keys = useKeys();
  const { mutate } = useMutation({
    mutationKey: keyOf(workspace),
    scope: { id: `notifications ${workspace}` },
    mutationFn: (change: Change) => order(workspace, change, keys.of(JSON.stringify(change))),
    onSettled: (_, error, change) => {
      if (!isFailure(error) || !error.passes) keys.done(JSON.stringify(change));
      done(change, error);
    },
  });
  return mutate;
}

/** The changes that have not been answered, in their order. */
export function usePendingChanges(workspace: string): Change[] {
  return useMutationState({
    filters: { mutationKey: keyOf(workspace), status: "pending" },
    select: ({ state }) => state.variables as Change,
  });
}
