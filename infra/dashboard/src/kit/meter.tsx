import { number } from "../text/format";
import { cn } from "./cn";

export type Load = "fine" | "near" | "full";

/** From 80 % on a meter says so. `limit` null is no limit. */
export function load(used: number, limit: number | null | undefined): Load {
  if (limit == null) return "fine";
  if (used >= limit) return "full";
  return used >= limit * 0.8 ? "near" : "fine";
}

const tones: Record<Load, string> = { fine: "bg-accent", near: "bg-warn-bar", full: "bg-bad" };

/** A bar with its numbers. `limit` null is no limit. */
export function Meter({ label, used, limit, unit, note }: {
  label: string;
  used: number;
  limit: number | null | undefined;
  unit?: string;
  note?: string;
}) {
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
      <Track label={label} used={used} limit={limit} text={`${number(used)} / ${limit == null ? "∞" : number(limit)}${suffix}`} />
      {note && <p className="text-sm text-soft">{note}</p>}
    </div>
  );
}

/** The bar alone. `text` is what readers say. */
export function Track({ label, used, limit, text }: { label: string; used: number; limit: number | null | undefined; text: string }) {
  const share = limit ? used / limit : limit === 0 ? 1 : 0;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={limit ?? Math.max(used, 1)}
      aria-valuenow={Math.min(used, limit ?? used)}
      aria-valuetext={text}
      className="h-2 overflow-hidden rounded-full bg-sunken"
    >
      <div className={cn("h-full rounded-full transition-all", tones[load(used, limit)])} style={{ width: `${Math.min(100, share * 100)}%` }} />
    </div>
  );
}
