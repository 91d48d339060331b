import { expect, test } from "vitest";
import { NEWEST, pace, renewed, replaced, type Deliveries, type Delivery } from "./pages";

const NOW = Date.parse("2026-11-28T10:00:00Z");
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({ id, event_id: `evt_${id}`, event: "member.joined", created_at: at(-60), state: "delivered", attempts: 1, ...more });
const page = (ids: string[], next: string | null = "2") => ({ deliveries: ids.map((id) => delivery(id)), pagination: { has_more: next !== null, next_cursor: next } });
const list: Deliveries = { pages: [page(["f", "e", "d"]), page(["c", "b"], null)], pageParams: [NEWEST, "2"] };
const ids = ({ pages }: Deliveries) => pages.map(({ deliveries }) => deliveries.map(({ id }) => id).join(""));

test("what new deliveries push off the newest page is not lost", () => {
  const next = renewed(list, NEWEST, page(["h", "g", "f"], "f"));
  expect(ids(next)).toEqual(["hgfed", "cb"]);
  expect(next.pages[0]?.pagination.next_cursor, "where the next page begins").toBe("2");
});

test("more new ones than a page begin the list again", () => {
  const next = renewed(list, NEWEST, page(["z", "y", "x"], "x"));
  expect(next).toEqual({ pages: [page(["z", "y", "x"], "x")], pageParams: [NEWEST] });
});

test("the newest page alone is replaced by a shorter one", () => {
  expect(ids(renewed({ pages: [page(["f", "e"], null)], pageParams: [NEWEST] }, NEWEST, page(["f"], null)))).toEqual(["f"]);
});

test("an older page is replaced where it is", () => {
  expect(ids(renewed(list, "2", page(["c"], null)))).toEqual(["fed", "c"]);
  expect(renewed(list, "9", page(["c"], null))).toBe(list);
});

test("one delivery is replaced, and other pages stay the same", () => {
  const next = replaced(list, delivery("b", { state: "pending" }));
  expect(next.pages[1]?.deliveries[1]?.state).toBe("pending");
  expect(next.pages[0]).toBe(list.pages[0]);
  expect(replaced(list, delivery("q"))).toBe(list);
});

test("a page is read again when something in it is due", () => {
  const of = (...deliveries: Delivery[]) => ({ deliveries, pagination: { has_more: false, next_cursor: null } });
  const running = delivery("a", { state: "pending", next_attempt_at: null });
  const waits = (seconds: number) => delivery("b", { state: "pending", next_attempt_at: at(seconds) });
  expect(pace(of(delivery("c")), false, NOW), "nothing changes").toBeUndefined();
  expect(pace(of(delivery("c")), true, NOW), "new ones come").toBe(15_000);
  expect(pace(of(waits(7200), running), false, NOW)).toBe(2_000);
  expect(pace(of(waits(5)), true, NOW)).toBe(7_000);
  expect(pace(of(waits(7200)), false, NOW), "at least once a minute").toBe(60_000);
  expect(pace(of(waits(-30)), false, NOW), "it is late").toBe(2_000);
});
