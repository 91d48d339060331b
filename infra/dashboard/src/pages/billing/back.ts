// Where Stripe's pages lead back to, and which of them was opened last in this browser.

import type { Interval } from "../../api/queries/billing";
import type { Plan } from "../../api/types";

interface Wanted {
  plan: Plan;
  interval: Interval;
}

export function backFromStripe(ws: string, { plan, interval }: Wanted) {
  const page = (checkout: "success" | "cancelled") =>
    `${location.origin}/w/${ws}/settings/billing?${new URLSearchParams({ checkout, interval, plan })}`;
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
    const known = kept && isSold(kept.plan) && (kept.interval === "month" || kept.interval === "year");
    return known ? (kept as Wanted) : undefined;
  } catch {
    return undefined;
  }
}

export function isSold(plan: string | undefined): plan is Plan {
  return plan === "starter" || plan === "pro" || plan === "business";
}
