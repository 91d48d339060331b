import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
const { completedAt, confirmed, isComplete, pause, readableUntil } = await import("./receipt");

const at = Date.parse("2026-11-28T10:00:00Z");
const done = { status: "confirmed", confirmed_at: "2026-11-28T10:02:00Z" } as const;
const open = { status: "pending", confirmed_at: null } as const;
const receipt = { id: "del_1", workspace_id: "ws_1", requested_at: "2026-11-28T10:00:00Z", runtime: open, subscription: open, secrets: open, members: open };
const complete = { ...receipt, runtime: done, subscription: done, secrets: done, members: done };

test("a receipt is complete with its last part", () => {
  const almost = { ...complete, members: open };
  expect([receipt, almost, complete].map(confirmed)).toEqual([0, 3, 4]);
  expect([receipt, almost, complete].map(isComplete)).toEqual([false, false, true]);
  expect([almost, complete].map(completedAt)).toEqual([undefined, "2026-11-28T10:02:00Z"]);
  expect(readableUntil("2026-11-28T10:02:00Z")).toBe("2026-12-28T10:02:00.000Z");
});

test("it is asked for less and less often, and not after its end", () => {
  const minutes = (count: number) => pause(receipt, at + count * 60_000);
  expect([minutes(0), minutes(4), minutes(5), minutes(59), minutes(60), minutes(900)]).toEqual([5_000, 5_000, 15_000, 15_000, 60_000, 60_000]);
  expect(pause(complete, at)).toBe(false);
  expect(pause(undefined, at)).toBe(15_000);
});
