// Billing: the plan, what is used of it, the plans there are, and what was paid.

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import type { Interval } from "../api/queries/billing";
import { subscriptionQuery } from "../api/queries/subscription";
import { workspaceQuery } from "../api/queries/workspaces";
import type { Plan } from "../api/types";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { useText } from "../text";
import { Attention } from "./billing/attention";
import { isSold } from "./billing/back";
import { Invoices, Reversals } from "./billing/invoices";
import { Plans } from "./billing/plans";
import { Returned } from "./billing/returned";
import { Summary } from "./billing/summary";
import { Usage } from "./billing/usage";

// The dialog is a file of its own, loaded while people read.
const dialog = () => import("./billing/change");
const Change = lazy(() => dialog().then(({ Change }) => ({ default: Change })));

export function Billing() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/billing" });
  const search = useSearch({ from: "/inside/w/$ws/settings/billing" });
  const navigate = useNavigate({ from: "/w/$ws/settings/billing" });
  const { data: head } = useQuery(workspaceQuery(ws));
  const { data: paid, error, refetch } = useQuery(subscriptionQuery(ws));
  const [chosen, setChosen] = useState<{ plan: Plan; interval: Interval }>();
  // What Stripe's page said when this page opened; its parameters leave the address once they are dealt with.
  const [returned, setReturned] = useState(search.checkout === "success" ? { plan: search.plan } : undefined);
  const [left] = useState(
    search.checkout === "cancelled" ? { ...(isSold(search.plan) && { plan: search.plan }), ...(search.interval && { interval: search.interval }) } : undefined,
  );
  useEffect(() => void dialog().catch(() => undefined), []);
  const zone = head?.timezone ?? "UTC";
  const interval = search.interval ?? paid?.interval ?? "month";
  const settle = () => void navigate({ search: {}, replace: true, resetScroll: false });
  return (
    <Page title={t.shell.billing} lead={head && t.billing.lead(zone)}>
      {returned && <Returned ws={ws} plan={returned.plan} onDone={settle} onClose={() => setReturned(undefined)} />}
      {error && !paid ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : paid ? (
        <>
          <div className="grid gap-3 empty:hidden">
            <Attention ws={ws} zone={zone} paid={paid} {...(left && { left })} />
          </div>
          <Summary ws={ws} zone={zone} paid={paid} onCancel={() => setChosen({ plan: "free", interval })} />
        </>
      ) : (
        <Skeleton className="h-56" />
      )}
      <Usage ws={ws} zone={zone} />
      {!paid && !error && <Skeleton className="h-[42rem]" />}
      {paid && (
        <>
          <Plans ws={ws} paid={paid} interval={interval} wanted={returned || left ? undefined : search.plan} onChoose={(plan) => setChosen({ plan, interval })} />
          <Suspense>
            <Change ws={ws} zone={zone} paid={paid} plan={chosen?.plan} interval={chosen?.interval ?? interval} onClose={() => setChosen(undefined)} />
          </Suspense>
        </>
      )}
      <Invoices ws={ws} zone={zone} />
      <Reversals ws={ws} zone={zone} />
    </Page>
  );
}
