import { expect, test } from "vitest";
import { bodyOf, changesOf, errorsOf, fresh, networksIn, rebased, termsOf, whole, wrongIn, type Draft, type Terms } from "./draft";

const draft: Draft = { ...fresh, name: "  Nightly ", scopes: new Set(["usage:write", "workspace:read"]) };

test("what is left empty is not sent", () => {
  expect(bodyOf(draft)).toEqual({ name: "Nightly", scopes: ["workspace:read", "usage:write"], expires_in_days: 90 });
  const whole = { ...draft, days: " 7 ", networks: "10.0.0.0/8,\n 2001:db8::/32 10.0.0.0/8", budgets: { executions: "1000", traces: " " }, service: true };
  expect(bodyOf(whole)).toEqual({
    name: "Nightly",
    scopes: ["workspace:read", "usage:write"],
    expires_in_days: 7,
    networks: ["10.0.0.0/8", "2001:db8::/32"],
    budgets: { executions: 1000 },
    service: true,
  });
});

test("a key that reports no usage has no budgets", () => {
  const reads: Draft = { ...draft, scopes: new Set(["usage:read"]), budgets: { executions: "x" } };
  expect(wrongIn(reads)).toEqual({});
  expect(bodyOf(reads)).not.toHaveProperty("budgets");
});

test("what is missing is said before anything is sent", () => {
  expect(wrongIn(draft)).toEqual({});
  expect(wrongIn({ ...fresh, name: " " })).toEqual({ name: true, scopes: true });
  for (const days of ["", "0", "367", "1.5", "-1", "x", "1e999"]) expect(wrongIn({ ...draft, days }), days).toEqual({ days: true });
  for (const days of ["1", "366"]) expect(wrongIn({ ...draft, days })).toEqual({});
  const many = Array.from({ length: 21 }, (_, n) => `10.0.0.${n}`).join("\n");
  expect(wrongIn({ ...draft, networks: many })).toEqual({ networks: 21 });
  expect(wrongIn({ ...draft, budgets: { executions: "1.5", traces: "5" } })).toEqual({ budgets: ["executions"] });
});

test("numbers are whole", () => {
  expect(["0", " 12 ", "", "1.5", "-1", "99999999999999999999", "x"].map(whole)).toEqual([0, 12, undefined, undefined, undefined, undefined, undefined]);
});

test("spaces, commas and lines separate networks", () => {
  expect(networksIn(" 10.0.0.0/8; 10.0.0.1,10.0.0.1\n\n")).toEqual(["10.0.0.0/8", "10.0.0.1"]);
});

const base: Terms = termsOf({ name: "Nightly", scopes: ["usage:read", "usage:write"], networks: ["10.0.0.0/8"] });

test("only changes are sent", () => {
  expect(changesOf(base, { ...base, name: "Nightly ", networks: " 10.0.0.0/8 " })).toEqual({});
  expect(changesOf(base, { ...base, scopes: new Set(["usage:read"]) })).toEqual({ scopes: ["usage:read"] });
  expect(changesOf(base, { ...base, networks: "" })).toEqual({ networks: [] });
});

test("what was not touched follows a change by others", () => {
  const theirs = termsOf({ name: "Hourly", scopes: ["usage:read"], networks: [] });
  expect(rebased(base, { ...base, networks: "10.1.0.0/16" }, theirs)).toEqual({ ...theirs, networks: "10.1.0.0/16" });
  expect(rebased(base, { ...base, name: "Weekly" }, theirs)).toEqual({ ...theirs, name: "Weekly" });
  expect([...rebased(base, { ...base, scopes: new Set(["usage:write"]) }, theirs).scopes], "a key never gets more").toEqual([]);
});

test("errors of entries are errors of their field", () => {
  const fields = { "networks[1]": "must be a network", "networks.2": "must be a network, too", networksome: "no" };
  expect(errorsOf(fields, "networks")).toBe("must be a network must be a network, too");
  expect(errorsOf(fields, "name")).toBeUndefined();
});
