// Parts of the dialogs that order something: its cost and effects before the click, and its outcome after it.

import { useOffers } from "../../api/queries/catalogue";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { AddonChange, OverLimit, PlanChange, Preview } from "../../api/queries/billing";
import { Button } from "../../kit/button";
import { DialogActions } from "../../kit/dialog";
import { AskOwner } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { day, money } from "../../text/format";
import { counted, ToStripe, useStripe } from "./parts";

/** The answer to an order of a plan or of an add-on. */
type Ordered = PlanChange & Pick<AddonChange, "effective_at">;

/** The sentences for the outcomes of a change. */
interface Words {
  applied: string;
  scheduled: (day: string) => string;
  pendingLead: string;
}

/** The outcome of an order: the dialog closes with a sentence, Stripe's page opens, or a notice takes the place of the order. */
export function useOutcome(zone: string, onClose: () => void) {
  const t = useText();
  const stripe = useStripe();
  const [waits, setWaits] = useState<{ title: string; lead: string }>();
  const done = (sentence: string) => {
    toast(sentence);
    onClose();
  };
  const recorded = () => setWaits({ title: t.billing.command.pending, lead: t.billing.command.pendingLead });
  const follow = (change: Ordered, words: Words) => {
    if (change.status === "applied") return done(words.applied);
    if (change.status === "processing") return recorded();
    if (change.scheduled_upgrade) {
      return setWaits({ title: words.scheduled(day(change.scheduled_upgrade.effective_at, zone)), lead: t.billing.change.atRenewal });
    }
    if (change.status === "scheduled") {
      const at = change.effective_at ?? change.scheduled_downgrade?.effective_at;
      return done(words.scheduled(at ? day(at, zone) : ""));
    }
    const page = change.action_url ?? change.checkout_url;
    if (page) stripe.go(page);
    else setWaits({ title: t.billing.returned.pending, lead: words.pendingLead });
  };
  return { stripe, waits, done, recorded, follow };
}

export type Outcome = ReturnType<typeof useOutcome>;

/** The reason for which an order cannot be sent: the person may not send it, or its preview is missing. */
export function useOrderable(ws: string) {
  const t = useText();
  const why = useAccess(ws)("manage_billing");
  return ({ data, error, isFetching }: UseQueryResult): string | undefined => why ?? (data ? undefined : error && !isFetching ? t.billing.change.noPreview : t.billing.change.wait);
}

/** An order from top to bottom; once it was sent and waits for something, a notice. `actions` are its buttons. */
export function OrderForm({ ws, outcome, error, onClose, actions, children }: {
  ws: string;
  outcome: Outcome;
  /** Of the order that was sent. */
  error: unknown;
  onClose: () => void;
  actions: ReactNode;
  children: ReactNode;
}) {
  const t = useText();
  const why = useAccess(ws)("manage_billing");
  if (outcome.waits) {
    return (
      <>
        <Notice tone="warn" live title={outcome.waits.title}>
          {outcome.waits.lead}
        </Notice>
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {t.common.close}
          </Button>
        </DialogActions>
      </>
    );
  }
  return (
    <>
      {children}
      {why && (
        <p className="text-sm text-soft">
          {why} <AskOwner workspace={ws} />
        </p>
      )}
      {error ? <Problem error={error} /> : null}
      <ToStripe address={outcome.stripe.address} />
      <DialogActions>{actions}</DialogActions>
    </>
  );
}

/** Shows a preview, a placeholder until it is loaded, or the reason for which it failed. */
export function Previewed<P>({ query: { data, error, refetch }, children }: { query: UseQueryResult<P>; children: (preview: P) => ReactNode }) {
  if (data !== undefined) return children(data);
  return error ? <Problem error={error} retry={() => void refetch()} /> : <Skeleton className="h-44" />;
}

/** The amounts due now and in each following period, and the time at which the change takes effect. */
export function Cost({ zone, preview, then, label }: {
  zone: string;
  preview: Pick<Preview, "amount_due_now" | "currency" | "effective_at">;
  /** The amount of each following period. */
  then: string;
  label: string;
}) {
  const t = useText();
  const { amount_due_now: due, currency, effective_at } = preview;
  return (
    <dl className="divide-y divide-line rounded-lg border border-line">
      <Row label={t.billing.change.dueNow} strong>
        {money(due, currency)}
      </Row>
      <Row label={label}>{then}</Row>
      <Row label={t.billing.change.when}>
        {effective_at ? <time dateTime={effective_at}>{day(effective_at, zone)}</time> : due > 0 ? t.billing.change.oncePaid : t.billing.change.atOnce}
      </Row>
    </dl>
  );
}

function Row({ label, strong, children }: { label: string; strong?: boolean; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5">
      <dt className="text-sm text-soft">{label}</dt>
      <dd className={strong ? "text-lg font-semibold tabular-nums" : "font-medium tabular-nums"}>{children}</dd>
    </div>
  );
}

/** The usage that would exceed its limits, under a heading. */
export function OverLimits({ ws, title, over }: { ws: string; title: string; over: OverLimit[] }) {
  if (over.length === 0) return null;
  return (
    <section className="grid gap-3 rounded-lg border border-warn/40 bg-warn-soft p-4">
      <h3 className="font-medium">{title}</h3>
      <ul className="grid gap-3">
        {over.map((one) => (
          <li key={one.resource} className="text-sm">
            <Over ws={ws} {...one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Usage over a limit, and its effect. */
function Over({ ws, resource, used, limit, effect, effect_code }: OverLimit & { ws: string }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const codes = t.billing.over.codes as Record<string, string | undefined>;
  const shown = (value: number) => counted(resource, value);
  return (
    <>
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{catalogue.meter(resource)}</span>
        <span className="tabular-nums">{t.billing.over.of(shown(used), shown(limit))}</span>
      </p>
      <p className="text-soft">{codes[effect_code] ?? effect}</p>
    </>
  );
}
