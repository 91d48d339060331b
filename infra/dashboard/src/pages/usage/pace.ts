// How long the limit of a monthly meter lasts. Pure functions.

import type { DayUsage } from "../../api/usage/days";
import type { Period } from "../../api/usage/months";

const DAY = 86_400_000;
/** A rate is of so many days: each day of the week counts once. */
export const WINDOW = 7;

/** The amount of a day, and over how many days it was measured; without their number, since the month began. */
interface Rate {
  perDay: number;
  days: number | undefined;
}

export type Pace =
  | { kind: "none" }
  /** There is less than a day to measure. */
  | { kind: "early" }
  | { kind: "full"; over: number }
  | ({ kind: "fills"; at: number } & Rate)
  /** `total` is what is used when the count resets. */
  | ({ kind: "lasts"; total: number } & Rate);

export interface Measured {
  used: number;
  limit: number | null | undefined;
  period: Period;
  /** Days are counted from then on. */
  since: string;
  days: readonly DayUsage[];
  now: number;
}

/** The days of the last week, or those since the month or the counting of days began. */
function rateOf({ used, period, since, days, now }: Measured): Rate | undefined {
  const start = Date.parse(period.start);
  const counted = Math.max(start, Date.parse(since));
  const week = Math.floor(now / DAY) * DAY - (WINDOW - 1) * DAY;
  const from = Math.max(counted, week);
  if (now - from < DAY) return undefined;
  const first = new Date(from).toISOString().slice(0, 10);
  const amount = from === start ? used : days.reduce((sum, day) => (day.date >= first ? sum + day.used : sum), 0);
  return { perDay: (amount / (now - from)) * DAY, days: from === start ? undefined : Math.ceil((now - from) / DAY) };
}

export function paceOf(measured: Measured): Pace {
  const { used, limit, period, now } = measured;
  if (limit != null && used >= limit) return { kind: "full", over: used - limit };
  if (used === 0) return { kind: "none" };
  const rate = rateOf(measured);
  if (!rate) return { kind: "early" };
  const end = Date.parse(period.end);
  const at = limit == null ? Infinity : now + ((limit - used) / rate.perDay) * DAY;
  if (at < end) return { kind: "fills", at, ...rate };
  return { kind: "lasts", total: Math.round(used + (rate.perDay * (end - now)) / DAY), ...rate };
}

/** The amount of a day with which the limit lasts exactly until the count resets. */
export function evenShare(limit: number | null | undefined, { start, end }: Period): number | undefined {
  return limit ? limit / ((Date.parse(end) - Date.parse(start)) / DAY) : undefined;
}

export interface DaySlot {
  date: string;
  /** Missing before days were counted, and for days to come. */
  used: number | undefined;
  isToday: boolean;
}

/** Every day in UTC that the month touches, oldest first. */
export function daySlots({ start, end }: Period, days: readonly DayUsage[], now: number): DaySlot[] {
  const used = new Map(days.map((day) => [day.date, day.used]));
  const today = new Date(now).toISOString().slice(0, 10);
  const slots: DaySlot[] = [];
  for (let at = Math.floor(Date.parse(start) / DAY) * DAY; at < Date.parse(end); at += DAY) {
    const date = new Date(at).toISOString().slice(0, 10);
    slots.push({ date, used: used.get(date), isToday: date === today });
  }
  return slots;
}

/** The height of the chart: the largest value, or the largest mark if it is not much larger. */
export function scaleOf(values: readonly (number | undefined)[], marks: readonly (number | undefined)[]): number {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  const near = marks.filter((mark) => mark !== undefined && mark <= largest * 2).map((mark) => mark ?? 0);
  return Math.max(largest, ...near);
}
