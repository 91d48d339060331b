import { afterEach, expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
const { newest, noteCounts } = await import("./counts");
const { queries } = await import("../query");

afterEach(() => queries.clear());

const answer = (rev: number, unread_count: number) => ({ rev, seq: rev, unread_count, by_type: {} });
const held = () => queries.getQueriesData<{ unread_count: number }>({ queryKey: ["workspace", "ws_1"] }).map(([, counts]) => counts?.unread_count);

test("of two answers, the one with the higher version is newer", () => {
  expect(newest(undefined, answer(0, 0)).rev).toBe(0);
  expect(newest(answer(4, 2), answer(5, 1)).unread_count).toBe(1);
  expect(newest(answer(5, 1), answer(4, 2)).unread_count).toBe(1);
  expect(newest(answer(5, 1), answer(5, 3)).unread_count, "the reader's role has changed").toBe(3);
});

test("an older answer that arrives later changes nothing", () => {
  noteCounts("ws_1", answer(7, 3));
  noteCounts("ws_1", answer(6, 9));
  expect(held()).toEqual([3]);
});

test("each workspace has counts of its own", () => {
  noteCounts("ws_2", answer(9, 8));
  noteCounts("ws_1", answer(1, 2));
  expect(held()).toEqual([2]);
});
