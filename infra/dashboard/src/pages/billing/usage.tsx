// Everything that the plan counts, against its limits.

import { useQuery } from "@tanstack/react-query";
import type { LimitedResource } from "../../api/types";
import { billingQuery, usageQuery } from "../../api/queries/billing";
import { Card } from "../../kit/card";
import { Meter } from "../../kit/meter";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useText } from "../../text";
import { day, number } from "../../text/format";
import { gigabytes, load } from "./facts";

interface Counted {
  resource: LimitedResource;
  used: number;
  limit?: number | null | undefined;
  resets_at?: string | null;
}

export function Usage({ ws, zone }: { ws: string; zone: string }) {
  const t = useText();
  const usage = useQuery(usageQuery(ws));
  const config = useQuery(billingQuery(ws));
  const seats: Counted[] = config.data
    ? (["members", "integrations"] as const).map((resource) => ({
        resource,
        used: config.data.current_usage[resource],
        limit: config.data.limits[resource],
      }))
    : [];
  const counted: Counted[] = usage.data?.usage.map(({ meter, ...rest }) => ({ resource: meter, ...rest })) ?? [];
  const monthly = counted.filter(({ resets_at }) => resets_at);
  const lasting = counted.filter(({ resets_at }) => !resets_at);
  return (
    <Card title={t.billing.usage.title} lead={!usage.data ? "\u00a0" : t.billing.usage.lead(day(usage.data.usage.find(({ resets_at }) => resets_at)?.resets_at ?? usage.data.period.end, zone))}>
      <div className="grid gap-5">
        {config.error && !config.data && usage.data && <Problem error={config.error} retry={() => void config.refetch()} />}
        {usage.error && !usage.data ? (
          <Problem error={usage.error} retry={() => void usage.refetch()} />
        ) : usage.data ? (
          <>
            <Meters label={t.billing.usage.monthly} items={monthly} zone={zone} />
            <Meters label={t.billing.usage.lasting} items={[...seats, ...lasting]} zone={zone} waiting={config.isPending ? 2 : 0} />
          </>
        ) : (
          <Skeleton className="h-[30rem] sm:h-64" />
        )}
      </div>
    </Card>
  );
}

function Meters({ label, items, zone, waiting = 0 }: { label: string; items: Counted[]; zone: string; waiting?: number }) {
  if (items.length + waiting === 0) return null;
  return (
    <section>
      <h3 className="mb-3 text-sm font-medium text-soft">{label}</h3>
      <ul className="grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-3">
        {Array.from({ length: waiting }, (_, index) => (
          <li key={index}>
            <Skeleton className="h-9" />
          </li>
        ))}
        {items.map((item) => (
          <li key={item.resource}>
            <Counter {...item} zone={zone} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Counter({ resource, used, limit, resets_at, zone }: Counted & { zone: string }) {
  const t = useText();
  const state = load(used, limit);
  const in_gb = resource === "storage_mb";
  const percent = limit ? Math.floor((used / limit) * 100) : 100;
  const resets = resets_at ? ` ${t.billing.usage.resets(day(resets_at, zone))}` : "";
  const note =
    state === "full"
      ? used > (limit ?? used)
        ? t.billing.usage.over(number(in_gb ? gigabytes(used - (limit ?? 0)) : used - (limit ?? 0))) + resets
        : t.billing.usage.full + resets
      : state === "near"
        ? t.billing.usage.near(percent) + resets
        : undefined;
  return (
    <Meter
      label={t.billing.resources[resource]}
      used={in_gb ? gigabytes(used) : used}
      limit={limit == null ? null : in_gb ? gigabytes(limit) : limit}
      {...(in_gb ? { unit: "GB" } : {})}
      {...(note ? { note } : {})}
    />
  );
}
