// Another plan, before the click: what is due now and then, when it comes, and all that would be over its limits.

import { useOffers } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSend } from "../../api/send";
import { cancel, changePlan, checkOut, offersQuery, previewQuery, type Interval, type PlanView, type Preview, type Subscription } from "../../api/queries/billing";
import type { Plan } from "../../api/types";
import { Button } from "../../kit/button";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Problem } from "../../kit/problem";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { day, money } from "../../text/format";
import { backFromStripe, keepPage, type Wanted } from "./back";
import { buys, isEarlier, isSubscribed, offer, startsOver, type Offer } from "./facts";
import { Cost, OrderForm, OverLimits, Previewed, useOrderable, useOutcome } from "./order";

export function Change({ ws, zone, paid, plan, interval, currency, onClose }: {
  ws: string;
  zone: string;
  paid: Subscription;
  plan: Plan | undefined;
  interval: Interval;
  currency: string | undefined;
  onClose: () => void;
}) {
  const t = useText();
  const catalogue = useOffers(ws);
  const { data } = useQuery(offersQuery(ws));
  // The order as it was when the dialog opened: what is read meanwhile does not change its words.
  const [at, setAt] = useState<{ plan: Plan; offered: Offer; paid: Subscription }>();
  const wanted = data?.plans.find((view) => view.plan === plan);
  if (wanted && data && at?.plan !== plan) setAt({ plan: wanted.plan, offered: offer(wanted, interval, paid), paid });
  if (!plan && at) setAt(undefined);
  const name = plan ? catalogue.plan(plan) : "";
  const title = !at || !plan
    ? ""
    : at.offered === "cancel"
      ? startsOver(at.paid) ? t.billing.offer.cancel : t.billing.change.cancel(catalogue.plan(at.paid.plan))
      : at.offered === "downgrade"
        ? t.billing.change.downgrade(name)
        : at.offered === "interval"
          ? t.billing.change.interval[interval]
          : at.offered === "upgrade"
            ? t.billing.change.upgrade(name)
            : t.billing.change.buy(name);
  return (
    <Dialog open={plan !== undefined && at !== undefined} onClose={onClose} title={title}>
      {at && data && <Order key={`${at.plan} ${interval}`} {...{ ws, zone, interval, currency, onClose }} {...at} plans={data.plans} />}
    </Dialog>
  );
}

