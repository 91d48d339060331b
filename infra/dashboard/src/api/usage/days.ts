// The usage of a month of metering by day. Nothing of it is pushed: it is read again when the window gets the focus.

import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of } from "../query";
import type { Schemas } from "../types";

export type UsageByDay = Schemas["UsageByDay"];
export type DayUsage = Schemas["UsageOfDay"];

/** The days of a meter, oldest first. */
export function daysOf({ meters }: UsageByDay, meter: string): DayUsage[] {
  return meters.find((one) => one.meter === meter)?.days ?? [];
}

/** Of the current month, or of the one in which the calendar month `month` ends. */
export function daysQuery(workspace: string, month?: string) {
  return queryOptions({
    queryKey: of(workspace, "usage", "days", month ?? "now"),
    queryFn: () => data(api().GET("/billing/usage/days", { params: { header: within(workspace), query: month ? { month } : {} } })),
  });
}
