import { expect, test } from "vitest";
import { dayAfter, dayIn, isDay, startOf } from "./days";

test.each([
  ["2026-11-28", "UTC", "2026-11-28T00:00:00.000Z"],
  ["2026-11-28", "Europe/Lisbon", "2026-11-28T00:00:00.000Z"],
  ["2026-07-28", "Europe/Lisbon", "2026-07-27T23:00:00.000Z"],
  ["2026-11-28", "America/Los_Angeles", "2026-11-28T08:00:00.000Z"],
  ["2026-11-28", "Pacific/Kiritimati", "2026-11-27T10:00:00.000Z"],
  ["2026-11-28", "Asia/Kathmandu", "2026-11-27T18:15:00.000Z"],
  // Days on which clocks change later.
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  // Clocks went from 00:00 to 01:00.
  ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
  // Clocks went from 01:00 back to 00:00.
  ["2026-11-01", "America/Havana", "2026-11-01T04:00:00.000Z"],
])("%s begins in %s", (day, zone, at) => {
  expect(startOf(day, zone)).toBe(at);
  expect(dayIn(Date.parse(at), zone)).toBe(day);
  expect(dayIn(Date.parse(at) - 1, zone)).not.toBe(day);
});

test("a day exists, or is none", () => {
  expect(["2026-02-28", "2028-02-29", "1999-12-31"].every(isDay)).toBe(true);
  expect(["2026-02-29", "2026-13-01", "26-01-01", "0026-01-01", "2026-1-1", "2026-01-01T00:00", ""].some(isDay)).toBe(false);
  expect(dayAfter("2026-12-31")).toBe("2027-01-01");
});
