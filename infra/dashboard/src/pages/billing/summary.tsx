// The plan in force: its status, what comes next, the card that pays, and the ways to change that.

import { useOffers } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSend } from "../../api/send";
import { billingQuery, portal, type Subscription } from "../../api/queries/billing";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { day, money } from "../../text/format";
import { canCancel, currencies, isSubscribed } from "./facts";
import { Status, ToStripe, usePaidPrice, useStripe } from "./parts";

export function Summary({ ws, zone, paid, onCancel }: { ws: string; zone: string; paid: Subscription; onCancel: () => void }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const may = useAccess(ws);
  const paidPrice = usePaidPrice();
  const { data: config } = useQuery(billingQuery(ws));
  const view = catalogue.plans.find(({ plan }) => plan === paid.plan);
  const stripe = useStripe();
  const manage = useSend((_: null, key) => portal(ws, key, location.href.split(/[?#]/)[0] ?? ""), stripe.go);
  const contract = catalogue.isContract(paid.plan);
  const subscribed = isSubscribed(paid);
  // The catalogue has the prices of the newest version. What is paid may be those of an earlier one.
  const prices = config?.plan_type === paid.plan ? config.pricing.prices : view?.current ? view.prices : [];
  const cost = contract ? t.billing.byContract : paidPrice(prices, paid.interval ?? "month", currencies(paid, config, catalogue.plans).shown, view?.minimum_seats != null);
  const seats = config?.plan_type === paid.plan ? config.pricing.seats : null;
  return (
    <Card>
      <dl className="grid grid-cols-1 gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
        <Fact label={t.billing.plan}>
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 text-xl font-semibold wrap-anywhere">{catalogue.plan(paid.plan)}</span>
            <Status ws={ws} paid={paid} />
          </span>
          <Note>{catalogue.isFree(paid.plan) ? t.billing.noCharge : cost}</Note>
          {seats && (
            <Note>
              {t.billing.paidSeats(seats.paid)} {t.billing.oneMoreSeat(t.billing.per[seats.interval](money(seats.amount, seats.currency)))}
            </Note>
          )}
        </Fact>
        <Next ws={ws} paid={paid} zone={zone} />
        <PayingCard ws={ws} contract={contract && !subscribed} />
      </dl>
      <div className="mt-6 flex flex-wrap gap-2 border-t border-line pt-5">
        <Button onClick={() => manage.run(null)} busy={manage.busy} why={may("manage_billing") ?? (subscribed ? undefined : t.billing.nothingAtStripe)}>
          {t.billing.manage}
        </Button>
        {canCancel(paid) && (
          <Button look="quiet" onClick={onCancel} why={may("manage_billing")}>
            {t.billing.cancel.open}
          </Button>
        )}
      </div>
      <div className="mt-4 grid gap-3 empty:hidden">
        {manage.error && <Problem error={manage.error} />}
        {stripe.address && <ToStripe address={stripe.address} />}
      </div>
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="mt-1">{children}</dd>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <span className="mt-1 block text-sm text-soft">{children}</span>;
}

/** What happens to the plan next, and when. */
function Next({ ws, paid, zone }: { ws: string; paid: Subscription; zone: string }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const end = paid.current_period_end;
  const { label, at, note } = ((): { label: string; at: string | undefined; note?: string } => {
    if (!end) return { label: t.billing.next.payment, at: undefined, note: catalogue.isContract(paid.plan) ? t.billing.next.agreed : t.billing.next.nothing };
    if (paid.grace_until) return { label: t.billing.next.payBy, at: paid.grace_until, note: t.billing.next.payByLead };
    if (paid.status !== "active" && paid.status !== "trialing") return { label: t.billing.next.payment, at: undefined, note: t.billing.next.open };
    if (paid.cancel_at) return { label: t.billing.next.ends, at: paid.cancel_at, note: t.billing.next.thenFree(catalogue.free && catalogue.plan(catalogue.free)) };
    if (paid.scheduled_plan && paid.scheduled_plan !== paid.plan)
      return { label: t.billing.next.changes, at: end, note: t.billing.next.to(catalogue.plan(paid.scheduled_plan)) };
    if (paid.status === "trialing" && paid.trial_end) return { label: t.billing.next.trial, at: paid.trial_end, note: t.billing.next.trialLead };
    return { label: t.billing.next.renews, at: end, note: paid.interval ? t.billing.next.every[paid.interval] : undefined };
  })();
  return (
    <Fact label={label}>
      <span className="text-xl font-semibold">{at ? <time dateTime={at}>{day(at, zone)}</time> : "–"}</span>
      {note && <Note>{note}</Note>}
    </Fact>
  );
}

function PayingCard({ ws, contract }: { ws: string; contract: boolean }) {
  const t = useText();
  const { data, error, refetch } = useQuery(billingQuery(ws));
  const card = data?.payment_method;
  const credit = data?.credit;
  return (
    <Fact label={t.billing.card}>
      {error && !data ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-7 w-40" />
      ) : card ? (
        <>
          <span className="text-xl font-semibold">
            <bdi className="capitalize">{card.brand}</bdi> <span aria-hidden="true">•••• {card.last4}</span>
            <span className="sr-only">{t.billing.cardEnds(card.last4)}</span>
          </span>
          <Note>{t.billing.cardAt(`${String(card.exp_month).padStart(2, "0")}/${card.exp_year}`)}</Note>
        </>
      ) : (
        <>
          <span className="text-xl font-semibold">–</span>
          <Note>{contract ? t.billing.byInvoice : t.billing.noCard}</Note>
        </>
      )}
      {credit && <Note>{credit.amount > 0 ? t.billing.credit(money(credit.amount, credit.currency)) : t.billing.carried(money(-credit.amount, credit.currency))}</Note>}
    </Fact>
  );
}
