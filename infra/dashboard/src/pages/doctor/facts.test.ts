import { expect, test } from "vitest";
import type { Code, Difference, Outcome } from "../../api/doctor/examination";
import { doctor } from "../../text/en/pages/doctor";
import { AREAS, areaOf, isRepairable, outcomesOf, planOf, rowsOf } from "./facts";

const difference = (code: Code, recorded: unknown, found: unknown, more: Partial<Difference> = {}): Difference =>
  ({ code, subject: "subject", recorded, found, repair: null, ...more }) as Difference;

const join = (names: string[]) => names.join(" and ");
const plan = (...differences: Difference[]) => planOf(differences, doctor, (name) => name.toUpperCase(), join);

test("only what an owner's repair changes is repairable", () => {
  const by_hand: Code[] = ["address_of_two", "second_subscription", "price", "audit_log"];
  for (const code of by_hand) expect(isRepairable(difference(code, null, null)), code).toBe(false);
  expect(isRepairable(difference("customer", {}, { status: "unknown" }))).toBe(false);
  expect(isRepairable(difference("customer", {}, { status: "deleted" }))).toBe(true);
  expect(isRepairable(difference("counter", 3, 1))).toBe(true);
});

test("a kind that is not known is shown, and not promised to be repaired", () => {
  const unknown = difference("moon_phase" as Code, 1, 2);
  expect(areaOf(unknown.code)).toBe(AREAS[0]);
  expect(isRepairable(unknown)).toBeFalsy();
  expect(rowsOf(unknown)).toEqual([{ field: "count", recorded: 1, found: 2 }]);
  expect(plan(unknown)).toEqual([]);
});

test("of a subscription only what differs is shown", () => {
  const recorded = { id: "sub_1", plan: "pro", interval: "month", status: "active", cancel_at: null };
  const found = { id: "sub_1", plan: "business", interval: "month", status: "active" };
  expect(rowsOf(difference("subscription", recorded, found))).toEqual([{ field: "plan", recorded: "pro", found: "business" }]);
  expect(rowsOf(difference("subscription", null, found)).map(({ field }) => field)).toEqual(["plan", "interval", "status", "id"]);
});

test("values of any shape are read", () => {
  expect(rowsOf(difference("audit_log", { number: 5, digest: "a" }, null)).map(({ field, found }) => [field, found])).toEqual([["number", undefined], ["digest", undefined]]);
  expect(rowsOf(difference("runtime", "odd", 7))).toEqual([{ field: "tasks", recorded: undefined, found: undefined }]);
  expect(rowsOf(difference("secret_missing", true, false))).toEqual([]);
});

test("a repair is described once for each thing it does", () => {
  const wants = (status: string) => difference("runtime", { status: "running", tasks: [] }, { wanted: { status }, tasks: [] });
  expect(plan(difference("counter", 3, 1), difference("counter", 7, 2))).toEqual([doctor.plan.counter]);
  expect(plan(wants("running"))).toEqual([doctor.plan.runtime.running]);
  expect(plan(wants("stopped"), difference("address_of_nobody", true, false))).toEqual([doctor.plan.address_of_nobody, doctor.plan.runtime.stopped]);
  const secrets = ["slack", "webhook"].map((subject) => difference("secret_missing", true, false, { subject }));
  expect(plan(...secrets)).toEqual([doctor.plan.secret_missing("SLACK and WEBHOOK")]);
  expect(plan(difference("audit_log", null, null))).toEqual([]);
});

test("results are counted", () => {
  const results: Outcome[] = ["done", "done", "by_hand"];
  expect(outcomesOf(results.map((repair) => difference("counter", 1, 2, { repair })))).toEqual({ done: 2, under_way: 0, ask_again: 0, by_hand: 1 });
});
