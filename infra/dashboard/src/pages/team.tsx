// The people of a workspace, and the seats that they take.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { subscriptionQuery } from "../api/queries/subscription";
import { invitationsQuery } from "../api/queries/team";
import { workspaceQuery } from "../api/queries/workspaces";
import { Button } from "../kit/button";
import { Meter } from "../kit/meter";
import { Problem } from "../kit/problem";
import { Segment, Segments } from "../kit/segments";
import { Skeleton } from "../kit/skeleton";
import { accessQuery, useAccess, useAllowed } from "../shell/access";
import { Page } from "../shell/page";
import { useText } from "../text";
import { number } from "../text/format";
import { FilterBar, filterOf } from "./team/filter";
import { Full } from "./team/full";
import { Members } from "./team/members";
import { RowsLoading } from "./team/rows";

// What is not seen at first is loaded when it is opened.
const Former = lazy(async () => ({ default: (await import("./team/former")).Former }));
const Invitations = lazy(async () => ({ default: (await import("./team/invitations")).Invitations }));
const Invite = lazy(async () => ({ default: (await import("./team/invite")).Invite }));

/** The seats in use, and how many there are; `limit` null is no limit. */
function useSeats(workspace: string) {
  const sees = useAllowed(workspace, "list_invitations");
  const { isFetched: known } = useQuery(accessQuery(workspace));
  const head = useQuery(workspaceQuery(workspace));
  const paid = useQuery(subscriptionQuery(workspace));
  const pending = useInfiniteQuery({ ...invitationsQuery(workspace), enabled: sees });
  const { hasNextPage, isFetching, isError, fetchNextPage } = pending;
  // Their number counts: all of them are read.
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const members = head.data?.member_count;
  const invitations = sees ? pending.data?.pages.reduce((sum, page) => sum + page.invitations.length, 0) : undefined;
  const limit = paid.data ? (paid.data.limits.members ?? null) : undefined;
  const used = members === undefined ? undefined : members + (invitations ?? 0);
  return {
    members,
    invitations,
    used,
    limit,
    waits: !known || head.isPending || paid.isPending || (sees && pending.isPending),
    error: head.error ?? paid.error,
    retry: () => void Promise.all([head.refetch(), paid.refetch()]),
    free: used !== undefined && limit != null && invitations !== undefined ? Math.max(0, limit - used) : undefined,
  };
}

export function Team() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/team" });
  const search = useSearch({ from: "/inside/w/$ws/settings/team" });
  const navigate = useNavigate({ from: "/w/$ws/settings/team" });
  const why = useAccess(ws)("invite_member");
  const seats = useSeats(ws);
  const filter = filterOf(search);
  const { tab } = search;
  const inviting = search.invite === true && why === undefined;
  const [wanted, setWanted] = useState(inviting);
  if (inviting && !wanted) setWanted(true);
  const setInvite = (invite: true | undefined) => void navigate({ search: (before) => ({ ...before, invite }), replace: true, resetScroll: false });
  const inviteButton = (
    <Button look="primary" why={why} onClick={() => setInvite(true)}>
      {t.team.invite.open}
    </Button>
  );
  const to = { to: "/w/$ws/settings/team", params: { ws }, replace: true, resetScroll: false } as const;
  return (
    <Page title={t.team.title} lead={t.team.lead} actions={inviteButton}>
      <Seats workspace={ws} seats={seats} />
      <div className="grid grid-cols-1 gap-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Segments label={t.team.tabs}>
            <Segment {...to} search={(before) => ({ ...before, tab: undefined })} open={!tab} count={seats.members !== undefined ? number(seats.members) : undefined}>
              {t.team.members}
            </Segment>
            <Segment {...to} search={(before) => ({ ...before, tab: "invitations" as const })} open={tab === "invitations"} count={seats.invitations !== undefined ? number(seats.invitations) : undefined}>
              {t.team.invitations}
            </Segment>
            <Segment {...to} search={(before) => ({ ...before, tab: "former" as const })} open={tab === "former"}>
              {t.team.former}
            </Segment>
          </Segments>
          {tab === "invitations" ? (
            <FilterBar filter={filter} label={t.team.filterInvitations} hint={t.team.address} />
          ) : (
            <FilterBar filter={filter} label={t.team.filter} hint={t.team.nameOrAddress} />
          )}
        </div>
        <Suspense key={tab ?? "members"} fallback={<RowsLoading />}>
          {tab === "invitations" ? (
            <Invitations workspace={ws} filter={filter} inviteButton={inviteButton} />
          ) : tab === "former" ? (
            <Former workspace={ws} filter={filter} />
          ) : (
            <Members workspace={ws} filter={filter} inviteButton={inviteButton} />
          )}
        </Suspense>
      </div>
      {wanted && (
        <Suspense>
          <Invite workspace={ws} open={inviting} onClose={() => setInvite(undefined)} free={seats.free} />
        </Suspense>
      )}
    </Page>
  );
}

function Seats({ workspace, seats }: { workspace: string; seats: ReturnType<typeof useSeats> }) {
  const t = useText();
  const { used, limit, invitations, free } = seats;
  if (seats.error) return <Problem error={seats.error} retry={seats.retry} />;
  if (seats.waits || used === undefined || limit === undefined) return <Skeleton className="h-23.5 rounded-xl" />;
  const note = [
    invitations === undefined ? t.team.seatsPending : invitations > 0 ? `${t.team.seatsOfThem(invitations)}.` : undefined,
    limit === null ? t.team.seatsUnlimited : free !== undefined && free > 0 ? t.team.seatsFree(free) : undefined,
  ];
  return (
    <>
      <div className="rounded-xl border border-line bg-panel px-5 py-4">
        <Meter label={t.team.seats} used={used} limit={limit} note={note.filter(Boolean).join(" ") || undefined} />
      </div>
      {free === 0 && limit !== null && <Full workspace={workspace} limit={limit} />}
    </>
  );
}
