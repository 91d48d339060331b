// The invitations, in all workspaces, that are for the person who is signed in.

import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries, readAgain } from "../query";
import type { Schemas } from "../types";

export type OwnInvitation = Schemas["OwnInvitation"];

/** An invitation by the token in its link, or by its id, which needs its workspace. */
export type InvitationRef = { token: string } | { id: string; workspace: string };

export const ownInvitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: async () => {
    const found: OwnInvitation[] = [];
    let cursor: string | undefined;
    do {
      const page = await data(api().GET("/invitations", { params: { query: { limit: 100, cursor } } }));
      found.push(...page.invitations);
      cursor = page.pagination.next_cursor ?? undefined;
    } while (cursor);
    return found;
  },
});

function params(ref: InvitationRef, key: string) {
  return "token" in ref
    ? { path: { token: ref.token }, header: { "Idempotency-Key": key } }
    : { path: { token: ref.id }, header: { "Idempotency-Key": key, ...within(ref.workspace) } };
}

async function read() {
  await readAgain(["invitations"], ["workspaces"]);
}

/** Makes the person a member. `key` is that of the first attempt. */
export async function acceptInvitation(ref: InvitationRef, key: string): Promise<Schemas["Member"]> {
  const member = await data(api().POST("/team/invitations/{token}/accept", { params: params(ref, key) }));
  if ("workspace" in ref) queries.removeQueries({ queryKey: of(ref.workspace) });
  await read();
  return member;
}

export async function declineInvitation(ref: InvitationRef, key: string): Promise<void> {
  await api().POST("/team/invitations/{token}/decline", { params: params(ref, key) });
  await read();
}
