// Billing: the plan, what is used of it, the plans there are, and what was paid.

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { billingQuery } from "../api/queries/billing";
import { of, readAgain } from "../api/query";
import { subscriptionQuery } from "../api/queries/subscription";
import { workspaceQuery } from "../api/queries/workspaces";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { PrintHead } from "../shell/print-head";
import { useText } from "../text";
import { useOffers } from "../api/queries/catalogue";
import { currencies, intervalsOf } from "./billing/facts";
import { Attention } from "./billing/attention";
import { isPlanName, type Wanted } from "./billing/back";
import { Invoices, Reversals } from "./billing/invoices";
import { Plans } from "./billing/plans";
import { Returned } from "./billing/returned";
import { Summary } from "./billing/summary";
import { Usage } from "./billing/usage";

// The dialog is a file of its own, loaded while people read.
const dialog = () => import("./billing/change");
const Change = lazy(() => dialog().then(({ Change }) => ({ default: Change })));
const End = lazy(() => dialog().then(({ End }) => ({ default: End })));
// Many companies sell no add-ons.
const Addons = lazy(() => import("./billing/addons").then(({ Addons }) => ({ default: Addons })));

export function Billing() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/billing" });
  const search = useSearch({ from: "/inside/w/$ws/settings/billing" });
  const navigate = useNavigate({ from: "/w/$ws/settings/billing" });
  const { data: head } = useQuery(workspaceQuery(ws));
  const { data: paid, error, refetch } = useQuery(subscriptionQuery(ws));
  const [chosen, setChosen] = useState<Wanted>();
  const [ending, setEnding] = useState(false);
  // What Stripe's page said when this page opened; its parameters leave the address once they are dealt with.
  const [returned, setReturned] = useState(search.checkout === "success" ? { plan: search.plan } : undefined);
  const [left] = useState(
    search.checkout === "cancelled" ? { ...(isPlanName(search.plan) && { plan: search.plan }), ...(search.interval && { interval: search.interval }), ...(search.currency && { currency: search.currency }) } : undefined,
  );
  useEffect(() => void dialog().catch(() => undefined), []);
  const zone = head?.timezone ?? "UTC";
  const catalogue = useOffers(ws);
  const intervals = intervalsOf(catalogue.plans);
  const asked = search.interval ?? paid?.interval ?? "month";
  const interval = intervals.length === 0 || intervals.includes(asked) ? asked : (intervals[0] ?? "month");
  const { data: config } = useQuery(billingQuery(ws));
  const currency = paid ? currencies(paid, config, catalogue.plans, search.currency) : { shown: undefined, choices: [] };
  // A plan that comes into force by itself, such as by a recorded command, changes what the others are to the workspace.
  const plan = paid?.plan;
  const before = useRef(plan);
  useEffect(() => {
    if (before.current && plan && before.current !== plan) void readAgain(of(ws, "plans"), of(ws, "billing"), of(ws, "entitlements"));
    before.current = plan;
  }, [ws, plan]);
  const choose = (plan: Wanted["plan"]) => setChosen({ plan, interval, ...(currency.shown && { currency: currency.shown }) });
  const settle = () => void navigate({ search: {}, replace: true, resetScroll: false });
  return (
    <Page title={t.shell.billing} lead={head && t.billing.lead(zone)}>
      {head && <PrintHead name={head.name} zone={zone} />}
      <div className="no-print contents">
        {returned && <Returned ws={ws} plan={returned.plan} onDone={settle} onClose={() => setReturned(undefined)} />}
        {error && !paid ? (
          <Problem error={error} retry={() => void refetch()} />
        ) : paid ? (
          <>
            <div className="grid gap-3 empty:hidden">
              <Attention ws={ws} zone={zone} paid={paid} {...(left && { left })} />
            </div>
            <Summary ws={ws} zone={zone} paid={paid} onCancel={() => (catalogue.free ? choose(catalogue.free) : setEnding(true))} />
          </>
        ) : (
          <Skeleton className="h-56" />
        )}
        <Usage ws={ws} zone={zone} />
        {!paid && !error && <Skeleton className="h-[42rem]" />}
        {paid && (
          <>
            <Plans ws={ws} paid={paid} interval={interval} currency={currency} wanted={returned || left ? undefined : search.plan} onChoose={choose} />
            {catalogue.addons.length + paid.addons.length > 0 && (
              <Suspense fallback={<Skeleton className="h-56" />}>
                <Addons ws={ws} zone={zone} paid={paid} interval={paid.interval ?? interval} currency={currency.shown} />
              </Suspense>
            )}
            <Suspense>
              <Change ws={ws} zone={zone} paid={paid} plan={chosen?.plan} interval={chosen?.interval ?? interval} currency={chosen?.currency} onClose={() => setChosen(undefined)} />
              <End ws={ws} zone={zone} paid={paid} open={ending} onClose={() => setEnding(false)} />
            </Suspense>
          </>
        )}
      </div>
      <Invoices ws={ws} zone={zone} />
      <Reversals ws={ws} zone={zone} />
    </Page>
  );
}
