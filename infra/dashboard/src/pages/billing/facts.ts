// What a plan's card offers, and what the meters and the return from Stripe mean. Pure functions.

import type { Interval, PlanView, Subscription } from "../../api/queries/billing";
import type { Plan } from "../../api/types";

/** What can be done about a plan. */
export type Offer = "current" | "keep" | "scheduled" | "waiting" | "interval" | "upgrade" | "downgrade" | "cancel" | "buy" | "contract";

/** A subscription that can still be paid for: one that has ended is not shown by the API. */
export function isSubscribed(paid: Subscription): boolean {
  return paid.current_period_end != null;
}

/** True if a purchase replaces the subscription: it gives nothing, and no payment is on its way. */
export function startsOver(paid: Subscription): boolean {
  return isSubscribed(paid) && paid.can_buy;
}

/** True if the subscription can be cancelled. Stripe ends one that was never paid within a day. */
export function canCancel(paid: Subscription): boolean {
  return isSubscribed(paid) && !paid.cancel_at && paid.status !== "incomplete";
}

/** True if a plan is bought on Stripe's page, not changed. */
export function buys(paid: Subscription): boolean {
  return !isSubscribed(paid) || startsOver(paid);
}

/** A plan that was agreed and is not sold. */
export function isContract(paid: Subscription): boolean {
  return paid.plan === "enterprise";
}

/** `plans` is the catalogue, smallest plan first. */
export function offer(wanted: PlanView, interval: Interval, paid: Subscription, plans: readonly PlanView[]): Offer {
  const { plan } = wanted;
  const pending = paid.cancel_at != null || paid.scheduled_plan != null || paid.pending_change != null;
  if (wanted.monthly_price_usd == null) return paid.plan === plan ? "current" : "contract";
  if (plan === "free" && isSubscribed(paid) && paid.status !== "incomplete") return paid.cancel_at ? "scheduled" : "cancel";
  if (buys(paid)) return plan === paid.plan ? "current" : "buy";
  if (paid.pending_change?.plan === plan && paid.pending_change.interval === interval) return "waiting";
  if (paid.scheduled_plan === plan && (plan !== paid.plan || interval !== paid.interval)) return "scheduled";
  if (plan === paid.plan) {
    if (interval !== paid.interval) return "interval";
    return pending ? "keep" : "current";
  }
  const place = (plan: Plan) => plans.findIndex((one) => one.plan === plan);
  return place(plan) > place(paid.plan) ? "upgrade" : "downgrade";
}

export type Load = "fine" | "near" | "full";

/** From 80 % on a meter says so. `limit` null is no limit. */
export function load(used: number, limit: number | null | undefined): Load {
  if (limit == null) return "fine";
  if (used >= limit) return "full";
  return used >= limit * 0.8 ? "near" : "fine";
}

/** How a return from Stripe's page ended: the plan is in force, or Stripe has not confirmed the payment yet. */
export function outcome(found: Subscription, wanted: string | undefined): "paid" | "pending" {
  const inForce = isSubscribed(found) && (found.status === "active" || found.status === "trialing") && !found.payment_pending;
  return inForce && (wanted === undefined || wanted === found.plan) ? "paid" : "pending";
}

/** How many months of a yearly plan are free. */
export function freeMonths(plans: readonly PlanView[]): number {
  const sold = plans.find((plan) => plan.monthly_price_usd && plan.yearly_price_usd);
  if (!sold?.monthly_price_usd || !sold.yearly_price_usd) return 0;
  return Math.max(0, Math.floor(12 - sold.yearly_price_usd / sold.monthly_price_usd));
}

/** Megabytes, in the unit in which people compare storage. */
export function gigabytes(megabytes: number): number {
  const size = megabytes / 1024;
  return size < 10 ? Math.round(size * 100) / 100 : Math.round(size * 10) / 10;
}
