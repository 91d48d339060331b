// The plans that are sold, with what can be done about each, and a table of all that they allow.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { trusted } from "../../api/address";
import { plansQuery, type Interval, type PlanView, type Subscription } from "../../api/queries/billing";
import type { LimitName, Plan } from "../../api/types";
import { config } from "../../config";
import { Badge } from "../../kit/badge";
import { Button, buttonClass } from "../../kit/button";
import { cn } from "../../kit/cn";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useAccess } from "../../shell/access";
import { useText, type Text } from "../../text";
import { money, number, price } from "../../text/format";
import { storage } from "./parts";
import { buys, freeMonths, isContract, offer, type Offer } from "./facts";

export function Plans({ ws, paid, interval, wanted, onChoose }: {
  ws: string;
  paid: Subscription;
  interval: Interval;
  wanted: string | undefined;
  onChoose: (plan: Plan) => void;
}) {
  const t = useText();
  const { data, error, refetch } = useQuery(plansQuery);
  const section = useRef<HTMLElement>(null);
  const shown = data !== undefined;
  useEffect(() => {
    if (wanted && shown) section.current?.scrollIntoView({ block: "start" });
  }, [wanted, shown]);
  const sold = data?.plans.filter((view) => view.monthly_price_usd != null);
  const agreed = data?.plans.filter((view) => view.monthly_price_usd == null) ?? [];
  return (
    <section ref={section} aria-labelledby="plans" className="grid min-w-0 scroll-mt-28 grid-cols-1 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="plans" className="text-lg font-semibold">
          {t.billing.plansTitle}
        </h2>
        <Toggle ws={ws} interval={interval} free={freeMonths(data?.plans ?? [])} />
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
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            {sold.map((view) => (
              <PlanCard key={view.plan} ws={ws} view={view} paid={paid} interval={interval} offered={offer(view, interval, paid, data.plans)} wanted={view.plan === wanted} onChoose={onChoose} />
            ))}
          </ul>
          {agreed.map((view) => (
            <Agreed key={view.plan} view={view} paid={paid} wanted={view.plan === wanted} />
          ))}
          <Compare plans={data.plans} current={paid.plan} />
        </>
      )}
    </section>
  );
}

function Toggle({ ws, interval, free }: { ws: string; interval: Interval; free: number }) {
  const t = useText();
  return (
    <div role="group" aria-label={t.billing.interval} className="inline-flex rounded-lg border border-line bg-panel p-0.5 text-sm">
      {(["month", "year"] as const).map((one) => (
        <Link
          key={one}
          from="/w/$ws/settings/billing"
          to="."
          params={{ ws }}
          search={(now) => ({ ...now, interval: one })}
          replace
          resetScroll={false}
          activeProps={{}}
          aria-current={one === interval ? "true" : undefined}
          className="rounded-md px-3 py-1.5 font-medium text-soft hover:text-ink aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent"
        >
          {t.billing[one]}
          {one === "year" && free > 0 && <span className="ms-1.5 text-good">{t.billing.free(free)}</span>}
        </Link>
      ))}
    </div>
  );
}

function PlanCard({ ws, view, paid, interval, offered, wanted, onChoose }: {
  ws: string;
  view: PlanView;
  paid: Subscription;
  interval: Interval;
  offered: Offer;
  wanted: boolean;
  onChoose: (plan: Plan) => void;
}) {
  const t = useText();
  const may = useAccess(ws);
  const name = t.billing.plans[view.plan];
  const inForce = paid.plan === view.plan;
  const whole = (interval === "year" ? view.yearly_price_usd : view.monthly_price_usd) ?? 0;
  const recommended = wanted && offered !== "current" && offered !== "scheduled" && offered !== "waiting";
  return (
    <li className={cn("relative flex flex-col rounded-xl border bg-panel p-5", recommended ? "border-accent ring-1 ring-accent" : "border-line")}>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-2">
        <h3 className="text-lg font-semibold">{name}</h3>
        {inForce ? <Badge tone="good">{t.billing.current}</Badge> : offered === "scheduled" ? <Badge>{t.billing.next.follows}</Badge> : null}
      </div>
      {recommended && (
        <span className="absolute start-5 -top-3.5">
          <Badge tone="accent">{t.billing.recommended}</Badge>
        </span>
      )}
      <p className="mt-3 flex items-baseline gap-1.5">
        <span className="text-3xl font-semibold tracking-tight tabular-nums">{price(whole)}</span>
        {whole > 0 && <span className="text-sm text-soft">{t.billing.perShort[interval]}</span>}
      </p>
      <p className="mt-1 text-sm text-soft empty:hidden sm:min-h-5 sm:empty:block">{whole > 0 && interval === "year" ? t.billing.aMonth(money(Math.round((whole * 100) / 12))) : whole === 0 ? t.billing.forever : ""}</p>
      <ul className="mt-4 mb-5 grid gap-1.5 text-sm">
        {highlights(view, t).map((line) => (
          <li key={line} className="flex gap-2">
            <svg viewBox="0 0 12 12" className="mt-1.5 size-3 shrink-0 text-accent" aria-hidden="true">
              <path d="m2 6.5 2.7 2.7L10 3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
            </svg>
            {line}
          </li>
        ))}
      </ul>
      <div className="mt-auto grid">
        <Choice offered={offered} name={name} paid={paid} interval={interval} main={recommended || offered === "upgrade"} why={may("preview_plan")} onClick={() => onChoose(view.plan)} />
      </div>
    </li>
  );
}

