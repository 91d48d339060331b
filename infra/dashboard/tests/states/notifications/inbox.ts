// An inbox that answers as the API does.

import type { Page, Route } from "@playwright/test";
import type { components } from "berth-client";
import { frame } from "../parts";
import { NOW, problem, WORKSPACE, type Answers } from "../stage";

export type Notification = components["schemas"]["Notification"];
type Type = Notification["type"];

export const PATH = `/w/${WORKSPACE}/settings`;

export function json(route: Route, body: unknown, status = 200) {
  const headers = { "access-control-allow-origin": "*", "access-control-expose-headers": "date, retry-after, apigw-requestid", date: new Date(NOW).toUTCString() };
  return route.fulfill({ status, headers, ...(status === 204 ? {} : { json: body }) });
}

const kinds: [Type, Notification["category"], string, string, string][] = [
  ["billing", "error", "Payment failed", "Pay the invoice in time: the plan stays in force until 2026-12-05.", "/billing"],
  ["team", "info", "Member joined", "A member joined as admin.", "/team"],
  ["agent", "success", "Runtime started", "The container runs.", ""],
  ["billing", "warning", "Limit reached", "The plan's limit of 5 API keys was reached.", "/billing"],
  ["workflow", "error", "Integration disabled", "The receiver of Datadog is gone or has failed for days. Check it, then enable the integration again.", ""],
  ["team", "warning", "Invitation returned", "The letter of an invitation came back. Check the address and invite again.", "/team?tab=invitations"],
];

/** Notification number `place`, counted from the newest. */
export function notification(place: number, more: Partial<Notification> = {}): Notification {
  const [type, category, title, body, page] = kinds[place % kinds.length]!;
  const settings = page === "" ? "" : `/settings${page}`;
  return {
    id: `ntf_01M7YZMHG0N5CH29J23EGW${String(9999 - place)}`,
    seq: 1000 - place,
    type,
    category,
    event: "payment.failed",
    title,
    body,
    link: `/w/${WORKSPACE}${settings}`,
    data: {},
    created_at: new Date(Date.parse(NOW) - (place * place * 53 + 4) * 60_000).toISOString(),
    read_at: null,
    ...more,
  };
}

export class Inbox {
  rev = 10;
  /** Answers by method that go before the right ones; each is given once. */
  refusals: [string, number, string][] = [];
  /** The sizes of the pages, one after the other; 20 when they are used up. */
  sizes: number[] = [];

  constructor(public items: Notification[]) {}

  static of(count: number, unread: number): Inbox {
    return new Inbox(Array.from({ length: count }, (_, place) => notification(place, place < unread ? {} : { read_at: NOW })));
  }

  counts() {
    const unread = this.items.filter(({ read_at }) => read_at === null);
    const by_type = Object.fromEntries(["system", "billing", "agent", "workflow", "team", "kb"].map((type) => [type, unread.filter((one) => one.type === type).length]));
    return { unread_count: unread.length, by_type, seq: this.rev, rev: this.rev };
  }

  /** Something happens. */
  receive(title = "Payment failed") {
    this.rev++;
    this.items.unshift(notification(0, { id: `ntf_01M7YZMHG0N5CH29J23EGX${this.rev}00`, title, created_at: NOW }));
  }

  #refused(route: Route) {
    const method = route.request().method();
    const place = this.refusals.findIndex(([wanted]) => wanted === method);
    const [refusal] = place < 0 ? [] : this.refusals.splice(place, 1);
    return refusal && json(route, problem(refusal[1], refusal[2], "no"), refusal[1]);
  }

  #page(route: Route) {
    const search = new URL(route.request().url()).searchParams;
    const [type, unread, cursor] = [search.get("type"), search.get("unread"), Number(search.get("cursor") ?? 0)];
    const found = this.items.filter((one) => (!type || one.type === type) && (!unread || (one.read_at === null) === (unread === "true")));
    const size = this.sizes.shift() ?? 20;
    const notifications = found.slice(cursor, cursor + size);
    const has_more = cursor + size < found.length;
    return { notifications, ...this.counts(), pagination: { has_more, next_cursor: has_more ? String(cursor + size) : null } };
  }

  answers(): Answers {
    const idOf = (route: Route) => new URL(route.request().url()).pathname.split("/")[4] ?? "";
    const change = (route: Route, id: string, more: Partial<Notification>) => {
      this.rev++;
      this.items = this.items.map((one) => (one.id === id ? { ...one, ...more } : one));
      return json(route, { notification: this.items.find((one) => one.id === id), ...this.counts() });
    };
    return {
      ...frame(),
      "GET /notifications/unread-count": (route) => json(route, this.counts()),
      "GET /notifications": (route) => this.#refused(route) ?? json(route, this.#page(route)),
      "PATCH /notifications/{id}/read": (route) => {
        const { read } = route.request().postDataJSON() as { read: boolean };
        return this.#refused(route) ?? change(route, idOf(route), { read_at: read ? NOW : null });
      },
      "POST /notifications/mark-all-read": (route) => {
        const refused = this.#refused(route);
        if (refused) return refused;
        const { type } = route.request().postDataJSON() as { type?: Type };
        this.rev++;
        this.items = this.items.map((one) => (!type || one.type === type ? { ...one, read_at: one.read_at ?? NOW } : one));
        return json(route, this.counts());
      },
      "DELETE /notifications/{id}": (route) => {
        const refused = this.#refused(route);
        if (refused) return refused;
        this.rev++;
        this.items = this.items.filter(({ id }) => id !== idOf(route));
        return json(route, undefined, 204);
      },
    };
  }
}

export const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ });
export const panel = (page: Page) => page.getByRole("dialog", { name: "Notifications" });
export const entries = (page: Page) => panel(page).getByRole("listitem");
export const entry = (page: Page, title: string) => entries(page).filter({ hasText: title }).first();

/** Shows or hides the tab, as browsers do. */
export async function show(page: Page, visible: boolean) {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visible ? "visible" : "hidden");
}
