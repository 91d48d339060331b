import { expect, test } from "vitest";
import { daySlots, evenShare, paceOf, scaleOf, type Measured } from "./pace";

const november = { start: "2026-11-01T00:00:00Z", end: "2026-12-01T00:00:00Z" };
const NOON = Date.parse("2026-11-16T12:00:00Z");

const days = (used: (date: number) => number, last = 16) =>
  Array.from({ length: last }, (_, place) => ({ date: `2026-11-${String(place + 1).padStart(2, "0")}`, used: used(place + 1) }));

function measured(more: Partial<Measured> = {}): Measured {
  const all = more.days ?? days(() => 100);
  const used = all.reduce((sum, day) => sum + day.used, 0);
  return { used, limit: 3000, period: november, since: november.start, days: all, now: NOON, ...more };
}

test("a limit fills when the rest is used at the rate of the last week", () => {
  // 50 a day at first, 200 a day in the last week, of which half a day is left.
  const pace = paceOf(measured({ days: days((date) => (date < 10 ? 50 : 200)), limit: 4000 }));
  expect(pace.kind).toBe("fills");
  if (pace.kind !== "fills") return;
  expect(pace.days).toBe(7);
  expect(pace.perDay).toBeCloseTo(1400 / 6.5);
  expect(new Date(pace.at).toISOString().slice(0, 10)).toBe("2026-11-26");
});

test("a limit that lasts says what is used at the reset", () => {
  const pace = paceOf(measured({ limit: 10_000 }));
  expect(pace).toMatchObject({ kind: "lasts", days: 7 });
  if (pace.kind === "lasts") expect(pace.total).toBe(Math.round(1600 + (700 / 6.5) * 14.5));
});

test("without a limit there is a total and nothing fills", () => {
  expect(paceOf(measured({ limit: null })).kind).toBe("lasts");
});

test("in the first week the rate is that of the month", () => {
  const now = Date.parse("2026-11-03T00:00:00Z");
  expect(paceOf(measured({ days: days(() => 1000, 3), used: 2000, limit: 20_000, now }))).toMatchObject({ kind: "fills", perDay: 1000, days: undefined, at: Date.parse("2026-11-21T00:00:00Z") });
});

test("less than a day is too little to measure", () => {
  const now = Date.parse("2026-11-01T20:00:00Z");
  expect(paceOf(measured({ days: days(() => 900, 1), now })).kind).toBe("early");
  expect(paceOf(measured({ since: "2026-11-16T01:00:00Z" })).kind, "days are counted since this morning").toBe("early");
});

test("a week without use lasts with what was used before", () => {
  expect(paceOf(measured({ days: days((date) => (date < 5 ? 10 : 0)) }))).toMatchObject({ kind: "lasts", total: 40 });
});

test("a full limit, an exceeded one and no use are said as such", () => {
  expect(paceOf(measured({ used: 3000 }))).toEqual({ kind: "full", over: 0 });
  expect(paceOf(measured({ used: 3400 }))).toEqual({ kind: "full", over: 400 });
  expect(paceOf(measured({ used: 0, limit: 0 })).kind, "nothing is allowed").toBe("full");
  expect(paceOf(measured({ used: 0 })).kind).toBe("none");
});

test("the even share of a day lasts the whole month", () => {
  expect(evenShare(3000, november)).toBe(100);
  expect(evenShare(null, november)).toBeUndefined();
  expect(evenShare(0, november)).toBeUndefined();
});

test("every day that the month touches has a place", () => {
  const slots = daySlots({ start: "2026-11-21T12:00:00Z", end: "2026-12-21T12:00:00Z" }, [{ date: "2026-11-22", used: 5 }], Date.parse("2026-11-22T10:00:00Z"));
  expect(slots).toHaveLength(31);
  expect(slots.slice(0, 3)).toEqual([
    { date: "2026-11-21", used: undefined, isToday: false },
    { date: "2026-11-22", used: 5, isToday: true },
    { date: "2026-11-23", used: undefined, isToday: false },
  ]);
  expect(slots.at(-1)?.date).toBe("2026-12-21");
  expect(daySlots(november, [], NOON)).toHaveLength(30);
});

test("a mark is in the chart if it is not far above the bars", () => {
  expect(scaleOf([10, undefined, 40], [60])).toBe(60);
  expect(scaleOf([10, 40], [100])).toBe(40);
  expect(scaleOf([undefined], [100])).toBe(0);
});
