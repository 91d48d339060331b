// The members: their roles, and their seats.

import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { giveRole, invitationsQuery, membersQuery, removeMember, roleGiven, showRole, useIsMe, type Member } from "../../api/queries/team";
import { workspaceQuery } from "../../api/queries/workspaces";
import { queries } from "../../api/query";
import { useSend } from "../../api/send";
import type { Role } from "../../api/types";
import { Badge } from "../../kit/badge";
import { Button, buttonClass } from "../../kit/button";
import { Confirm } from "../../kit/confirm";
import { Empty } from "../../kit/empty";
import { More } from "../../kit/more";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { useAccess, useAllowed } from "../../shell/access";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { Found, isOn, type Filter } from "./filter";
import { Refused } from "./full";
import { KeysOf } from "./keys-of";
import { byName, isolated, matches, nameOf } from "./names";
import { reaches, RoleMenu } from "./role";
import { List, Row, Rows, RowsLoading, useHeading } from "./rows";

export function Members({ workspace, filter, inviteButton }: { workspace: string; filter: Filter; inviteButton: React.ReactNode }) {
  const t = useText();
  const query = useInfiniteQuery(membersQuery(workspace, "active"));
  const isMe = useIsMe();
  const heading = useHeading();
  const [removing, setRemoving] = useState<Member>();
  const members = query.data?.pages.flatMap((page) => page.members);
  const shown = members
    ?.filter((member) => matches(filter.q, member.full_name, member.email) && (!filter.role || member.role === filter.role))
    .sort(byName(nameOf))
    .sort((a, b) => Number(isMe(b)) - Number(isMe(a)));
  return (
    <Rows title={t.team.members} heading={heading.ref}>
      {query.isPending && <RowsLoading />}
      {query.isError && <Problem error={query.error} retry={() => query.refetch()} />}
      {members && shown && (
        <>
          <Found filter={filter} shown={shown.length} all={members.length} />
          {shown.length > 0 && (
            <List label={t.team.members}>
              {shown.map((member) => (
                <MemberRow key={member.id} workspace={workspace} member={member} me={isMe(member)} onRemove={() => setRemoving(member)} />
              ))}
            </List>
          )}
          <More query={query} all={isOn(filter)} searching={t.team.searching} />
          {members.length === 1 && !query.hasNextPage && !isOn(filter) && (
            <Empty title={t.team.alone} action={inviteButton}>
              {t.team.aloneLead}
            </Empty>
          )}
        </>
      )}
      <Remove workspace={workspace} member={removing} onClose={() => setRemoving(undefined)} onRemoved={heading.focus} />
    </Rows>
  );
}

