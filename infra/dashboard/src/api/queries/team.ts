// The people of a workspace: members, former members, pending invitations.

import { infiniteQueryOptions, useQuery, type InfiniteData } from "@tanstack/react-query";
import { who } from "../../auth";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries, readAgain } from "../query";
import type { Role, Schemas } from "../types";
import { meQuery } from "./me";

export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
export type Members = InfiniteData<Schemas["MemberPage"], string | undefined>;

const LIMIT = 100;

export function membersQuery(workspace: string, status: "active" | "removed") {
  return infiniteQueryOptions({
    queryKey: of(workspace, "members", status),
    queryFn: ({ pageParam }) =>
      data(api().GET("/team/members", { params: { header: within(workspace), query: { status, limit: LIMIT, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ pagination }) => pagination.next_cursor ?? undefined,
  });
}

export function invitationsQuery(workspace: string) {
  return infiniteQueryOptions({
    queryKey: of(workspace, "invitations"),
    queryFn: ({ pageParam }) =>
      data(api().GET("/team/invitations", { params: { header: within(workspace), query: { limit: LIMIT, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ pagination }) => pagination.next_cursor ?? undefined,
  });
}

/** Finds the person's own row: by id, and by address until the id is known. */
export function useIsMe(): (member: Member) => boolean {
  const { data: me } = useQuery(meQuery);
  const email = who()?.email.toLowerCase();
  return (member) => (me?.id ? member.id === me.id : member.email?.toLowerCase() === email);
}

/** What changes with a seat is read again. */
function changed(workspace: string) {
  return readAgain(...["members", "invitations", "owners", "head", "keys"].map((part) => of(workspace, part)));
}

export async function invite(workspace: string, email: string, role: Role, key: string): Promise<Invitation> {
  return data(api().POST("/team/invite", { params: { header: { ...within(workspace), "Idempotency-Key": key } }, body: { email, role } }));
}

/** After the last of several invitations. */
export async function invited(workspace: string) {
  await changed(workspace);
}

export async function resendInvitation(workspace: string, id: string, key: string) {
  await api().POST("/team/invitations/{id}/resend", {
    params: { path: { id }, header: { ...within(workspace), "Idempotency-Key": key } },
  });
  await readAgain(of(workspace, "invitations"));
}

export async function revokeInvitation(workspace: string, id: string) {
  await api().DELETE("/team/invitations/{id}", { params: { path: { id }, header: within(workspace) } });
  await changed(workspace);
}

/** Shows the role at once; the answer, or the refusal, follows. */
export function showRole(workspace: string, id: string, role: Role, unlessChangedFrom?: Role) {
  queries.setQueryData<Members>(membersQuery(workspace, "active").queryKey, (shown) =>
    shown && {
      ...shown,
      pages: shown.pages.map((page) => ({
        ...page,
        members: page.members.map((member) =>
          member.id === id && (unlessChangedFrom === undefined || member.role === unlessChangedFrom) ? { ...member, role } : member,
        ),
      })),
    },
  );
}

export async function giveRole(workspace: string, id: string, role: Role): Promise<Member> {
  return data(api().PUT("/team/members/{id}/role", { params: { path: { id }, header: within(workspace) }, body: { role } }));
}

/** After the last change of a role: the invitations that the member may not make any more are gone, too. */
export async function roleGiven(workspace: string) {
  await changed(workspace);
}

export async function removeMember(workspace: string, id: string) {
  await api().DELETE("/team/members/{id}", { params: { path: { id }, header: within(workspace) } });
  await changed(workspace);
}

export async function bringBack(workspace: string, id: string, key: string) {
  await api().POST("/team/members/{id}/reactivate", {
    params: { path: { id }, header: { ...within(workspace), "Idempotency-Key": key } },
  });
  await changed(workspace);
}
