// The texts of this page, whose English is part of it, and how it writes days, months and large numbers.

import type { Period } from "../../api/usage/months";
import { language, usePageText } from "../../text";
import { usage } from "../../text/en/pages/usage";

export function useUsageText(): typeof usage {
  return usePageText("usage", usage);
}

function format(at: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language(), options).format(new Date(at));
}

/** "November 12" of a day in UTC. */
export function dayOf(date: string): string {
  return format(date, { day: "numeric", month: "long", timeZone: "UTC" });
}

/** "Nov 12". */
export function shortDay(date: string): string {
  return format(date, { day: "numeric", month: "short", timeZone: "UTC" });
}

/** "12". */
export function dayNumber(date: string): string {
  return format(date, { day: "numeric", timeZone: "UTC" });
}

/** "Nov", by which no two months in a row are called the same, whatever the zone. */
export function shortMonth({ start }: Period): string {
  return format(start, { month: "short", timeZone: "UTC" });
}

/** "Nov 2026". */
export function monthAndYear({ start }: Period): string {
  return format(start, { month: "short", year: "numeric", timeZone: "UTC" });
}

/** "Nov 1 – Dec 1, 2026". */
export function rangeOf({ start, end }: Period, zone: string): string {
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: zone } as const;
  return new Intl.DateTimeFormat(language(), options).formatRange(new Date(start), new Date(end));
}

/** "5.2K". */
export function compact(value: number): string {
  return new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
}
