// The plans that are sold, with what can be done about each, and a table of all that they allow.

import { useOffers, type Catalogue } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { trusted } from "../../api/address";
import { billingQuery, entitlementsQuery, offersQuery, type Interval, type PlanView, type Subscription } from "../../api/queries/billing";
import type { Plan } from "../../api/types";
import { config } from "../../config";
import { Badge } from "../../kit/badge";
import { Button, buttonClass } from "../../kit/button";
import { cn } from "../../kit/cn";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useAccess } from "../../shell/access";
import { bringIntoView } from "../../shell/in-view";
import { useText, type Text } from "../../text";
import { list, money, number, roughly } from "../../text/format";
import { counted } from "./parts";
import { buys, freeMonths, intervalsOf, isEarlier, offer, paidPrice, priceOf, type Currencies, type Offer } from "./facts";

export function Plans({ ws, paid, interval, currency, wanted, onChoose }: {
  ws: string;
  paid: Subscription;
  interval: Interval;
  currency: Currencies;
  wanted: string | undefined;
  onChoose: (plan: Plan) => void;
}) {
  const t = useText();
  const { data, error, refetch } = useQuery(offersQuery(ws));
  const section = useRef<HTMLElement>(null);
  const shown = data !== undefined;
  // The router scrolls to the top when a page has appeared. Plans that another page has read are shown before that.
  const arrived = useRouterState({ select: ({ location, resolvedLocation }) => location.href === resolvedLocation?.href });
  const inView = useRef<string>(undefined);
  useEffect(() => {
    if (!shown || !arrived || inView.current === wanted) return undefined;
    inView.current = wanted;
    return wanted && section.current ? bringIntoView(section.current) : undefined;
  }, [wanted, shown, arrived]);
  const sold = data?.plans.filter((view) => !view.by_contract);
  const agreed = data?.plans.filter((view) => view.by_contract) ?? [];
  const intervals = intervalsOf(data?.plans ?? []);
  const free = freeMonths(data?.plans ?? [], currency.shown);
  return (
    <section ref={section} aria-labelledby="plans" className="grid min-w-0 scroll-mt-28 grid-cols-1 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="plans" className="text-lg font-semibold">
          {t.billing.plansTitle}
        </h2>
        <div className="flex flex-wrap gap-3 empty:hidden">
          {currency.choices.length > 1 && (
            <Toggle label={t.billing.currency} ws={ws} chosen={currency.shown} choices={currency.choices.map((one) => ({ value: one, search: { currency: one }, text: one.toUpperCase() }))} />
          )}
          {intervals.length > 1 && <Toggle label={t.billing.interval} ws={ws} chosen={interval} choices={intervals.map((one) => ({ value: one, search: { interval: one }, text: t.billing[one], ...(one === "year" && free > 0 && { note: t.billing.free(free) }) }))} />}
        </div>
      </div>
      {error && !data ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !data || !sold ? (
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          {[0, 1, 2, 3].map((index) => (
            <Skeleton key={index} className="h-96" />
          ))}
        </div>
      ) : (
        <>
          <ul className={cn("grid grid-cols-1 gap-4", columns(sold.length))}>
            {sold.map((view) => (
              <PlanCard key={view.plan} ws={ws} view={view} paid={paid} interval={interval} currency={currency.shown} offered={offer(view, interval, paid)} wanted={wanted ? view.plan === wanted : view.highlighted} onChoose={onChoose} />
            ))}
          </ul>
          {agreed.map((view) => (
            <Agreed key={view.plan} ws={ws} view={view} paid={paid} wanted={view.plan === wanted} />
          ))}
          <Compare ws={ws} plans={data.plans} />
        </>
      )}
    </section>
  );
}

interface Choosable {
  value: string;
  search: { interval?: Interval; currency?: string };
  text: string;
  note?: string;
}

