import { expect, test } from "vitest";
import { BEFORE, calendarMonthOf, dayBefore, monthsEarlier, walkBack, type MonthUsage, type Period } from "./months";

const period = (start: string, end: string): Period => ({ start: `${start}T00:00:00Z`, end: `${end}T00:00:00Z` });
const month = (start: string, end: string): MonthUsage => ({ period: period(start, end), usage: [] });

/** An API with these months, oldest first: the month in which the day ends, or the first one. */
function api(months: MonthUsage[]) {
  const asked: string[] = [];
  const ask = (day: string) => {
    asked.push(day);
    const end = Date.parse(`${day}T23:59:59.999Z`);
    const found = months.filter((one) => Date.parse(one.period.start) <= end && end < Date.parse(one.period.end));
    return Promise.resolve(found.at(-1) ?? (months[0] as MonthUsage));
  };
  return { asked, ask };
}

const starts = (months: MonthUsage[]) => months.map((one) => one.period.start.slice(0, 10));

test("a day ends before the start of the month, whatever its time", () => {
  expect(dayBefore("2026-11-01T00:00:00Z")).toBe("2026-10-31");
  expect(dayBefore("2026-11-21T12:30:00Z")).toBe("2026-11-20");
  expect(dayBefore("2027-01-01T00:00:00Z")).toBe("2026-12-31");
});

test("a month earlier is on the last day of a shorter one", () => {
  expect(monthsEarlier("2026-03-31T10:00:00Z", 1).slice(0, 10)).toBe("2026-02-28");
  expect(monthsEarlier("2026-01-15T10:00:00Z", 2).slice(0, 10)).toBe("2025-11-15");
});

test("days are asked for by a calendar month that ends in the month", () => {
  expect(calendarMonthOf(period("2026-11-01", "2026-12-01"))).toBe("2026-11");
  expect(calendarMonthOf({ start: "2026-11-21T12:00:00Z", end: "2026-12-21T12:00:00Z" })).toBe("2026-11");
  expect(calendarMonthOf(period("2026-03-10", "2026-03-27")), "a trial within a calendar month").toBeUndefined();
});

test("a year of months is found by one request each", async () => {
  const all = Array.from({ length: 24 }, (_, place) => month(monthsEarlier("2026-11-01T00:00:00Z", 24 - place).slice(0, 10), monthsEarlier("2026-11-01T00:00:00Z", 23 - place).slice(0, 10)));
  const { asked, ask } = api(all);
  const found = await walkBack(period("2026-11-01", "2026-12-01"), "2020-01-01T00:00:00Z", ask);
  expect(found).toHaveLength(BEFORE);
  expect(starts(found).slice(0, 2)).toEqual(["2026-10-01", "2026-09-01"]);
  expect(starts(found).at(-1)).toBe("2025-12-01");
  expect(asked).toHaveLength(BEFORE);
});

test("nothing is asked for from before the workspace", async () => {
  const { asked, ask } = api([month("2026-09-10", "2026-10-10"), month("2026-10-10", "2026-11-10")]);
  const found = await walkBack(period("2026-11-10", "2026-12-10"), "2026-09-10T08:00:00Z", ask);
  expect(starts(found)).toEqual(["2026-10-10", "2026-09-10"]);
  expect(asked).toEqual(["2026-11-09", "2026-10-09"]);
  expect(await walkBack(period("2026-11-10", "2026-12-10"), "2026-11-10T08:00:00Z", ask)).toEqual([]);
});

test("months that a new billing period cut short are found, too", async () => {
  const { ask } = api([month("2026-08-10", "2026-09-10"), month("2026-09-10", "2026-10-10"), month("2026-10-10", "2026-10-25"), month("2026-10-25", "2026-11-25")]);
  const found = await walkBack(period("2026-11-25", "2026-12-25"), "2026-08-10T08:00:00Z", ask);
  expect(starts(found)).toEqual(["2026-10-25", "2026-10-10", "2026-09-10", "2026-08-10"]);
});

test("an answer that leads no further ends it", async () => {
  const stuck = month("2026-11-01", "2026-12-01");
  expect(await walkBack(period("2026-11-01", "2026-12-01"), "2026-01-01T00:00:00Z", () => Promise.resolve(stuck))).toEqual([]);
});