/** The one action of a card; where there is none, why. */
function Choice({ offered, name, paid, interval, main, why, onClick }: {
  offered: Offer;
  name: string;
  paid: Subscription;
  interval: Interval;
  main: boolean;
  why: string | undefined;
  onClick: () => void;
}) {
  const t = useText();
  const text = t.billing.offer;
  if (offered === "current") return <p className="grid min-h-10 place-items-center text-sm text-soft">{text.current}</p>;
  if (offered === "scheduled" || offered === "keep" || offered === "waiting") return <p className="grid min-h-10 place-items-center text-center text-sm text-soft">{text[offered]}</p>;
  const words = { interval: text.interval[interval], upgrade: text.upgrade(name), downgrade: text.downgrade(name), cancel: text.cancel, buy: text.buy(name), contract: text.contact }[offered];
  return (
    <Button look={main ? "primary" : "plain"} why={why ?? blocked(offered, paid, t)} onClick={onClick}>
      {words}
    </Button>
  );
}

/** Why the plan cannot be changed as things are. Cancelling is always possible. */
function blocked(offered: Offer, paid: Subscription, t: Text): string | undefined {
  if (offered === "cancel") return undefined;
  if (isContract(paid)) return t.billing.contract.why;
  if (paid.next_step === "wait") return t.billing.waitWhy;
  if (buys(paid)) return undefined;
  return paid.status === "active" || paid.status === "trialing" ? undefined : t.common.pastDue;
}

function Agreed({ view, paid, wanted }: { view: PlanView; paid: Subscription; wanted: boolean }) {
  const t = useText();
  const { contact, product } = config();
  const href = contact?.startsWith("mailto:") ? contact : trusted(contact);
  return (
    <div className={cn("flex flex-wrap items-center justify-between gap-4 rounded-xl border bg-panel p-5", wanted ? "border-accent ring-1 ring-accent" : "border-line")}>
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-3">
          <h3 className="text-lg font-semibold">{t.billing.plans[view.plan]}</h3>
          {paid.plan === view.plan ? <Badge tone="good">{t.billing.current}</Badge> : wanted ? <Badge tone="accent">{t.billing.recommended}</Badge> : null}
        </div>
        <p className="mt-1 text-sm text-soft">{t.billing.contract.offer(number(view.runtime.cpu_units / 1024), number(view.runtime.memory_mib / 1024))}</p>
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

function amount(name: LimitName, value: number | null | undefined, t: Text): string {
  if (value == null) return t.common.unlimited;
  return name === "storage_mb" ? storage(value) : name === "retention_days" ? t.billing.days(value) : number(value);
}

function highlights({ limits, runtime }: PlanView, t: Text): string[] {
  const say = t.billing.highlights;
  return [
    say.members(limits.members ?? undefined),
    say.integrations(limits.integrations ?? undefined),
    say.executions(limits.executions ?? undefined),
    say.ai_credits(limits.ai_credits ?? undefined),
    say.storage(limits.storage_mb == null ? undefined : storage(limits.storage_mb)),
    say.runtime(runtime.cpu_units / 1024, runtime.memory_mib / 1024),
  ];
}

function Compare({ plans, current }: { plans: PlanView[]; current: Plan }) {
  const t = useText();
  const rows: [string, (view: PlanView) => string][] = [
    ...(Object.keys(t.billing.compare.limits) as LimitName[]).map((name): [string, (view: PlanView) => string] => [
      t.billing.compare.limits[name],
      ({ limits }) => amount(name, limits[name], t),
    ]),
    [t.billing.compare.runtime, ({ runtime }) => t.billing.size(runtime.cpu_units / 1024, runtime.memory_mib / 1024)],
    [t.billing.compare.idle, ({ idle_stop_minutes }) => t.billing.idle(idle_stop_minutes ?? undefined)],
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
              {plans.map(({ plan }) => (
                <th key={plan} scope="col" className={cn("px-3 py-3 text-end font-semibold last:pe-5", plan === current && "text-accent")}>
                  {t.billing.plans[plan]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, cell]) => (
              <tr key={label} className="border-t border-line">
                <th scope="row" className="px-5 py-2.5 text-start font-normal text-soft">
                  {label}
                </th>
                {plans.map((view) => (
                  <td key={view.plan} className={cn("px-3 py-2.5 text-end last:pe-5", view.plan === current && "font-medium")}>
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
