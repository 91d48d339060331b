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
import { useText } from "../../text";
import { isolated } from "../../text/format";

export function DeleteAccount() {
  const t = useText();
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
    <Card title={t.account.remove} lead={t.account.removeLead} danger>
      <div className="grid gap-4">
        {pending && (
          <Notice tone="warn" live title={t.account.removing}>
            <p>{deletion && deletion.blocked_by.length > 0 ? t.account.removingBlocked(deletion.blocked_by.join(", ")) : t.account.removingLead}</p>
          </Notice>
        )}
        <div>
          <Button look="danger" why={pending ? t.account.removing : undefined} onClick={() => setAsking(true)}>
            {t.account.removeAction}
          </Button>
        </div>
      </div>
      <Confirm open={asking} onClose={() => setAsking(false)} title={t.account.removeTitle} action={t.account.removeAction} danger typed={me?.email ?? t.account.removeWord} busy={busy} error={error} onConfirm={() => run(undefined)}>
        <p>{t.account.removeAll}</p>
        <p>{t.account.removeSignIn}</p>
        {kept.length > 0 && (
          <ul className="list-disc ps-5 [overflow-wrap:anywhere]">
            {kept.map(({ id, name, reason }) => (
              <li key={id}>{t.account.removeKept[reason](isolated(name))}</li>
            ))}
          </ul>
        )}
      </Confirm>
    </Card>
  );
}
