// What a plan's card offers, and what the meters and the return from Stripe mean. Pure functions.

import type { Config, Interval, PlanView, Subscription } from "../../api/queries/billing";
import { costsNothing } from "../../api/queries/catalogue";

type Price = PlanView["prices"][number];

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

/** The price for the interval in `currency`; in the first currency that the plan has without. */
export function priceOf(prices: PlanView["prices"], interval: Interval, currency?: string): Price | undefined {
  const fitting = prices.filter((one) => one.interval === interval);
  return fitting.find((one) => one.currency === currency) ?? fitting[0];
}

/** The intervals at which any plan is sold. */
export function intervalsOf(plans: readonly PlanView[]): Interval[] {
  return (["month", "year"] as const).filter((interval) => plans.some(({ prices }) => prices.some((one) => one.interval === interval)));
}

/** The currencies of the catalogue, in its order. */
export function currenciesOf(plans: readonly PlanView[]): string[] {
  return [...new Set(plans.flatMap(({ prices }) => prices.map(({ currency }) => currency)))];
}

/** The currency in which prices are shown, and those that can be chosen instead. */
export interface Currencies {
  /** Missing if it is not known in which one the workspace pays. */
  shown: string | undefined;
  choices: string[];
}

/**
 * A subscription keeps its currency, which its invoices show to those who may read them. Without one it is chosen: the one that was asked for, else
 * that of an earlier subscription, else the first.
 */
export function currencies(paid: Subscription, config: Pick<Config, "recent_invoices" | "credit"> | undefined, plans: readonly PlanView[], asked?: string): Currencies {
  const sold = currenciesOf(plans);
  const used = config?.recent_invoices?.[0]?.currency ?? config?.credit?.currency;
  if (isSubscribed(paid)) return { shown: used ?? (sold.length === 1 ? sold[0] : undefined), choices: [] };
  return { shown: [asked, used].find((one) => one && sold.includes(one)) ?? sold[0], choices: sold.length > 1 ? sold : [] };
}

/** What is paid of `prices`; nothing if that is not certain. */
export function paidPrice(prices: PlanView["prices"], interval: Interval, currency: string | undefined): Price | undefined {
  const fitting = prices.filter((one) => one.interval === interval);
  return currency ? fitting.find((one) => one.currency === currency) : fitting.length === 1 ? fitting[0] : undefined;
}

/** True if the workspace has an earlier version of the plan: its terms are not those of the catalogue. */
export function isEarlier(view: PlanView, paid: Subscription): boolean {
  return view.plan === paid.plan && view.current === false && view.change === "none";
}

/** What can be done about a plan. Which of two plans is larger, only the API knows: it lists no hidden ones. */
export function offer(wanted: PlanView, interval: Interval, paid: Subscription): Offer {
  const { plan, change } = wanted;
  const pending = paid.cancel_at != null || paid.scheduled_plan != null || paid.pending_change != null;
  if (wanted.by_contract) return change === "none" ? "current" : "contract";
  if (costsNothing(wanted) && isSubscribed(paid) && paid.status !== "incomplete") return paid.cancel_at ? "scheduled" : "cancel";
  if (change === "contract") return "contract";
  if (buys(paid)) return plan === paid.plan ? "current" : "buy";
  if (paid.pending_change?.plan === plan && paid.pending_change.interval === interval) return "waiting";
  if (paid.scheduled_plan === plan && (plan !== paid.plan || interval !== paid.interval)) return "scheduled";
  if (change === "none") {
    if (plan !== paid.plan) return "waiting";
    if (interval !== paid.interval) return "interval";
    return pending ? "keep" : "current";
  }
  return change === "upgrade" ? "upgrade" : "downgrade";
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

/** How many months of a year are free in every plan that is sold by the month and by the year; 0 if there is none. */
export function freeMonths(plans: readonly PlanView[], currency?: string): number {
  const months = plans.flatMap(({ prices }) => {
    const month = priceOf(prices, "month", currency);
    const year = month && prices.find((one) => one.interval === "year" && one.currency === month.currency);
    return month?.amount && year ? [Math.max(0, Math.floor(12 - year.amount / month.amount))] : [];
  });
  return months.length > 0 ? Math.min(...months) : 0;
}

/** Megabytes, in the unit in which people compare storage. */
export function gigabytes(megabytes: number): number {
  const size = megabytes / 1024;
  return size < 10 ? Math.round(size * 100) / 100 : Math.round(size * 10) / 10;
}
