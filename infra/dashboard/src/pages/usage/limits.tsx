// What happens at 80 % and at 100 % of each limit.

import type { ReactNode } from "react";
import type { Schemas } from "../../api/types";
import { Badge } from "../../kit/badge";
import { Card } from "../../kit/card";
import { list } from "../../text/format";
import { useUsageText } from "./words";

type Meter = Schemas["EntitledMeter"];
type Effect = "monthly" | "storage" | "seats" | "additions";

/** The catalogue does not say it; the API decides by the same names. */
const effectOf = ({ meter, resets_at }: Meter): Effect => (resets_at ? "monthly" : meter === "storage_mb" ? "storage" : meter === "members" ? "seats" : "additions");
/** Seats, integrations and API keys are taken by people, one at a time: they are not near a limit before they have reached it. */
const isTaken = ({ meter }: Meter) => ["members", "integrations", "api_keys"].includes(meter);

export function Limits({ meters }: { meters: readonly Meter[] }) {
  const { limits: text } = useUsageText();
  const limited = meters.filter(({ limit }) => limit != null);
  const unlimited = meters.filter(({ limit }) => limit == null);
  const groups = new Map<string, { names: string[]; effect: Effect; isTaken: boolean }>();
  for (const meter of limited) {
    const [effect, taken] = [effectOf(meter), isTaken(meter)];
    const group = groups.get(`${effect} ${taken}`) ?? { names: [], effect, isTaken: taken };
    group.names.push(meter.title);
    groups.set(`${effect} ${taken}`, group);
  }
  return (
    <Card title={text.title} lead={text.lead}>
      <div aria-hidden="true" className="mb-4 hidden gap-x-6 lg:grid lg:grid-cols-[14rem_1fr_1fr]">
        <span className="col-start-2">
          <Badge tone="warn">{text.near}</Badge>
        </span>
        <span>
          <Badge tone="bad">{text.full}</Badge>
        </span>
      </div>
      <ul className="grid gap-5">
        {[...groups.values()].map(({ names, effect, isTaken }) => {
          const notice = isTaken ? text.notice.each : text.notice[effect === "monthly" ? "monthly" : "lasting"];
          return (
            <li key={names[0]} className="grid gap-x-6 gap-y-3 border-t border-line pt-5 first:border-0 first:pt-0 lg:grid-cols-[14rem_1fr_1fr]">
              <h3 className="font-medium wrap-anywhere">{list(names)}</h3>
              <Step badge={<Badge tone="warn">{text.near}</Badge>}>{isTaken ? text.quiet : notice}</Step>
              <Step badge={<Badge tone="bad">{text.full}</Badge>}>
                {text.effect[effect]} {notice}
              </Step>
            </li>
          );
        })}
        {unlimited.length > 0 && <li className="border-t border-line pt-5 text-sm text-soft first:border-0 first:pt-0">{text.unlimited(list(unlimited.map(({ title }) => title)))}</li>}
      </ul>
    </Card>
  );
}

function Step({ badge, children }: { badge: ReactNode; children: ReactNode }) {
  return (
    <div className="grid content-start justify-items-start gap-1.5">
      <span className="lg:sr-only">{badge}</span>
      <p className="text-sm">{children}</p>
    </div>
  );
}
