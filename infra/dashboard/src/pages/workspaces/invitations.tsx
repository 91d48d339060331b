import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { isFailure } from "../../api/failure";
import { acceptInvitation, declineInvitation, ownInvitationsQuery, type OwnInvitation } from "../../api/queries/invitations";
import { useSend } from "../../api/send";
import { Name } from "../../kit/avatar";
import { Button } from "../../kit/button";
import { Confirm } from "../../kit/confirm";
import { LimitReached } from "../../kit/limit";
import { Problem } from "../../kit/problem";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { ownZone } from "../../shell/zone";
import { useText } from "../../text";

/** The open invitations to the person; nothing if there are none. */
export function Invitations() {
  const t = useText();
  const { data, error, refetch } = useQuery(ownInvitationsQuery);
  if (error && !data) return <Problem error={error} retry={() => void refetch()} title={t.workspaces.invitations} />;
  if (!data?.length) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-lg font-semibold">{t.workspaces.invitations}</h2>
      <ul className="grid gap-3">
        {data.map((invitation) => (
          <Row key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function Row({ invitation }: { invitation: OwnInvitation }) {
  const t = useText();
  const navigate = useNavigate();
  const [declining, setDeclining] = useState(false);
  const { id, workspace_id, workspace_name, role, expires_at } = invitation;
  const accept = useSend(
    (id: string, key) => acceptInvitation({ id, workspace: workspace_id }, key),
    () => navigate({ to: "/w/$ws", params: { ws: workspace_id } }),
  );
  const decline = useSend(
    (id: string, key) => declineInvitation({ id, workspace: workspace_id }, key),
    () => toast(t.workspaces.declined),
  );
  return (
    <li className="grid gap-3 rounded-xl border border-accent/30 bg-accent-soft px-5 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-semibold">
            <Name>{workspace_name}</Name>
          </p>
          <p className="text-sm">
            {t.workspaces.invitedAs(t.roles[role])} · {t.workspaces.openUntil} <Time at={expires_at} zone={ownZone()} format="day" />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button small aria-label={t.workspaces.declineOf(workspace_name)} onClick={() => setDeclining(true)}>
            {t.workspaces.decline}
          </Button>
          <Button small look="primary" aria-label={t.workspaces.acceptOf(workspace_name)} busy={accept.busy} onClick={() => accept.run(id)}>
            {t.workspaces.accept}
          </Button>
        </div>
      </div>
      {accept.error && <LimitReached error={accept.error} />}
      {isFailure(accept.error) && accept.error.status === 402 && <p className="text-sm">{t.workspaces.full}</p>}
      <Confirm open={declining} onClose={() => setDeclining(false)} title={t.workspaces.declineTitle} action={t.workspaces.decline} busy={decline.busy} error={decline.error} onConfirm={() => decline.run(id)}>
        <p>
          <strong>
            <Name>{workspace_name}</Name>
          </strong>
        </p>
        <p>{t.workspaces.declineLead}</p>
      </Confirm>
    </li>
  );
}