/** One of a few values, kept in the address. */
function Toggle({ label, ws, chosen, choices }: { label: string; ws: string; chosen: string | undefined; choices: Choosable[] }) {
  return (
    <div role="group" aria-label={label} className="inline-flex flex-wrap rounded-lg border border-line bg-panel p-0.5 text-sm">
      {choices.map(({ value, search, text, note }) => (
        <Link
          key={value}
          from="/w/$ws/settings/billing"
          to="."
          params={{ ws }}
          search={(now) => ({ ...now, ...search })}
          replace
          resetScroll={false}
          activeProps={{}}
          aria-current={value === chosen ? "true" : undefined}
          className="rounded-md px-3 py-1.5 font-medium text-soft hover:text-ink aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent"
        >
          {text}
          {note && <span className="ms-1.5 text-good">{note}</span>}
        </Link>
      ))}
    </div>
  );
}

function PlanCard({ ws, view, paid, interval, currency, offered, wanted, onChoose }: {
  ws: string;
  view: PlanView;
  paid: Subscription;
  interval: Interval;
  currency: string | undefined;
  offered: Offer;
  wanted: boolean;
  onChoose: (plan: Plan) => void;
}) {
  const t = useText();
  const catalogue = useOffers(ws);
  const may = useAccess(ws);
  const name = catalogue.plan(view.plan);
  const inForce = paid.plan === view.plan;
  // At another interval the newest version is bought, also by those who have an earlier one.
  const earlier = isEarlier(view, paid) && !buys(paid) && interval === paid.interval;
  const { data: config } = useQuery(billingQuery(ws));
  const { data: entitled } = useQuery({ ...entitlementsQuery(ws), enabled: earlier });
  const own = config?.plan_type === view.plan ? config.pricing.prices : [];
  const price = earlier ? paidPrice(own, interval, currency) : priceOf(view.prices, interval, currency);
  const others = currency || earlier ? [] : view.prices.filter((one) => one.interval === interval && one !== price);
  const terms = earlier ? { ...view, limits: paid.limits, features: entitled?.features.filter(({ included }) => included).map(({ feature }) => feature) ?? [] } : view;
  const perSeat = view.minimum_seats != null;
  const recommended = wanted && offered !== "current" && offered !== "scheduled" && offered !== "waiting";
  return (
    <li className={cn("relative flex min-w-0 flex-col rounded-xl border bg-panel p-5", recommended ? "border-accent ring-1 ring-accent" : "border-line")}>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-2">
        <h3 className="min-w-0 text-lg font-semibold wrap-anywhere">{name}</h3>
        {inForce ? <Badge tone="good">{t.billing.current}</Badge> : offered === "scheduled" ? <Badge>{t.billing.next.follows}</Badge> : null}
      </div>
      {recommended && (
        <span className="absolute start-5 -top-3.5">
          <Badge tone="accent">{t.billing.recommended}</Badge>
        </span>
      )}
      {view.description && <p className="mt-1 text-sm break-words text-soft">{view.description}</p>}
      <p className="mt-3 flex flex-wrap items-baseline gap-x-1.5">
        <span className="text-3xl font-semibold tracking-tight tabular-nums">{price ? money(price.amount, price.currency) : earlier || view.prices.length > 0 ? "–" : t.billing.noCharge}</span>
        {price && <span className="text-sm text-soft">{perSeat ? t.billing.perSeatShort[interval] : t.billing.perShort[interval]}</span>}
      </p>
      <div className="mt-1 text-sm text-soft empty:hidden sm:min-h-5 sm:empty:block">
        {price && interval === "year" && <p>{t.billing.aMonth(roughly(price.amount / 12, price.currency))}</p>}
        {others.length > 0 && <p>{t.billing.or(list(others.map((one) => money(one.amount, one.currency)), "disjunction"))}</p>}
        {earlier && <p>{t.billing.earlier}</p>}
        {!earlier && perSeat && (view.minimum_seats ?? 0) > 1 && <p>{t.billing.atLeast(view.minimum_seats ?? 0)}</p>}
        {!price && !earlier && view.prices.length > 0 && <p>{t.billing.notAt[interval]}</p>}
        {!earlier && view.prices.length === 0 && <p>{t.billing.forever}</p>}
        {!earlier && view.trial_days != null && view.trial_days > 0 && <p>{t.billing.trialDays(view.trial_days)}</p>}
      </div>
      <ul className="mt-4 mb-5 grid gap-1.5 text-sm">
        {highlights(terms, catalogue, t, !earlier).map((line) => (
          <li key={line} className="flex min-w-0 gap-2 break-words">
            <svg viewBox="0 0 12 12" className="mt-1.5 size-3 shrink-0 text-accent" aria-hidden="true">
              <path d="m2 6.5 2.7 2.7L10 3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
            </svg>
            {line}
          </li>
        ))}
      </ul>
      <div className="mt-auto grid">
        <Choice ws={ws} offered={offered} name={name} paid={paid} interval={interval} main={recommended || offered === "upgrade"} why={may("preview_plan") ?? (price || earlier || view.prices.length === 0 ? undefined : t.billing.notAt[interval])} onClick={() => onChoose(view.plan)} />
      </div>
    </li>
  );
}

