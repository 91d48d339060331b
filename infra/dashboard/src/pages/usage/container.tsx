// For how long the container has been running. The API does not add its hours up.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { offersQuery } from "../../api/queries/billing";
import { runtimeQuery, uptime } from "../../api/queries/runtime";
import { buttonClass } from "../../kit/button";
import { Card } from "../../kit/card";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useNow } from "../../kit/time";
import { duration } from "../../text/format";
import { StatusBadge } from "../overview/status";
import { useUsageText } from "./words";

export function Container({ workspace, plan }: { workspace: string; plan: string }) {
  const { container: text } = useUsageText();
  const { data, error, refetch } = useQuery(runtimeQuery(workspace));
  const { data: offers } = useQuery(offersQuery(workspace));
  const clock = useNow(1000);
  const since = data && uptime(data, clock);
  const own = offers?.plans.find((one) => one.plan === plan);
  // A plan without one, and none that runs from before.
  if (data && data.resources.cpu_units == null && data.status === "stopped") return null;
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-3">
          {text.title} {data && <StatusBadge status={data.status} />}
        </span>
      }
      actions={
        <Link to="/w/$ws" params={{ ws: workspace }} hash="container" className={buttonClass("plain", true)}>
          {text.open}
        </Link>
      }
    >
      {error && !data ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-20" />
      ) : (
        <div className="grid gap-4">
          <dl className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
            <Fact name={text.running}>{since === undefined ? <span className="text-base font-normal">{text.off}</span> : duration(since)}</Fact>
            {own && <Fact name={text.idle}>{own.idle_stop_minutes == null ? text.never : text.after(duration(own.idle_stop_minutes * 60))}</Fact>}
          </dl>
          <p className="text-sm text-soft">{text.free}</p>
        </div>
      )}
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="mt-0.5 text-lg font-semibold tabular-nums">{children}</dd>
    </div>
  );
}
