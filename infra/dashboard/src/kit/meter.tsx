import { number } from "../text/format";
import { cn } from "./cn";

/** A bar with its numbers. `limit` null is no limit. */
export function Meter({ label, used, limit, unit, note }: {
  label: string;
  used: number;
  limit: number | null | undefined;
  unit?: string;
  note?: string;
}) {
  const share = limit ? used / limit : limit === 0 ? 1 : 0;
  const tone = share >= 1 ? "bg-bad" : share >= 0.8 ? "bg-warn-bar" : "bg-accent";
  const suffix = unit ? ` ${unit}` : "";
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-soft tabular-nums">
          {number(used)} / {limit == null ? "∞" : number(limit)}
          {suffix}
        </span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={limit ?? Math.max(used, 1)}
        aria-valuenow={Math.min(used, limit ?? used)}
        aria-valuetext={`${number(used)} / ${limit == null ? "∞" : number(limit)}${suffix}`}
        className="h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div className={cn("h-full rounded-full transition-all", tone)} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      {note && <p className="text-sm text-soft">{note}</p>}
    </div>
  );
}
