// What is used of a monthly meter, and how long the rest lasts.

import type { Schemas } from "../../api/types";
import { Badge } from "../../kit/badge";
import { load, Track } from "../../kit/meter";
import { day, number } from "../../text/format";
import type { Pace } from "./pace";
import { useUsageText } from "./words";

export interface MonthlyMeter extends Pick<Schemas["EntitledMeter"], "meter" | "title" | "used" | "limit"> {
  resets_at: string;
}

export interface Shown {
  meter: string;
  title: string;
  used: number;
  /** Null is no limit; missing if it is not known. */
  limit: number | null | undefined;
  resets_at: string;
  /** Missing for a month that is over. */
  pace: Pace | undefined;
}

export function Gauge({ title, used, limit, resets_at, pace, zone }: Shown & { zone: string }) {
  const text = useUsageText();
  const state = load(used, limit);
  const [now, then] = usePaceText(pace, limit, (at) => day(at, zone), resets_at);
  return (
    <div className="grid min-w-0 content-start gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <h3 className="font-semibold wrap-anywhere">{title}</h3>
        {state === "near" && <Badge tone="warn">{text.state.near}</Badge>}
        {state === "full" && <Badge tone="bad">{used > (limit ?? used) ? text.state.over : text.state.full}</Badge>}
      </div>
      <p className="flex flex-wrap items-baseline gap-x-1.5">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">{number(used)}</span>
        {limit !== undefined && <span className="text-sm text-soft tabular-nums">{limit === null ? `· ${text.noLimit}` : text.of(number(limit))}</span>}
      </p>
      {limit != null && <Track label={title} used={used} limit={limit} text={text.meter(number(used), number(limit))} />}
      {pace ? (
        <p className="text-sm">
          {now} <span className="text-soft">{then}</span>
        </p>
      ) : (
        <p className="text-sm text-soft">{used === 0 ? text.pace.nonePast : limit ? text.percent(Math.floor((used / limit) * 100)) : null}</p>
      )}
    </div>
  );
}

/** What is expected, and what that was measured by. */
function usePaceText(pace: Pace | undefined, limit: number | null | undefined, dayOf: (at: string) => string, resets_at: string): [string, string?] {
  const { pace: text } = useUsageText();
  const reset = dayOf(resets_at);
  switch (pace?.kind) {
    case undefined:
      return [""];
    case "none":
      return [text.none, limit == null ? undefined : text.resets(reset)];
    case "early":
      return [text.early, limit == null ? undefined : text.resets(reset)];
    case "full":
      return [pace.over > 0 ? text.over(number(pace.over), reset) : text.full(reset)];
    case "fills":
    case "lasts": {
      const count = number(Math.round(pace.perDay));
      const rate = pace.days === undefined ? text.month(count) : text.week(count, pace.days);
      return pace.kind === "fills" ? [text.fills(dayOf(new Date(pace.at).toISOString())), `${rate} ${text.resets(reset)}`] : [text.lasts(number(pace.total), reset), rate];
    }
  }
}