/** The one action of a card; where there is none, why. */
function Choice({ ws, offered, name, paid, interval, main, why, onClick }: {
  ws: string;
  offered: Offer;
  name: string;
  paid: Subscription;
  interval: Interval;
  main: boolean;
  why: string | undefined;
  onClick: () => void;
}) {
  const t = useText();
  const catalogue = useOffers(ws);
  const text = t.billing.offer;
  if (offered === "current") return <p className="grid min-h-10 place-items-center text-sm text-soft">{text.current}</p>;
  if (offered === "scheduled" || offered === "keep" || offered === "waiting") return <p className="grid min-h-10 place-items-center text-center text-sm text-soft">{text[offered]}</p>;
  const words = { interval: text.interval[interval], upgrade: text.upgrade(name), downgrade: text.downgrade(name), cancel: text.cancel, buy: text.buy(name), contract: text.buy(name) }[offered];
  return (
    <Button look={main ? "primary" : "plain"} why={why ?? blocked(offered, paid, t, offered === "contract" || catalogue.isContract(paid.plan))} onClick={onClick}>
      {words}
    </Button>
  );
}

/** Why the plan cannot be changed as things are. Cancelling is always possible. */
function blocked(offered: Offer, paid: Subscription, t: Text, contract: boolean): string | undefined {
  if (offered === "cancel") return undefined;
  if (contract) return t.billing.contract.why;
  if (paid.next_step === "wait") return t.billing.waitWhy;
  if (buys(paid)) return undefined;
  return paid.status === "active" || paid.status === "trialing" ? undefined : t.common.pastDue;
}

function Agreed({ ws, view, paid, wanted }: { ws: string; view: PlanView; paid: Subscription; wanted: boolean }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const { contact, product } = config();
  const href = contact?.startsWith("mailto:") ? contact : trusted(contact);
  return (
    <div className={cn("flex flex-wrap items-center justify-between gap-4 rounded-xl border bg-panel p-5", wanted ? "border-accent ring-1 ring-accent" : "border-line")}>
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-3">
          <h3 className="text-lg font-semibold">{catalogue.plan(view.plan)}</h3>
          {paid.plan === view.plan ? <Badge tone="good">{t.billing.current}</Badge> : wanted ? <Badge tone="accent">{t.billing.recommended}</Badge> : null}
        </div>
        {view.description && <p className="mt-1 text-sm break-words text-soft">{view.description}</p>}
        <p className="mt-1 text-sm text-soft">{[...view.features.map(catalogue.feature), container(view, t)].join(" · ")}</p>
      </div>
      {paid.plan !== view.plan &&
        (href ? (
          <a href={href} className={buttonClass()}>
            {t.billing.offer.contact}
          </a>
        ) : (
          <p className="text-sm font-medium">{t.billing.contract.ask(product)}</p>
        ))}
    </div>
  );
}

