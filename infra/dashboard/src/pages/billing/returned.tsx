// Back from Stripe: the workspace is compared with Stripe once, so that nobody waits for an event.

import { useOffers } from "../../api/queries/catalogue";
import { useEffect, useRef } from "react";
import { useSend } from "../../api/send";
import { sync } from "../../api/queries/billing";
import { Button } from "../../kit/button";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Spinner } from "../../kit/spinner";
import { useText } from "../../text";
import { forgetPage } from "./back";
import { outcome } from "./facts";

export function Returned({ ws, plan, onDone, onClose }: { ws: string; plan: string | undefined; onDone: () => void; onClose: () => void }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const look = useSend(
    (_: null, key) => sync(ws, key),
    (found) => {
      if (outcome(found, plan) === "paid") forgetPage(ws);
      onDone();
    },
  );
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    look.run(null);
  });
  if (look.error) {
    return (
      <div className="grid gap-3">
        <Notice
          tone="warn"
          title={t.billing.returned.failed}
          actions={
            <Button small look="primary" busy={look.busy} onClick={() => look.run(null)}>
              {t.billing.lookAgain}
            </Button>
          }
        >
          {t.billing.returned.failedLead}
        </Notice>
        <Problem error={look.error} />
      </div>
    );
  }
  if (!look.data) {
    return (
      <Notice>
        <p role="status" className="flex min-h-8 items-center gap-3">
          <Spinner /> {t.billing.returned.looking}
        </p>
      </Notice>
    );
  }
  if (outcome(look.data, plan) === "paid") {
    return (
      <Notice tone="good" live title={t.billing.returned.paid(catalogue.plan(look.data.plan))} actions={<Button small look="quiet" onClick={onClose}>{t.common.close}</Button>}>
        {look.data.status === "trialing" ? t.billing.returned.trialLead : t.billing.returned.paidLead}
      </Notice>
    );
  }
  return (
    <Notice
      tone="warn"
      live
      title={t.billing.returned.pending}
      actions={
        <>
          <Button small look="primary" busy={look.busy} onClick={() => look.run(null)}>
            {t.billing.lookAgain}
          </Button>
          <Button small look="quiet" onClick={onClose}>
            {t.common.close}
          </Button>
        </>
      }
    >
      {t.billing.returned.pendingLead}
    </Notice>
  );
}
