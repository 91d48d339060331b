// What is to be done about billing now, each with the action that ends it.

import { useOffers } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { trusted } from "../../api/address";
import { useSend } from "../../api/send";
import { billingQuery, checkOut, openCheckoutQuery, portal, resume, sync, type Subscription } from "../../api/queries/billing";
import { Button } from "../../kit/button";
import { AskOwner } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { day, moment, money } from "../../text/format";
import { backFromStripe, forgetPage, keepPage, keptPage, type Wanted } from "./back";
import { isSubscribed, scheduledAddons, startsOver, waitingAddons, waitsForAddons, type AddonChange } from "./facts";
import { NewTab, ToStripe, useStripe } from "./parts";

export function Attention({ ws, zone, paid, left }: { ws: string; zone: string; paid: Subscription; left?: Partial<Wanted> }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const { status } = paid;
  const addons = scheduledAddons(paid);
  const kept = t.billing.kept(catalogue.plan(paid.plan));
  if (!isSubscribed(paid)) {
    if (catalogue.isContract(paid.plan)) return <Notice title={t.billing.contract.title}>{t.billing.contract.lead}</Notice>;
    return (
      <>
        <Command paid={paid} />
        <OpenPage ws={ws} left={left} />
      </>
    );
  }
  return (
    <>
      {catalogue.isContract(paid.plan) && (
        <Notice tone="warn" title={t.billing.contract.both}>
          {t.billing.contract.bothLead}
        </Notice>
      )}
      <Command paid={paid} />
      {paid.payment_pending && <OnItsWay ws={ws} />}
      {paid.pending_change && <Pending ws={ws} zone={zone} paid={paid} change={paid.pending_change} />}
      {paid.collection_paused && <Notice title={t.billing.collectionPaused.title}>{t.billing.collectionPaused.lead}</Notice>}
      {!paid.payment_pending && (status === "past_due" || status === "unpaid" || status === "incomplete" || status === "paused") && (
        <Due ws={ws} paid={paid} tone={paid.grace_until ? "warn" : "bad"} title={t.billing.due[status]}>
          {paid.grace_until ? t.billing.banner.graceUntil(day(paid.grace_until, zone)) : t.billing.dueLead[status]}
        </Due>
      )}
      {paid.cancel_at && (
        <Undo ws={ws} title={t.billing.banner.ends(day(paid.cancel_at, zone))} action={t.billing.resume(catalogue.plan(paid.plan))} kept={kept}>
          {t.billing.banner.endsLead(catalogue.free && catalogue.plan(catalogue.free))}
        </Undo>
      )}
      {!paid.cancel_at && paid.scheduled_plan && paid.current_period_end && (
        <Undo
          ws={ws}
          title={
            paid.scheduled_plan === paid.plan
              ? t.billing.scheduledInterval(day(paid.current_period_end, zone))
              : t.billing.scheduled(catalogue.plan(paid.scheduled_plan), day(paid.current_period_end, zone))
          }
          action={t.billing.keep(catalogue.plan(paid.plan))}
          kept={kept}
        >
          {t.billing.scheduledLead(catalogue.plan(paid.plan))}
        </Undo>
      )}
      {!paid.cancel_at && !paid.scheduled_plan && addons.length > 0 && paid.current_period_end && (
        <Undo ws={ws} title={t.billing.addons.follows.title(day(paid.current_period_end, zone))} action={t.billing.addons.keepAll} kept={t.billing.addons.kept}>
          <Changed ws={ws} addons={addons} /> {t.billing.addons.follows.lead}
        </Undo>
      )}
    </>
  );
}