function columns(plans: number): string {
  if (plans <= 1) return "max-w-md";
  if (plans === 2) return "sm:grid-cols-2";
  return plans % 3 === 0 ? "sm:grid-cols-2 lg:grid-cols-3" : "sm:grid-cols-2 lg:grid-cols-4";
}

/** As many limits as a card names; the table below has all of them. */
const SHOWN = 6;

function container({ runtime }: PlanView, t: Text): string {
  return runtime ? t.billing.container(runtime.cpu_units / 1024, runtime.memory_mib / 1024) : t.billing.noContainer;
}

/** What a card says of a plan: its first limits, its container and its features. */
function highlights(view: PlanView, { meters, feature }: Catalogue, t: Text, withContainer: boolean): string[] {
  const limits = meters
    .filter(({ meter }) => meter in view.limits)
    .slice(0, SHOWN)
    .map(({ meter, title, unit }) => {
      const limit = view.limits[meter];
      if (limit == null) return t.billing.unlimitedOf(title);
      return meter === "storage_mb" ? `${title}: ${counted(meter, limit)}` : `${number(limit)} ${unit || title}`;
    });
  return [...limits, ...(withContainer ? [container(view, t)] : []), ...view.features.map(feature)];
}

function Compare({ ws, plans }: { ws: string; plans: PlanView[] }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const amount = (meter: string, limit: number | null | undefined) => (limit === undefined ? "–" : limit === null ? t.common.unlimited : counted(meter, limit));
  const rows: { key: string; label: string; cell: (view: PlanView) => string }[] = [
    ...catalogue.meters.map(({ meter, title, monthly }) => ({
      key: `meter ${meter}`,
      label: monthly ? t.billing.compare.monthly(title) : title,
      cell: ({ limits }: PlanView) => amount(meter, limits[meter]),
    })),
    {
      key: "retention",
      label: t.billing.compare.retention,
      cell: ({ limits: { retention_days: days } }) => (days == null ? t.common.unlimited : t.billing.days(days)),
    },
    { key: "runtime", label: t.billing.compare.runtime, cell: ({ runtime }) => (runtime ? t.billing.size(runtime.cpu_units / 1024, runtime.memory_mib / 1024) : t.billing.none) },
    { key: "idle", label: t.billing.compare.idle, cell: ({ runtime, idle_stop_minutes }) => (runtime ? t.billing.idle(idle_stop_minutes ?? undefined) : "–") },
    ...catalogue.features.map(({ feature, title }) => ({
      key: `feature ${feature}`,
      label: title,
      cell: ({ features }: PlanView) => (features.includes(feature) ? t.billing.included : "–"),
    })),
  ];
  return (
    <details className="group min-w-0 rounded-xl border border-line bg-panel">
      <summary className="flex list-none items-center justify-between gap-3 rounded-xl px-5 py-3.5 font-medium">
        {t.billing.compare.title}
        <svg viewBox="0 0 12 12" className="size-3 text-soft transition-transform group-open:rotate-180" aria-hidden="true">
          <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </summary>
      <div tabIndex={0} role="region" aria-label={t.billing.compare.title} className="overflow-x-auto border-t border-line">
        <table className="w-full min-w-[44rem] text-sm">
          <thead>
            <tr>
              <th scope="col" className="px-5 py-3 text-start font-medium text-soft">
                {t.billing.compare.what}
              </th>
              {plans.map(({ plan, current }) => (
                <th key={plan} scope="col" className={cn("min-w-28 wrap-anywhere px-3 py-3 text-end font-semibold last:pe-5", current === true && "text-accent")}>
                  {catalogue.plan(plan)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, label, cell }) => (
              <tr key={key} className="border-t border-line">
                <th scope="row" className="px-5 py-2.5 text-start font-normal text-soft">
                  {label}
                </th>
                {plans.map((view) => (
                  <td key={view.plan} className={cn("px-3 py-2.5 text-end last:pe-5", view.current === true && "font-medium")}>
                    {cell(view)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
