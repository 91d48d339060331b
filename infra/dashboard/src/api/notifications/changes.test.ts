import { expect, test } from "vitest";
import { distinct, follow, neighbour, withChanges, type Notification } from "./changes";

const AT = "2026-11-28T10:00:00Z";

function notification(id: string, more: Partial<Notification> = {}): Notification {
  return { id, seq: 1, type: "team", category: "info", event: "member.joined", title: id, body: "", link: "/w/ws_1", data: {}, created_at: AT, read_at: null, ...more };
}

const shown = (changes: Parameters<typeof withChanges>[1]) =>
  withChanges([notification("a"), notification("b", { type: "billing" }), notification("c", { read_at: "2026-11-01T00:00:00Z" })], changes, AT).map(({ id, read_at }) => `${id} ${read_at?.slice(0, 10) ?? "unread"}`);

test("changes are shown in their order", () => {
  const [a, b, c] = ["a unread", "b unread", "c 2026-11-01"];
  expect(shown([])).toEqual([a, b, c]);
  expect(shown([{ kind: "mark", id: "a", read: true }])).toEqual(["a 2026-11-28", b, c]);
  expect(shown([{ kind: "mark", id: "c", read: true }]), "the time of the first reading stays").toEqual([a, b, c]);
  expect(shown([{ kind: "mark", id: "c", read: false }])).toEqual([a, b, "c unread"]);
  expect(shown([{ kind: "delete", id: "b" }])).toEqual([a, c]);
  expect(shown([{ kind: "mark_all", type: "billing" }])).toEqual([a, "b 2026-11-28", c]);
  expect(shown([{ kind: "mark_all", type: undefined }, { kind: "mark", id: "a", read: false }])).toEqual([a, "b 2026-11-28", c]);
  expect(shown([{ kind: "delete", id: "a" }, { kind: "mark", id: "a", read: true }])).toEqual([b, c]);
});

test("a list follows own changes, and is behind others", () => {
  expect(follow(4, 5)).toBe(5);
  expect(follow(4, 4), "nothing was changed").toBe(4);
  expect(follow(4, 6), "something else was changed, too").toBe(4);
});

test("pages that overlap show each notification once, as the later page has it", () => {
  const both = distinct([notification("a"), notification("b"), notification("b", { read_at: AT })]);
  expect(both.map(({ id, read_at }) => [id, read_at])).toEqual([["a", null], ["b", AT]]);
});

test("the focus goes to the next notification, at the end to the one before", () => {
  expect(neighbour(["a", "b", "c"], "b")).toBe("c");
  expect(neighbour(["a", "b", "c"], "c")).toBe("b");
  expect(neighbour(["a"], "a")).toBeUndefined();
  expect(neighbour(["a"], "x")).toBeUndefined();
});
