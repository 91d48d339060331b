import { expect, test } from "vitest";
import { draftOf, termsOf, wrongOf } from "./terms";

const inForce = { members: 10, executions: null, retention_days: 730 };
const contract = { plan: "enterprise/2", limits: { members: 200, executions: null }, features: ["audit_export"], interval: "year", runtime: { cpu_units: 4096, memory_mib: 8192 } } as const;

test("a contract that is opened and sent again is the same", () => {
  const same = { ...contract, features: [...contract.features] };
  expect(termsOf(draftOf(same, inForce))).toEqual(same);
});

test("an empty form has the terms of the plan", () => {
  expect(termsOf(draftOf(null, inForce))).toEqual({ limits: {}, features: [] });
  expect(wrongOf(draftOf(null, inForce))).toBeUndefined();
});

test("every limit in force, and every agreed one, can be changed", () => {
  expect(Object.keys(draftOf({ ...contract, features: [], limits: { gone: 1 } }, inForce).limits)).toEqual(["executions", "gone", "members", "retention_days"]);
});

test("half a size, a size and a limit without a number are wrong", () => {
  const draft = draftOf(null, inForce);
  expect(wrongOf({ ...draft, cpu: "1024" })).toEqual({ size: "half" });
  expect(wrongOf({ ...draft, cpu: " ", memory: "2 GB" })).toEqual({ size: "half" });
  expect(wrongOf({ ...draft, cpu: "1 vCPU", memory: "2048" })).toEqual({ size: "cpu" });
  expect(wrongOf({ ...draft, cpu: " 1024 ", memory: "2 GB" })).toEqual({ size: "memory" });
  expect(wrongOf({ ...draft, cpu: " 1024 ", memory: "2048" })).toBeUndefined();
  expect(wrongOf({ ...draft, limits: { ...draft.limits, members: { kind: "number", value: "-1" } } })).toEqual({ limit: "members" });
});

test("features are separated by commas", () => {
  expect(termsOf({ ...draftOf(null, {}), features: " sso, ,audit_export," }).features).toEqual(["sso", "audit_export"]);
});
