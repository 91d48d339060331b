// Leaving, handing over and deleting the workspace.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { activeMembersQuery, deleteWorkspace, leaveWorkspace } from "../../api/queries/general";
import { forget } from "../../api/queries/workspaces";
import { queries, of } from "../../api/query";
import { useSend } from "../../api/send";
import type { Role } from "../../api/types";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Confirm } from "../../kit/confirm";
import { Skeleton } from "../../kit/skeleton";
import { toast } from "../../kit/toasts";
import { accessQuery, useAccess } from "../../shell/access";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { isolated } from "../../text/format";
import { Transfer } from "./transfer";

interface Props {
  workspace: string;
  head: { name: string; member_count: number };
}

export function Danger({ workspace, head }: Props) {
  const t = useText();
  const access = useQuery(accessQuery(workspace));
  const owners = useQuery(ownersQuery(workspace, useRole(workspace)));
  // A reason takes a line. One that comes late would move a button away from the pointer.
  if ([access, owners].some((read) => read.isLoading && read.failureCount === 0)) return <Skeleton className="h-72 rounded-xl" />;
  return (
    <Card title={t.general.danger.title} danger>
      <ul className="-my-4 divide-y divide-line">
        <Leave workspace={workspace} head={head} />
        <HandOver workspace={workspace} head={head} />
        <Remove workspace={workspace} head={head} />
      </ul>
    </Card>
  );
}

/** Its owners, for one of them: the last one may not leave. */
function ownersQuery(workspace: string, role: Role | undefined) {
  return { ...activeMembersQuery(workspace, "owner"), enabled: role === "owner" };
}

function Row({ title, lead, why, children }: { title: string; lead: string; why?: string | undefined; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-medium">{title}</h3>
        <p className="text-sm text-soft">{lead}</p>
        {why && (
          <p aria-hidden="true" className="mt-1 text-sm text-warn">
            {why}
          </p>
        )}
      </div>
      {children}
    </li>
  );
}

function Leave({ workspace, head }: Props) {
  const t = useText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const role = useRole(workspace);
  const { data: owners } = useQuery(ownersQuery(workspace, role));
  const forbidden = useAccess(workspace)("leave_workspace");
  const why = forbidden ?? (role === "owner" && owners?.length === 1 ? t.general.danger.lastOwner : undefined);
  const { run, busy, error } = useSend(
    (workspace: string, key) => leaveWorkspace(workspace, key),
    async () => {
      toast(t.general.danger.left(isolated(head.name)));
      forget(workspace);
      await navigate({ to: "/workspaces" });
      queries.removeQueries({ queryKey: of(workspace) });
    },
  );
  return (
    <Row title={t.general.danger.leave} lead={t.general.danger.leaveLead} why={why}>
      <Button why={why} onClick={() => setAsking(true)}>
        {t.general.danger.leaveAction}
      </Button>
      <Confirm open={asking} onClose={() => setAsking(false)} title={t.general.danger.leaveTitle} action={t.general.danger.leaveAction} danger busy={busy} error={error} onConfirm={() => run(workspace)}>
        <p>{t.general.danger.leaveLead}</p>
      </Confirm>
    </Row>
  );
}

function HandOver({ workspace, head }: Props) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const forbidden = useAccess(workspace)("transfer_ownership");
  const why = forbidden ?? (head.member_count < 2 ? t.general.danger.nobody : undefined);
  return (
    <Row title={t.general.danger.transfer} lead={t.general.danger.transferLead} why={why}>
      <Button why={why} onClick={() => setOpen(true)}>
        {t.general.danger.transferAction}
      </Button>
      <Transfer workspace={workspace} open={open} onClose={() => setOpen(false)} />
    </Row>
  );
}

function Remove({ workspace, head }: Props) {
  const t = useText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const why = useAccess(workspace)("delete_workspace");
  const others = head.member_count - 1;
  const { run, busy, error } = useSend(
    ({ workspace, force }: { workspace: string; force: boolean }) => deleteWorkspace(workspace, force),
    async (receipt) => {
      toast(t.general.danger.removed(isolated(head.name), receipt));
      forget(workspace);
      await navigate({ to: "/workspaces" });
      queries.removeQueries({ queryKey: of(workspace) });
    },
  );
  return (
    <Row title={t.general.danger.remove} lead={t.general.danger.removeLead} why={why}>
      <Button look="danger" why={why} onClick={() => setAsking(true)}>
        {t.general.danger.removeAction}
      </Button>
      <Confirm open={asking} onClose={() => setAsking(false)} title={t.general.danger.removeTitle} action={t.general.danger.removeConfirm(head.member_count)} danger typed={head.name} busy={busy} error={error} onConfirm={() => run({ workspace, force: others > 0 })}>
        <p>{others > 0 ? t.general.danger.removeOthers(others) : t.general.danger.removeAlone}</p>
      </Confirm>
    </Row>
  );
}
