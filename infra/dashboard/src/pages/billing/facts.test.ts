import { expect, test } from "vitest";
import type { PlanView, Subscription } from "../../api/queries/billing";
import { freeMonths, gigabytes, load, offer, outcome, startsOver } from "./facts";

const size = { cpu_units: 256, memory_mib: 512 };
const plans = [
  ["free", 0],
  ["starter", 9],
  ["pro", 29],
  ["enterprise", null],
].map(([plan, price]) => ({ plan, monthly_price_usd: price, yearly_price_usd: price === null ? null : Number(price) * 10, limits: {}, runtime: size }) as PlanView);

const free: Subscription = { plan: "free", status: "active", cancel_at_period_end: false, collection_paused: false, payment_pending: false, next_step: "buy", can_buy: true, limits: {} };
const starter: Subscription = { ...free, next_step: "none", can_buy: false, plan: "starter", interval: "month", current_period_start: "2026-11-01T00:00:00Z", current_period_end: "2026-12-01T00:00:00Z" };
const end = "2026-12-01T00:00:00Z";

function offers(paid: Subscription, interval: "month" | "year" = "month") {
  return plans.map((plan) => offer(plan, interval, paid, plans)).join(" ");
}

test("what is offered of each plan", () => {
  expect(offers(free)).toBe("current buy buy contract");
  expect(offers(starter)).toBe("cancel current upgrade contract");
  expect(offers(starter, "year")).toBe("cancel interval upgrade contract");
  expect(offers({ ...starter, plan: "pro" })).toBe("cancel downgrade current contract");
  expect(offers({ ...starter, cancel_at: end })).toBe("scheduled keep upgrade contract");
  expect(offers({ ...starter, plan: "pro", scheduled_plan: "starter" })).toBe("cancel scheduled keep contract");
  expect(offers({ ...starter, interval: "year", scheduled_plan: "starter" }, "month")).toBe("cancel scheduled upgrade contract");
  expect(offers({ ...starter, interval: "year", scheduled_plan: "starter" }, "year")).toBe("cancel keep upgrade contract");
  expect(offers({ ...free, plan: "enterprise" })).toBe("buy buy buy current");
});

test("what is offered while a payment is missing or on its way", () => {
  const unpaid: Subscription = { ...starter, plan: "free", status: "unpaid", next_step: "pay", can_buy: true };
  expect(offers(unpaid)).toBe("cancel buy buy contract");
  expect(offers({ ...unpaid, status: "past_due", plan: "starter", can_buy: false })).toBe("cancel current upgrade contract");
  expect(offers({ ...unpaid, status: "incomplete" })).toBe("current buy buy contract");
  const change = { plan: "pro", interval: "month", url: null, expires_at: end } as const;
  expect(offers({ ...starter, pending_change: change, next_step: "pay_change" })).toBe("cancel keep waiting contract");
  expect([startsOver(unpaid), startsOver({ ...unpaid, payment_pending: true, can_buy: false }), startsOver(starter)]).toEqual([true, false, false]);
});

test("a meter is near its limit from 80 %", () => {
  expect([79, 80, 99, 100, 120].map((used) => load(used, 100))).toEqual(["fine", "near", "near", "full", "full"]);
  expect([load(5, null), load(0, 0)]).toEqual(["fine", "full"]);
});

test("a return from Stripe is paid once the plan is in force", () => {
  expect(outcome(starter, "starter")).toBe("paid");
  expect(outcome(starter, undefined)).toBe("paid");
  expect(outcome({ ...starter, status: "trialing" }, "starter")).toBe("paid");
  expect(outcome(starter, "pro")).toBe("pending");
  expect(outcome({ ...starter, status: "incomplete" }, "starter")).toBe("pending");
  expect(outcome(free, "starter")).toBe("pending");
});

test("figures", () => {
  expect(freeMonths(plans)).toBe(2);
  expect([512, 10_240, 1_048_576, 1100].map(gigabytes)).toEqual([0.5, 10, 1024, 1.07]);
});
