// Deleting the account, and the deletion while it is pending.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isFailure } from "../../api/failure";
import { deleteMe, deletionQuery, meQuery } from "../../api/queries/me";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Confirm } from "../../kit/confirm";
import { Notice } from "../../kit/notice";
import { isolated } from "../../text/format";
import { useAccountText } from "./words";

export function DeleteAccount() {
  const text = useAccountText();
  const { data: me } = useQuery(meQuery);
  const pending = me?.is_ending ?? false;
  const { data: deletion } = useQuery({ ...deletionQuery, enabled: pending });
  const [asking, setAsking] = useState(false);
  const { run, busy, error } = useSend(
    () => deleteMe(),
    () => setAsking(false),
  );
  const kept = isFailure(error) ? (error.problem.workspaces ?? []) : [];
  return (
    <Card title={text.remove} lead={text.removeLead} danger>
      <div className="grid gap-4">
        {pending && (
          <Notice tone="warn" live title={text.removing}>
            <p>{deletion && deletion.blocked_by.length > 0 ? text.removingBlocked(deletion.blocked_by.join(", ")) : text.removingLead}</p>
          </Notice>
        )}
        <div>
          <Button look="danger" why={pending ? text.removing : undefined} onClick={() => setAsking(true)}>
            {text.removeAction}
          </Button>
        </div>
      </div>
      <Confirm open={asking} onClose={() => setAsking(false)} title={text.removeTitle} action={text.removeAction} danger typed={me?.email ?? text.removeWord} busy={busy} error={error} onConfirm={() => run(undefined)}>
        <p>{text.removeAll}</p>
        <p>{text.removeSignIn}</p>
        {kept.length > 0 && (
          <ul className="list-disc ps-5 [overflow-wrap:anywhere]">
            {kept.map(({ id, name, reason }) => (
              <li key={id}>{text.removeKept[reason](isolated(name))}</li>
            ))}
          </ul>
        )}
      </Confirm>
    </Card>
  );
}