/** The end of a subscription whose successor the catalogue does not list: nothing of it can be compared. */
export function End({ ws, zone, paid, open, onClose }: { ws: string; zone: string; paid: Subscription; open: boolean; onClose: () => void }) {
  const t = useText();
  const name = useOffers(ws).plan(paid.plan);
  const why = useAccess(ws)("manage_billing");
  const at = startsOver(paid) ? undefined : paid.current_period_end;
  const end = useSend(
    () => cancel(ws),
    (found) => {
      toast(found.last_command?.status === "pending" ? t.billing.command.pending : found.cancel_at ? t.billing.banner.ends(day(found.cancel_at, zone)) : t.billing.looked);
      onClose();
    },
  );
  return (
    <Dialog open={open} onClose={onClose} title={at ? t.billing.change.cancel(name) : t.billing.offer.cancel}>
      <p className="text-sm text-soft">{at ? t.billing.change.cancelLead(name) : t.billing.change.endLead}</p>
      {end.error && <Problem error={end.error} />}
      <DialogActions>
        <Button onClick={onClose}>{at ? t.billing.change.stay(name) : t.common.cancel}</Button>
        <Button look="danger" why={why} busy={end.busy} onClick={() => end.run(null)}>
          {at ? t.billing.change.cancelOn(day(at, zone)) : t.billing.cancel.open}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Order({ ws, zone, paid, plan, interval, currency, offered, plans, onClose }: {
  ws: string;
  zone: string;
  paid: Subscription;
  plan: Plan;
  interval: Interval;
  currency: string | undefined;
  offered: Offer;
  plans: PlanView[];
  onClose: () => void;
}) {
  const t = useText();
  const catalogue = useOffers(ws);
  const orderable = useOrderable(ws);
  const name = catalogue.plan(plan);
  const free = catalogue.isFree(plan);
  // The API knows the currency of a subscription.
  const query = useQuery(previewQuery(ws, plan, free ? undefined : interval, free || isSubscribed(paid) ? undefined : currency));
  const preview = query.data;
  const outcome = useOutcome(zone, onClose);
  const order = useSend(async (body: Wanted, key): Promise<void> => {
    const back = backFromStripe(ws, body);
    if (free) {
      const found = await cancel(ws);
      if (found.last_command?.status === "pending") return outcome.recorded();
      return outcome.done(found.cancel_at ? t.billing.banner.ends(day(found.cancel_at, zone)) : t.billing.looked);
    }
    if (buys(paid)) {
      keepPage(ws, body);
      return outcome.stripe.go(await checkOut(ws, key, { ...body, ...back }));
    }
    outcome.follow(await changePlan(ws, { ...body, ...back }), {
      applied: t.billing.change.applied(name),
      scheduled: (day) => t.billing.scheduled(name, day),
      pendingLead: t.billing.returned.pendingLead,
    });
  });
  return (
    <OrderForm
      ws={ws}
      outcome={outcome}
      error={order.error}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{buys(paid) ? t.common.cancel : t.billing.change.stay(catalogue.plan(paid.plan))}</Button>
          <Button
            look={offered === "cancel" ? "danger" : "primary"}
            why={orderable(query)}
            busy={order.busy}
            // What is ordered is what the preview showed.
            onClick={() => order.run({ plan, interval, ...(preview && { currency: preview.currency }) })}
          >
            {preview ? action(preview) : t.billing.change.confirm}
          </Button>
        </>
      }
    >
      <Previewed query={query}>{(preview) => <Meaning {...{ ws, preview, paid, zone, plans, offered }} />}</Previewed>
    </OrderForm>
  );

  function action({ amount_due_now, currency, effective_at }: Preview): string {
    if (offered === "cancel") return effective_at ? t.billing.change.cancelOn(day(effective_at, zone)) : t.billing.cancel.open;
    if (buys(paid)) return t.billing.change.toPayment;
    if (effective_at) return t.billing.change.on(day(effective_at, zone));
    return amount_due_now > 0 ? t.billing.change.pay(money(amount_due_now, currency)) : t.billing.change.confirm;
  }
}

function Meaning({ ws, preview, paid, zone, plans, offered }: { ws: string; preview: Preview; paid: Subscription; zone: string; plans: PlanView[]; offered: Offer }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const { amount_due_now: due, next_amount, currency, effective_at, interval, over_limits, plan } = preview;
  const trial = buys(paid) && offered !== "cancel" && due === 0 && next_amount > 0;
  const then = next_amount > 0 && interval ? t.billing.per[interval](money(next_amount, currency)) : t.billing.noCharge;
  const [now, next] = [plans.find((view) => view.plan === paid.plan), plans.find((view) => view.plan === plan)];
  // What an earlier version has is not in the catalogue.
  const lost = now && next && !isEarlier(now, paid) ? losses(now, next) : [];
  return (
    <div className="grid gap-5">
      <Cost zone={zone} preview={preview} label={t.billing.change.then} then={then} />
      <p className="text-sm text-soft">
        {trial
          ? t.billing.change.trial
          : offered === "cancel"
            ? effective_at
              ? t.billing.change.cancelLead(catalogue.plan(paid.plan))
              : t.billing.change.endLead
            : effective_at
              ? t.billing.change.laterLead(catalogue.plan(paid.plan))
              : buys(paid)
                ? t.billing.change.buyLead
                : t.billing.change.nowLead}
      </p>
      <OverLimits ws={ws} title={t.billing.over.title(over_limits.length, catalogue.plan(plan))} over={over_limits} />
      {lost.length > 0 && (
        <section>
          <h3 className="font-medium">{t.billing.change.also}</h3>
          <ul className="mt-1.5 grid list-disc gap-1 ps-5 text-sm text-soft">
            {lost.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {effective_at && over_limits.length === 0 && offered !== "interval" && <p className="text-sm text-good">{t.billing.over.none}</p>}
    </div>
  );

  /** What is smaller besides what is counted. */
  function losses(now: PlanView, next: PlanView): string[] {
    const lines: string[] = [];
    const [days, fewer] = [now.limits.retention_days ?? Infinity, next.limits.retention_days ?? Infinity];
    if (fewer < days) lines.push(t.billing.change.retention(t.billing.days(fewer)));
    if (now.runtime && !next.runtime) lines.push(t.billing.change.noRuntime);
    if (now.runtime && next.runtime && (next.runtime.memory_mib < now.runtime.memory_mib || next.runtime.cpu_units < now.runtime.cpu_units)) {
      lines.push(t.billing.change.runtime(t.billing.size(next.runtime.cpu_units / 1024, next.runtime.memory_mib / 1024)));
    }
    for (const feature of now.features) if (!next.features.includes(feature)) lines.push(t.billing.change.without(catalogue.feature(feature)));
    if (next.runtime && next.idle_stop_minutes && next.idle_stop_minutes < (now.idle_stop_minutes ?? Infinity)) {
      lines.push(t.billing.change.idle(next.idle_stop_minutes));
    }
    return lines;
  }
}
