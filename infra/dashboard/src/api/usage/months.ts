// The months of metering before the current one. The API has a month for each request and no list of them: a month is found by the day
// before the next one begins.

import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of } from "../query";
import type { Schemas } from "../types";

export type Period = Schemas["UsagePeriod"];
export type MonthUsage = Schemas["WorkspaceUsage"];

/** With the current one, a year. */
export const BEFORE = 11;

const DAY = 86_400_000;

/** The last day in UTC that ends before or with the start of the month: the API takes the month in which a day ends. */
export function dayBefore(start: string): string {
  return new Date(Date.parse(start.slice(0, 10)) - DAY).toISOString().slice(0, 10);
}

/** `count` months earlier, on the same day, or on the last one of a shorter month. */
export function monthsEarlier(start: string, count: number): string {
  const at = new Date(start);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() - count];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(at.getUTCDate(), last))).toISOString();
}

/** True if the day ends in the month. */
function holds({ period }: MonthUsage, day: string): boolean {
  const end = Date.parse(day) + DAY - 1;
  return Date.parse(period.start) <= end && end < Date.parse(period.end);
}

/**
 * The calendar month by which the days of a month of metering can be asked for: one that ends in it. A month that was cut short by another
 * billing period may have none.
 */
export function calendarMonthOf({ start, end }: Period): string | undefined {
  const at = new Date(start);
  const next = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  return next - 1 < Date.parse(end) ? start.slice(0, 7) : undefined;
}

/**
 * Walks from `current` back to the month in which the workspace was created, newest first. The months are probably a month apart, so those
 * are asked for together; what was not among them is asked for when its turn comes.
 */
export async function walkBack(current: Period, created: string, ask: (day: string) => Promise<MonthUsage>): Promise<MonthUsage[]> {
  const begins = Date.parse(created);
  const hasEarlier = (start: string) => Date.parse(start) > begins;
  const starts = Array.from({ length: BEFORE }, (_, count) => (count === 0 ? current.start : monthsEarlier(current.start, count)));
  const known = await Promise.all(starts.filter(hasEarlier).map((start) => ask(dayBefore(start))));
  const found: MonthUsage[] = [];
  let { start } = current;
  while (found.length < BEFORE && hasEarlier(start)) {
    const day = dayBefore(start);
    const month = known.find((one) => holds(one, day)) ?? (await ask(day));
    if (Date.parse(month.period.start) >= Date.parse(start)) break;
    found.push(month);
    start = month.period.start;
  }
  return found;
}

/** `created`: when the workspace was. */
export function monthsQuery(workspace: string, current: Period | undefined, created: string | undefined) {
  return queryOptions({
    queryKey: of(workspace, "past-usage", current?.start),
    queryFn: () => {
      const ask = (period: string) => data(api().GET("/billing/usage", { params: { header: within(workspace), query: { period } } }));
      return current && created ? walkBack(current, created, ask) : [];
    },
    enabled: current !== undefined && created !== undefined,
    // What is past changes no more, but for what is returned within minutes.
    staleTime: 3_600_000,
    refetchOnWindowFocus: false,
  });
}