function MemberRow({ workspace, member, me, onRemove }: { workspace: string; member: Member; me: boolean; onRemove: () => void }) {
  const t = useText();
  const may = useAccess(workspace);
  const own = useRole(workspace);
  const { data: head } = useQuery(workspaceQuery(workspace));
  const [promoting, setPromoting] = useState(false);
  const name = nameOf(member);
  const change = useMutation({
    mutationKey: ["role", workspace],
    // One after the other: the last choice is the one that stays.
    scope: { id: `role-${workspace}-${member.id}` },
    mutationFn: ({ to }: { from: Role; to: Role }) => giveRole(workspace, member.id, to),
    onMutate: async ({ to }) => {
      await queries.cancelQueries({ queryKey: membersQuery(workspace, "active").queryKey });
      showRole(workspace, member.id, to);
    },
    onSuccess: ({ role }) => toast(t.team.roleChanged(isolated(name), t.roles[role])),
    onError: (_, { from, to }) => showRole(workspace, member.id, from, to),
    onSettled: () => {
      if (queries.isMutating({ mutationKey: ["role", workspace] }) === 1) void roleGiven(workspace);
    },
  });
  const pick = (to: Role) => (to === "owner" ? setPromoting(true) : change.mutate({ from: member.role, to }));
  const above = reaches(own, member.role) ? undefined : t.team.rank(t.roles[member.role]);
  const zone = head?.timezone ?? "UTC";
  return (
    <Row
      name={name}
      mark={me && <Badge tone="accent">{t.team.you}</Badge>}
      about={member.full_name && member.email ? <bdi className="[overflow-wrap:anywhere]">{member.email}</bdi> : undefined}
      facts={
        <>
          {t.team.active} <Time at={member.last_active_at} zone={zone} format="relative" />
        </>
      }
      actions={
        me ? (
          <>
            <span className="min-w-32 px-3 text-sm font-medium">{t.roles[member.role]}</span>
            <Link to="/w/$ws/settings" params={{ ws: workspace }} aria-label={t.team.leaveLabel} className={`${buttonClass("quiet", true)} min-w-24`}>
              {t.team.leave}
            </Link>
          </>
        ) : (
          <>
            <RoleMenu name={name} role={member.role} own={own} why={may("manage_members") ?? above} onPick={pick} />
            <Button small look="quiet" className="min-w-24" why={may("remove_member") ?? above} aria-label={t.team.removeLabel(isolated(name))} onClick={onRemove}>
              {t.team.remove}
            </Button>
            <Confirm
              open={promoting}
              onClose={() => setPromoting(false)}
              title={t.team.makeOwner(isolated(name))}
              action={t.team.makeOwnerAction}
              onConfirm={() => {
                setPromoting(false);
                change.mutate({ from: member.role, to: "owner" });
              }}
            >
              <p>{t.team.makeOwnerLead}</p>
            </Confirm>
          </>
        )
      }
    >
      {member.blocked_email && <p className="text-sm text-warn">{t.team.blockedEmail(isolated(member.blocked_email))}</p>}
      {change.isError && (
        <div className="grid gap-1.5">
          <Refused workspace={workspace} error={change.error} retry={() => change.mutate(change.variables)} />
          <p className="text-sm text-soft">{t.team.roleKept(isolated(name), t.roles[member.role])}</p>
        </div>
      )}
    </Row>
  );
}

function Remove({ workspace, member, onClose, onRemoved }: { workspace: string; member: Member | undefined; onClose: () => void; onRemoved: () => void }) {
  const t = useText();
  const sees = useAllowed(workspace, "list_invitations");
  const offers = useInfiniteQuery({ ...invitationsQuery(workspace), enabled: member !== undefined && sees });
  const name = member ? isolated(nameOf(member)) : "";
  const remove = useSend(
    ({ id }: Member) => removeMember(workspace, id),
    (_, removed, isLeft) => {
      toast(t.team.removed(isolated(nameOf(removed))));
      if (isLeft) return;
      onClose();
      // The row and its button are gone: the list takes the focus.
      setTimeout(onRemoved);
    },
  );
  const all = offers.data && !offers.hasNextPage ? offers.data.pages.flatMap((page) => page.invitations) : undefined;
  const theirs = all?.filter((invitation) => invitation.invited_by === member?.id);
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Confirm
      open={member !== undefined}
      onClose={close}
      title={t.team.removeTitle(name)}
      action={t.team.removeAction}
      danger
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => member && remove.run(member)}
    >
      <p>{t.team.removeLead}</p>
      {member && <KeysOf workspace={workspace} member={member.id} whose="theirs" />}
      {theirs && theirs.length > 0 ? (
        <Notice tone="warn" title={t.team.removeRevokes(theirs.length)}>
          <ul className="mt-1 max-h-40 list-disc overflow-y-auto ps-5">
            {theirs.map(({ id, email }) => (
              <li key={id}>
                <bdi className="[overflow-wrap:anywhere]">{email}</bdi>
              </li>
            ))}
          </ul>
        </Notice>
      ) : (
        <p className="text-soft">{theirs ? t.team.removeRevokesNone : t.team.removeRevokesSome}</p>
      )}
    </Confirm>
  );
}