/** Something is to be paid: on the open invoice's page, or where the card is changed. */
function Due({ ws, paid, tone, title, children }: { ws: string; paid: Subscription; tone: "warn" | "bad"; title: string; children: ReactNode }) {
  const t = useText();
  const may = useAccess(ws);
  const why = may("manage_billing");
  const { data } = useQuery(billingQuery(ws));
  const page = trusted(paid.payment_url);
  const open = page && data?.recent_invoices?.find((one) => trusted(one.hosted_url) === page);
  const stripe = useStripe();
  const manage = useSend((_: null, key) => portal(ws, key, location.href.split(/[?#]/)[0] ?? ""), stripe.go);
  const again = useSend((_: null, key) => sync(ws, key), () => toast(t.billing.looked));
  return (
    <>
      <Notice
        tone={tone}
        title={title}
        actions={
          <>
            {page && !why ? (
              <NewTab address={page} look="primary">
                {t.billing.payNow}
              </NewTab>
            ) : (
              <Button small look="primary" why={why} busy={manage.busy} onClick={() => manage.run(null)}>
                {t.billing.payNow}
              </Button>
            )}
            <Button small why={may("sync_billing")} busy={again.busy} onClick={() => again.run(null)}>
              {t.billing.lookAgain}
            </Button>
          </>
        }
      >
        {open && <>{t.billing.isDue(money(open.amount_due, open.currency))} </>}
        {children} {startsOver(paid) && t.billing.startOver} {why && <AskOwner workspace={ws} />}
      </Notice>
      {(manage.error ?? again.error) && <Problem error={manage.error ?? again.error} />}
      <ToStripe address={stripe.address} />
    </>
  );
}

/** A command that Stripe has not answered, or has refused later. */
function Command({ paid }: { paid: Subscription }) {
  const t = useText();
  const last = paid.last_command;
  if (last?.status === "pending") {
    return (
      <Notice live title={t.billing.command.pending}>
        {t.billing.command.pendingLead}
      </Notice>
    );
  }
  const recent = last && Date.now() - Date.parse(last.given_at) < 3_600_000;
  if (!recent || last.status !== "refused") return null;
  const why = t.problems[last.code as keyof typeof t.problems] ?? "";
  return (
    <Notice tone="warn" title={t.billing.command.refused}>
      {t.billing.command.refusedLead} {why}
    </Notice>
  );
}

/** The first payment is on its way, for example as a bank debit. */
function OnItsWay({ ws }: { ws: string }) {
  const t = useText();
  const again = useSend((_: null, key) => sync(ws, key), () => toast(t.billing.looked));
  return (
    <>
      <Notice
        title={t.billing.onItsWay.title}
        actions={
          <Button small why={useAccess(ws)("sync_billing")} busy={again.busy} onClick={() => again.run(null)}>
            {t.billing.lookAgain}
          </Button>
        }
      >
        {t.billing.onItsWay.lead}
      </Notice>
      {again.error && <Problem error={again.error} />}
    </>
  );
}

/** A change that waits for its payment: it is paid on its page, or taken back. */
function Pending({ ws, zone, paid, change }: { ws: string; zone: string; paid: Subscription; change: NonNullable<Subscription["pending_change"]> }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const why = useAccess(ws)("manage_billing");
  const plan = catalogue.plan(paid.plan);
  const until = moment(change.expires_at, zone);
  const addons = waitsForAddons(paid);
  const words = addons
    ? { title: t.billing.addons.waiting.title, lead: t.billing.addons.waiting.lead(until), keep: t.billing.addons.keepAll, kept: t.billing.addons.kept }
    : { title: t.billing.pendingChange.title(catalogue.plan(change.plan)), lead: t.billing.pendingChange.lead(plan, until), keep: t.billing.keep(plan), kept: t.billing.kept(plan) };
  const back = useSend((_: null, key) => resume(ws, key), () => toast(words.kept));
  return (
    <>
      <Notice
        tone="warn"
        title={words.title}
        actions={
          <>
            {!why && (
              <NewTab address={change.url} look="primary">
                {t.billing.payNow}
              </NewTab>
            )}
            <Button small why={why} busy={back.busy} onClick={() => back.run(null)}>
              {words.keep}
            </Button>
          </>
        }
      >
        {addons && <Changed ws={ws} addons={waitingAddons(paid)} />} {words.lead} {why && <AskOwner workspace={ws} />}
      </Notice>
      {back.error && <Problem error={back.error} />}
    </>
  );
}

/** The numbers of units before and after a change of add-ons. */
function Changed({ ws, addons }: { ws: string; addons: AddonChange[] }) {
  const t = useText();
  const catalogue = useOffers(ws);
  return (
    <ul>
      {addons.map(({ addon, next, now }) => (
        <li key={addon}>{t.billing.addons.changed(catalogue.addon(addon), next, now)}</li>
      ))}
    </ul>
  );
}

/** Something is to come, and can be taken back. */
function Undo({ ws, title, action, kept, children }: { ws: string; title: string; action: string; kept: string; children: ReactNode }) {
  const why = useAccess(ws)("manage_billing");
  const back = useSend((_: null, key) => resume(ws, key), () => toast(kept));
  return (
    <>
      <Notice
        title={title}
        actions={
          <Button small look="primary" why={why} busy={back.busy} onClick={() => back.run(null)}>
            {action}
          </Button>
        }
      >
        {children}
      </Notice>
      {back.error && <Problem error={back.error} />}
    </>
  );
}

/** A page at Stripe that waits to be paid, or was just left. The API gives the same page again for the same plan. */
function OpenPage({ ws, left }: { ws: string; left?: Partial<Wanted> }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const why = useAccess(ws)("manage_billing");
  const { data: open } = useQuery(openCheckoutQuery(ws));
  const [dropped, setDropped] = useState(false);
  const stripe = useStripe();
  const kept = keptPage(ws);
  const plan = left?.plan ?? kept?.plan;
  const interval = left?.interval ?? kept?.interval ?? "month";
  const currency = left ? left.currency : kept?.currency;
  const go = useSend((body: Wanted, key) => {
    keepPage(ws, body);
    return checkOut(ws, key, { ...body, ...backFromStripe(ws, body) });
  }, stripe.go);
  if (dropped || (!left && !open)) return null;
  return (
    <>
      <Notice
        title={left ? t.billing.left.title : t.billing.left.open}
        live={Boolean(left)}
        actions={
          <>
            {plan && (
              <Button small look="primary" why={why} busy={go.busy} onClick={() => go.run({ plan, interval, ...(currency && { currency }) })}>
                {t.billing.left.continue(catalogue.plan(plan))}
              </Button>
            )}
            <Button
              small
              look="quiet"
              onClick={() => {
                forgetPage(ws);
                setDropped(true);
              }}
            >
              {t.billing.left.drop}
            </Button>
          </>
        }
      >
        {plan ? t.billing.left.lead : t.billing.left.choose}
      </Notice>
      {go.error && <Problem error={go.error} />}
      <ToStripe address={stripe.address} />
    </>
  );
}
