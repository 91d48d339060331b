// Pending invitations: what became of their e-mails, and their end.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isFailure } from "../../api/failure";
import { invitationsQuery, membersQuery, resendInvitation, revokeInvitation, type Invitation } from "../../api/queries/team";
import { workspaceQuery } from "../../api/queries/workspaces";
import { useSend } from "../../api/send";
import { Badge, type Tone } from "../../kit/badge";
import { Button } from "../../kit/button";
import { Confirm } from "../../kit/confirm";
import { Empty } from "../../kit/empty";
import { Forbidden } from "../../kit/forbidden";
import { More } from "../../kit/more";
import { Problem } from "../../kit/problem";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { useAccess, useAllowed } from "../../shell/access";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { Found, isOn, type Filter } from "./filter";
import { Refused } from "./full";
import { isolated, matches, nameOf } from "./names";
import { reaches } from "./role";
import { List, Row, Rows, RowsLoading, useHeading } from "./rows";

const tones: Partial<Record<Invitation["delivery"], Tone>> = { queued: "plain", deferred: "warn", stopped: "warn", bounced: "bad", complained: "bad", failed: "bad" };

export function Invitations({ workspace, filter, inviteButton }: { workspace: string; filter: Filter; inviteButton: React.ReactNode }) {
  const t = useText();
  const why = useAccess(workspace)("list_invitations");
  const query = useInfiniteQuery({ ...invitationsQuery(workspace), enabled: useAllowed(workspace, "list_invitations") });
  const heading = useHeading();
  const [revoking, setRevoking] = useState<Invitation>();
  const hidden = why !== undefined || (isFailure(query.error) && query.error.code === "role_required");
  const invitations = query.data?.pages.flatMap((page) => page.invitations);
  const shown = invitations?.filter(({ email, role }) => matches(filter.q, email) && (!filter.role || role === filter.role));
  if (hidden) {
    return (
      <Rows title={t.team.invitations} heading={heading.ref}>
        <Forbidden workspace={workspace} title={t.team.invitationsHidden} who={t.team.whoSees(t.roles.admin)} />
      </Rows>
    );
  }
  return (
    <Rows title={t.team.invitations} heading={heading.ref}>
      {query.isPending && <RowsLoading rows={2} />}
      {query.isError && <Problem error={query.error} retry={() => query.refetch()} />}
      {invitations && shown && (
        <>
          <Found filter={filter} shown={shown.length} all={invitations.length} />
          {invitations.length === 0 && (
            <Empty title={t.team.noInvitations} action={inviteButton}>
              {t.team.noInvitationsLead}
            </Empty>
          )}
          {shown.length > 0 && (
            <List label={t.team.invitations}>
              {shown.map((invitation) => (
                <InvitationRow key={invitation.id} workspace={workspace} invitation={invitation} onRevoke={() => setRevoking(invitation)} />
              ))}
            </List>
          )}
          <More query={query} all={isOn(filter)} searching={t.team.searching} />
        </>
      )}
      <Revoke workspace={workspace} invitation={revoking} onClose={() => setRevoking(undefined)} onRevoked={heading.focus} />
    </Rows>
  );
}

function InvitationRow({ workspace, invitation, onRevoke }: { workspace: string; invitation: Invitation; onRevoke: () => void }) {
  const t = useText();
  const may = useAccess(workspace);
  const own = useRole(workspace);
  const { data: head } = useQuery(workspaceQuery(workspace));
  const { data: members } = useInfiniteQuery(membersQuery(workspace, "active"));
  const { id, email, role, delivery, refusal } = invitation;
  const resend = useSend(
    (id: string, key) => resendInvitation(workspace, id, key),
    () => toast(t.team.resent(isolated(email))),
  );
  const maker = members?.pages.flatMap((page) => page.members).find((member) => member.id === invitation.invited_by);
  const by = invitation.invited_by_name ?? (maker && nameOf(maker));
  const above = reaches(own, role) ? undefined : t.team.rank(t.roles[role]);
  const tone = tones[delivery];
  const zone = head?.timezone ?? "UTC";
  return (
    <Row
      name={email}
      mark={tone && <Badge tone={tone}>{t.team.delivery[delivery]}</Badge>}
      about={
        <>
          {t.team.asRole(t.roles[role])}
          {by && (
            <>
              {" · "}
              {t.team.invitedBy(isolated(by))}
            </>
          )}
        </>
      }
      facts={
        <>
          <p>
            {t.team.sent} <Time at={invitation.created_at} zone={zone} format="relative" />
          </p>
          <p>
            {t.team.expires} <Time at={invitation.expires_at} zone={zone} format="relative" />
          </p>
        </>
      }
      note={(refusal ? t.team.refusals[refusal] : t.team.deliveryLead[delivery]) || undefined}
      actions={
        <>
          <Button small why={may("resend_invitation") ?? above} busy={resend.busy} aria-label={t.team.resendLabel(isolated(email))} onClick={() => resend.run(id)}>
            {t.team.resend}
          </Button>
          <Button small look="quiet" why={may("revoke_invitation") ?? above} aria-label={t.team.revokeLabel(isolated(email))} onClick={onRevoke}>
            {t.team.revoke}
          </Button>
        </>
      }
    >
      {resend.error && <Refused workspace={workspace} error={resend.error} retry={() => resend.run(id)} />}
    </Row>
  );
}

function Revoke({ workspace, invitation, onClose, onRevoked }: {
  workspace: string;
  invitation: Invitation | undefined;
  onClose: () => void;
  onRevoked: () => void;
}) {
  const t = useText();
  const email = invitation ? isolated(invitation.email) : "";
  const revoke = useSend(
    ({ id }: Invitation) => revokeInvitation(workspace, id),
    (_, revoked, isLeft) => {
      toast(t.team.revoked(isolated(revoked.email)));
      if (isLeft) return;
      onClose();
      setTimeout(onRevoked);
    },
  );
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Confirm
      open={invitation !== undefined}
      onClose={close}
      title={t.team.revokeTitle}
      action={t.team.revokeAction}
      danger
      busy={revoke.busy}
      error={revoke.error}
      onConfirm={() => invitation && revoke.run(invitation)}
    >
      <p className="[overflow-wrap:anywhere]">{t.team.revokeLead(email)}</p>
    </Confirm>
  );
}
