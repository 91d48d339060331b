// Leaving, handing over, exporting and deleting the workspace.

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keepDeletion } from "../../api/deletions/kept";
import { isFailure } from "../../api/failure";
import { activeMembersQuery, deleteWorkspace, leaveWorkspace } from "../../api/queries/general";
import { forget } from "../../api/queries/workspaces";
import { of, queries, readAgain } from "../../api/query";
import { useSend } from "../../api/send";
import type { Role } from "../../api/types";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Confirm } from "../../kit/confirm";
import { Skeleton } from "../../kit/skeleton";
import { toast } from "../../kit/toasts";
import { accessQuery, useAccess } from "../../shell/access";
import { useRole } from "../../shell/role";
import { isolated } from "../../text/format";
import { OwnKeys } from "../team/keys-of";
import { Export } from "./export";
import { Row } from "./row";
import { Transfer } from "./transfer";
import { useDangerText } from "./words";

interface Props {
  workspace: string;
  head: { name: string; member_count: number; timezone: string };
}

export function Danger({ workspace, head }: Props) {
  const text = useDangerText();
  const access = useQuery(accessQuery(workspace));
  const owners = useQuery(ownersQuery(workspace, useRole(workspace)));
  // A reason takes a line. One that comes late would move a button away from the pointer.
  if ([access, owners].some((read) => read.isLoading && read.failureCount === 0)) return <Skeleton className="h-92 rounded-xl" />;
  return (
    <Card title={text.title} danger>
      <ul className="-my-4 divide-y divide-line">
        <Leave workspace={workspace} head={head} />
        <HandOver workspace={workspace} head={head} />
        <Export workspace={workspace} zone={head.timezone} />
        <Remove workspace={workspace} head={head} />
      </ul>
    </Card>
  );
}

/** Its owners, for one of them: the last one may not leave. */
function ownersQuery(workspace: string, role: Role | undefined) {
  return { ...activeMembersQuery(workspace, "owner"), enabled: role === "owner" };
}

function Leave({ workspace, head }: Props) {
  const text = useDangerText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const role = useRole(workspace);
  const { data: owners } = useQuery(ownersQuery(workspace, role));
  const forbidden = useAccess(workspace)("leave_workspace");
  const why = forbidden ?? (role === "owner" && owners?.length === 1 ? text.lastOwner : undefined);
  const { run, busy, error } = useSend(
    (workspace: string, key) => leaveWorkspace(workspace, key),
    async () => {
      toast(text.left(isolated(head.name)));
      forget(workspace);
      await navigate({ to: "/workspaces" });
      queries.removeQueries({ queryKey: of(workspace) });
    },
  );
  return (
    <Row title={text.leave} lead={text.leaveLead} why={why}>
      <Button why={why} onClick={() => setAsking(true)}>
        {text.leaveAction}
      </Button>
      <Confirm open={asking} onClose={() => setAsking(false)} title={text.leaveTitle} action={text.leaveAction} danger busy={busy} error={error} onConfirm={() => run(workspace)}>
        <p>{text.leaveLead}</p>
        {asking && <OwnKeys workspace={workspace} />}
      </Confirm>
    </Row>
  );
}

function HandOver({ workspace, head }: Props) {
  const text = useDangerText();
  const [open, setOpen] = useState(false);
  const forbidden = useAccess(workspace)("transfer_ownership");
  const why = forbidden ?? (head.member_count < 2 ? text.nobody : undefined);
  return (
    <Row title={text.transfer} lead={text.transferLead} why={why}>
      <Button why={why} onClick={() => setOpen(true)}>
        {text.transferAction}
      </Button>
      <Transfer workspace={workspace} open={open} onClose={() => setOpen(false)} />
    </Row>
  );
}

function Remove({ workspace, head }: Props) {
  const text = useDangerText();
  const navigate = useNavigate();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const why = useAccess(workspace)("delete_workspace");
  const others = head.member_count - 1;
  // The receipt opens at once: this page has nothing to show any more when the workspace is deleted.
  useEffect(() => {
    if (asking) void router.preloadRoute({ to: "/deletions/$id", params: { id: "del" } });
  }, [asking, router]);
  const { run, busy, error } = useSend(
    async ({ workspace, force }: { workspace: string; force: boolean }) => {
      try {
        return await deleteWorkspace(workspace, force);
      } catch (error) {
        // Somebody has joined: the dialog asks for their number again.
        if (isFailure(error) && error.code === "workspace_has_members") void readAgain(of(workspace, "head"));
        throw error;
      }
    },
    async (id) => {
      keepDeletion({ id, workspace, name: head.name });
      toast(text.removed(isolated(head.name)));
      forget(workspace);
      await navigate({ to: "/deletions/$id", params: { id } });
      queries.removeQueries({ queryKey: of(workspace) });
    },
  );
  return (
    <Row title={text.remove} lead={text.removeLead} why={why}>
      <Button look="danger" why={why} onClick={() => setAsking(true)}>
        {text.removeAction}
      </Button>
      <Confirm open={asking} onClose={() => setAsking(false)} title={text.removeTitle} action={text.removeConfirm(head.member_count)} danger typed={head.name} busy={busy} error={error} onConfirm={() => run({ workspace, force: others > 0 })}>
        <p>{others > 0 ? text.removeOthers(others) : text.removeAlone}</p>
        <p>{text.removeKeep}</p>
      </Confirm>
    </Row>
  );
}
