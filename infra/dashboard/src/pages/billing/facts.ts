// What a plan's card offers, and what the meters and the return from Stripe mean. Pure functions.

import type { AddonOffer, Config, HeldAddon, Interval, PlanView, Subscription } from "../../api/queries/billing";
import { costsNothing } from "../../api/queries/catalogue";

type Price = PlanView["prices"][number];
type AddonQuantity = NonNullable<Subscription["pending_change"]>["addons"][number];

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

/** True if the pending change is one of add-ons: the plan and the interval stay. */
export function waitsForAddons(paid: Subscription): boolean {
  const change = paid.pending_change;
  return change != null && change.plan === paid.plan && change.interval === paid.interval;
}

/** What can be done about a plan. Which of two plans is larger, only the API knows: it lists no hidden ones. */
export function offer(wanted: PlanView, interval: Interval, paid: Subscription): Offer {
  const { plan, change } = wanted;
  const waiting = waitsForAddons(paid) ? undefined : paid.pending_change;
  const pending = paid.cancel_at != null || paid.scheduled_plan != null || waiting != null;
  if (wanted.by_contract) return change === "none" ? "current" : "contract";
  if (costsNothing(wanted) && isSubscribed(paid) && paid.status !== "incomplete") return paid.cancel_at ? "scheduled" : "cancel";
  if (change === "contract") return "contract";
  if (buys(paid)) return plan === paid.plan ? "current" : "buy";
  if (waiting?.plan === plan && waiting.interval === interval) return "waiting";
  if (paid.scheduled_plan === plan && (plan !== paid.plan || interval !== paid.interval)) return "scheduled";
  if (change === "none") {
    if (plan !== paid.plan) return "waiting";
    if (interval !== paid.interval) return "interval";
    return pending ? "keep" : "current";
  }
  return change === "upgrade" ? "upgrade" : "downgrade";
}

/** An add-on that is offered or held. */
export interface AddonRow {
  addon: string;
  /** The meter whose limit it raises, and by how much each unit does: of the version that is held, else of the newest. */
  meter: string;
  amount: number;
  /** Of that version; several if the currency is not known, none if the price is not. */
  prices: Price[];
  /** Missing if the catalogue describes another version. */
  description: string | undefined;
  /** False if it is not sold any more. */
  sold: boolean;
  /** False if the plan does not limit the meter. */
  limited: boolean;
  /** The present number of units. */
  quantity: number;
  /** The number of units from the next period on, if a change is scheduled. */
  scheduled: number | undefined;
  /** The number of units once the pending change is paid. */
  waiting: number | undefined;
  /** The largest number of units that can be ordered. An add-on that is not sold to the workspace can only be reduced. */
  most: number;
}

/** The add-ons that are sold or held. Where the plan has no limit, more of an add-on has no effect and is not offered. */
export function addonRows(offers: readonly AddonOffer[], paid: Subscription, interval: Interval, currency: string | undefined): AddonRow[] {
  const waits = waitingAddons(paid);
  const row = (offer: AddonOffer | undefined, held: HeldAddon | undefined): AddonRow[] => {
    const terms = held ?? offer;
    if (!terms) return [];
    const { addon, meter, amount } = terms;
    const limited = paid.limits[meter] !== null;
    if (!held && !limited) return [];
    const prices = held ? heldPrice(held, interval, currency) : (offer?.prices ?? []).filter((one) => one.interval === interval && (!currency || one.currency === currency));
    const quantity = held?.quantity ?? 0;
    const scheduled = held?.scheduled_quantity ?? undefined;
    const waiting = waits.find((one) => one.addon === addon)?.next;
    const buyable = offer && limited && (held ? held.price != null : prices.length > 0);
    return [
      {
        addon,
        meter,
        amount,
        prices,
        description: offer && sameTerms(offer, terms) ? offer.description : undefined,
        sold: offer !== undefined,
        limited,
        quantity,
        scheduled,
        waiting,
        most: Math.max(buyable ? offer.maximum_quantity : 0, quantity, scheduled ?? 0, waiting ?? 0),
      },
    ];
  };
  const unlisted = paid.addons.filter(({ addon }) => !offers.some((offer) => offer.addon === addon));
  return [...offers.flatMap((offer) => row(offer, paid.addons.find(({ addon }) => addon === offer.addon))), ...unlisted.flatMap((held) => row(undefined, held))];
}

/** True if the catalogue describes what is held. It may be an earlier version. */
function sameTerms(offer: AddonOffer, terms: AddonOffer | HeldAddon): boolean {
  return offer.title === terms.title && offer.meter === terms.meter && offer.amount === terms.amount;
}

/** The price of a unit that is held; nothing if it or the currency is not known. */
function heldPrice({ price }: HeldAddon, interval: Interval, currency: string | undefined): Price[] {
  return price != null && currency ? [{ interval, currency, amount: price }] : [];
}

/** Reason for which no add-on can be ordered now. */
export type AddonRefusal = "contract" | "buy" | "wait" | "ending" | "trial" | "due";

/** Add-ons are sold to workspaces that pay for a plan, and whose plan continues. */
export function addonRefusal(paid: Subscription, contract: boolean): AddonRefusal | undefined {
  if (contract) return "contract";
  if (buys(paid)) return "buy";
  if (paid.next_step === "wait") return "wait";
  if (paid.cancel_at) return "ending";
  if (paid.status === "trialing") return "trial";
  return paid.status === "active" ? undefined : "due";
}

/** The number of units that was typed; undefined if it is not a whole number from 0 to `most`. */
export function unitsOf(typed: string, most: number): number | undefined {
  const units = /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : Infinity;
  return units <= most ? units : undefined;
}

/** A number of units, before and after a change. */
export interface AddonChange {
  addon: string;
  now: number;
  next: number;
}

/** The add-ons of which `after` has another number of units than `held`. */
export function addonChanges(held: readonly AddonQuantity[], after: readonly AddonQuantity[]): AddonChange[] {
  const count = (list: readonly AddonQuantity[], addon: string) => list.find((one) => one.addon === addon)?.quantity ?? 0;
  const names = [...new Set([...held, ...after].map(({ addon }) => addon))];
  return names.map((addon) => ({ addon, now: count(held, addon), next: count(after, addon) })).filter(({ now, next }) => now !== next);
}

/** The changes of add-ons in a pending change that keeps the plan. */
export function waitingAddons(paid: Subscription): AddonChange[] {
  return paid.pending_change && waitsForAddons(paid) ? addonChanges(paid.addons, paid.pending_change.addons) : [];
}

/** The changes of add-ons that take effect with the next period. */
export function scheduledAddons({ addons }: Subscription): AddonChange[] {
  return addonChanges(addons, addons.map(({ addon, quantity, scheduled_quantity }) => ({ addon, quantity: scheduled_quantity ?? quantity })));
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
