// Where Stripe's pages lead back to, and which of them was opened last in this browser.

import type { Interval } from "../../api/queries/billing";
import type { Plan } from "../../api/types";

/** What is ordered. */
export interface Wanted {
  plan: Plan;
  interval: Interval;
  currency?: string;
}

export function backFromStripe(ws: string, { plan, interval, currency }: Wanted) {
  const page = (checkout: "success" | "cancelled") =>
    `${location.origin}/w/${ws}/settings/billing?${new URLSearchParams({ checkout, interval, plan, ...(currency && { currency }) })}`;
  return { success_url: page("success"), cancel_url: page("cancelled") };
}

const key = (ws: string) => `berth.checkout.${ws}`;

export function keepPage(ws: string, wanted: Wanted) {
  localStorage.setItem(key(ws), JSON.stringify(wanted));
}

export function forgetPage(ws: string) {
  localStorage.removeItem(key(ws));
}

export function keptPage(ws: string): Wanted | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key(ws)) ?? "null") as Partial<Wanted> | null;
    const known = kept && isPlanName(kept.plan) && (kept.interval === "month" || kept.interval === "year") && (kept.currency === undefined || isCurrency(kept.currency));
    return known ? (kept as Wanted) : undefined;
  } catch {
    return undefined;
  }
}

/** True if `plan` has the form of a plan's name. The API refuses a plan that it does not sell. */
export function isPlanName(plan: unknown): plan is Plan {
  return typeof plan === "string" && /^[a-z][a-z0-9_]{0,23}$/.test(plan);
}

/** True if `currency` has the form of a currency. The API refuses one in which it does not sell. */
export function isCurrency(currency: unknown): currency is string {
  return typeof currency === "string" && /^[a-z]{3}$/.test(currency);
}
