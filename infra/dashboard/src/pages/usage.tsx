// What the workspace uses: by day and by month, how long it lasts, and what happens at the limits.

import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { entitlementsQuery } from "../api/queries/billing";
import { workspaceQuery } from "../api/queries/workspaces";
import { of, readAgain } from "../api/query";
import type { Schemas } from "../api/types";
import { Button, buttonClass } from "../kit/button";
import { AskOwner } from "../kit/limit";
import { Notice } from "../kit/notice";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { useAccess } from "../shell/access";
import { Page } from "../shell/page";
import { useText } from "../text";
import { list } from "../text/format";
import { Container } from "./usage/container";
import type { MonthlyMeter } from "./usage/gauge";
import { Lasting } from "./usage/lasting";
import { Limits } from "./usage/limits";
import { Monthly } from "./usage/monthly";
import { useUsageText } from "./usage/words";

export function Usage() {
  const t = useText();
  const text = useUsageText();
  const { ws } = useParams({ from: "/inside/w/$ws/usage" });
  const { month, as } = useSearch({ from: "/inside/w/$ws/usage" });
  const head = useQuery(workspaceQuery(ws));
  const entitled = useQuery(entitlementsQuery(ws));
  const failed = [head, entitled].find(({ error, data }) => error && !data);
  const { data } = entitled;
  const monthly = data?.meters.filter((meter): meter is MonthlyMeter => meter.resets_at != null) ?? [];
  return (
    <Page
      title={t.billing.usage.title}
      lead={data ? text.lead(data.plan.title) : "\u00a0"}
      actions={
        <Button busy={data && entitled.isFetching} onClick={() => void readAgain(of(ws, "entitlements"), of(ws, "usage"), of(ws, "past-usage"), of(ws, "runtime"))}>
          {text.refresh}
        </Button>
      }
    >
      {failed ? (
        <Problem error={failed.error} retry={() => void Promise.all([head.refetch(), entitled.refetch()])} />
      ) : !head.data || !data ? (
        <Waiting />
      ) : (
        <>
          {entitled.error && <Problem error={entitled.error} title={text.monthly.stale} retry={() => void entitled.refetch()} />}
          <Standing workspace={ws} entitled={data} />
          {monthly.length > 0 && <Monthly key={ws} workspace={ws} zone={head.data.timezone} created={head.data.created_at} meters={monthly} month={month} isTable={as === "table"} />}
          <Lasting meters={data.meters.filter(({ resets_at }) => resets_at == null)} />
          <Limits meters={data.meters} />
          <Container workspace={ws} plan={data.plan.name} />
        </>
      )}
    </Page>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-14 rounded-xl" />
      <Skeleton className="h-[42rem] rounded-xl" />
      <Skeleton className="h-64 rounded-xl" />
    </>
  );
}

/** Why nothing more can be used, and the way to more. */
function Standing({ workspace, entitled }: { workspace: string; entitled: Schemas["Entitlements"] }) {
  const t = useText();
  const text = useUsageText();
  const pays = useAccess(workspace)("manage_billing") === undefined;
  const full = entitled.meters.filter(({ used, limit }) => limit != null && limit > 0 && used >= limit);
  const billing = (label: string) =>
    pays && (
      <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} className={buttonClass("primary", true)}>
        {label}
      </Link>
    );
  if (entitled.status === "suspended") return <Notice tone="bad" title={text.refused.suspended}>{t.common.suspended}</Notice>;
  if (entitled.status === "past_due") {
    return (
      <Notice tone="warn" title={text.refused.past_due} actions={billing(t.billing.limit.pay)}>
        {text.refused.past_due_lead} {!pays && <AskOwner workspace={workspace} />}
      </Notice>
    );
  }
  if (full.length === 0) return null;
  return (
    <Notice tone="warn" title={text.full.title(full.length)} actions={billing(text.plans)}>
      {text.full.lead(list(full.map(({ title }) => title)))} {!pays && <AskOwner workspace={workspace} />}
    </Notice>
  );
}
