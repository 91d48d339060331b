// A list of deliveries that is read page by page, newest first, and kept up to date without being read from its beginning.

import type { InfiniteData } from "@tanstack/react-query";
import type { Schemas } from "../types";

export type Delivery = Schemas["Delivery"];
export type DeliveryPage = Schemas["DeliveryPage"];
export type Deliveries = InfiniteData<DeliveryPage>;

/** The cursor of the newest page. */
export const NEWEST = "";

const QUICK = 2_000;
const CALM = 15_000;
const SLOW = 60_000;

/** True while an attempt runs: its result comes within a minute. */
export function isRunning({ state, next_attempt_at }: Delivery): boolean {
  return state === "pending" && next_attempt_at == null;
}

/** The milliseconds after which a page is read again at `now`; nothing if it does not change any more. New deliveries come on the newest. */
export function pace(page: DeliveryPage, isNewest: boolean, now: number): number | undefined {
  const waits = page.deliveries.flatMap((delivery) => {
    if (isRunning(delivery)) return [QUICK];
    return delivery.state === "pending" ? [Math.min(Math.max(Date.parse(delivery.next_attempt_at ?? "") - now, 0) + QUICK, SLOW)] : [];
  });
  if (isNewest) waits.push(CALM);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/**
 * The list with the page at `cursor` as it is now. What new deliveries push off the newest page stays between it and the next one. If
 * there are more new ones than a page, what is between is not known, and the list begins again.
 */
export function renewed(list: Deliveries, cursor: string, page: DeliveryPage): Deliveries {
  const place = list.pageParams.indexOf(cursor);
  const old = list.pages[place];
  if (!old) return list;
  if (cursor !== NEWEST) return { ...list, pages: list.pages.with(place, page) };
  const ids = new Set(page.deliveries.map(({ id }) => id));
  const pushed = old.deliveries.filter(({ id }) => !ids.has(id));
  const overlaps = pushed.length < old.deliveries.length;
  if (!overlaps || !page.pagination.has_more) return { pages: [page], pageParams: [NEWEST] };
  return { ...list, pages: list.pages.with(0, { deliveries: [...page.deliveries, ...pushed], pagination: old.pagination }) };
}

/** The list with one delivery as it is now. */
export function replaced(list: Deliveries, delivery: Delivery): Deliveries {
  const place = list.pages.findIndex(({ deliveries }) => deliveries.some(({ id }) => id === delivery.id));
  const page = list.pages[place];
  if (!page) return list;
  return { ...list, pages: list.pages.with(place, { ...page, deliveries: page.deliveries.map((one) => (one.id === delivery.id ? delivery : one)) }) };
}
