// Everything that the plan counts, against its limits.

import { useOffers } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import type { Meter as MeterName } from "../../api/types";
import { billingQuery, usageQuery } from "../../api/queries/billing";
import { Card } from "../../kit/card";
import { load, Meter } from "../../kit/meter";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useText } from "../../text";
import { day, gigabytes, number } from "../../text/format";

interface Counted {
  resource: MeterName;
  used: number;
  limit?: number | null | undefined;
  resets_at?: string | null;
}

export function Usage({ ws, zone }: { ws: string; zone: string }) {
  const t = useText();
  const catalogue = useOffers(ws);
  const usage = useQuery(usageQuery(ws));
  const config = useQuery(billingQuery(ws));
  const known = usage.data?.usage.map(({ meter, ...rest }) => ({ resource: meter, ...rest })) ?? [];
  // What is not counted by requests, such as members, has its usage in the overview of billing.
  const others: Counted[] = Object.entries(config.data?.current_usage ?? {})
    .filter(([meter]) => !known.some(({ resource }) => resource === meter))
    .map(([resource, used]) => ({ resource, used, limit: config.data?.limits[resource] }));
  const order = catalogue.meters.map(({ meter }) => meter);
  const place = ({ resource }: Counted) => (order.includes(resource) ? order.indexOf(resource) : order.length);
  const all: Counted[] = [...others, ...known].sort((a, b) => place(a) - place(b));
  const monthly = all.filter(({ resets_at }) => resets_at);
  const lasting = all.filter(({ resets_at }) => !resets_at);
  return (
    <Card title={t.billing.usage.title} lead={!usage.data ? "\u00a0" : t.billing.usage.lead(day(usage.data.usage.find(({ resets_at }) => resets_at)?.resets_at ?? usage.data.period.end, zone))}>
      <div className="grid gap-5">
        {config.error && !config.data && usage.data && <Problem error={config.error} retry={() => void config.refetch()} />}
        {usage.error && !usage.data ? (
          <Problem error={usage.error} retry={() => void usage.refetch()} />
        ) : usage.data ? (
          <>
            <Meters label={t.billing.usage.monthly} items={monthly} ws={ws} zone={zone} />
            <Meters label={t.billing.usage.lasting} items={lasting} ws={ws} zone={zone} waiting={config.isPending ? 2 : 0} />
          </>
        ) : (
          <Skeleton className="h-[30rem] sm:h-64" />
        )}
      </div>
    </Card>
  );
}

function Meters({ label, items, ws, zone, waiting = 0 }: { label: string; items: Counted[]; ws: string; zone: string; waiting?: number }) {
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
            <Counter {...item} ws={ws} zone={zone} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Counter({ resource, used, limit, resets_at, ws, zone }: Counted & { ws: string; zone: string }) {
  const t = useText();
  const catalogue = useOffers(ws);
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
      label={catalogue.meter(resource)}
      used={in_gb ? gigabytes(used) : used}
      limit={limit == null ? null : in_gb ? gigabytes(limit) : limit}
      {...(in_gb ? { unit: "GB" } : {})}
      {...(note ? { note } : {})}
    />
  );
}
