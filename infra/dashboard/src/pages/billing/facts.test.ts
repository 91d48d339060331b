import { expect, test } from "vitest";
import type { PlanView, Subscription } from "../../api/queries/billing";
import { catalogueOf } from "../../api/queries/catalogue";
import { currencies, currenciesOf, freeMonths, gigabytes, intervalsOf, isEarlier, load, offer, outcome, paidPrice, priceOf, startsOver } from "./facts";

const size = { cpu_units: 256, memory_mib: 512 };
const plans = [
  ["free", 0],
  ["starter", 9],
  ["pro", 29],
  ["enterprise", null],
].map(([plan, price]) => offered(String(plan), price ? prices(Number(price) * 100) : [], price === null));

function prices(amount: number, currency = "usd"): PlanView["prices"] {
  return [
    { interval: "month", currency, amount },
    { interval: "year", currency, amount: amount * 10 },
  ];
}

function offered(plan: string, prices: PlanView["prices"], by_contract = false): PlanView {
  return { plan, version: 1, title: plan, description: "", highlighted: false, by_contract, prices, limits: {}, features: [], runtime: size };
}

const free: Subscription = { plan: "free", status: "active", cancel_at_period_end: false, collection_paused: false, payment_pending: false, next_step: "buy", can_buy: true, limits: {} };
const starter: Subscription = { ...free, next_step: "none", can_buy: false, plan: "starter", interval: "month", current_period_start: "2026-11-01T00:00:00Z", current_period_end: "2026-12-01T00:00:00Z" };
const end = "2026-12-01T00:00:00Z";

type Change = NonNullable<PlanView["change"]>;

/** `pays`: the plan to which the API compares the others. By a contract, only the operator changes it. */
function changes(pays: string): Change[] {
  const names = plans.map(({ plan }) => plan);
  return names.map((plan, place) => {
    if (plan === pays) return "none";
    if (plan === "enterprise" || pays === "enterprise") return "contract";
    return place > names.indexOf(pays) ? "upgrade" : "downgrade";
  });
}

function offers(paid: Subscription, interval: "month" | "year" = "month", changed = changes(paid.plan)) {
  return plans.map((plan, place) => offer({ ...plan, current: plan.plan === paid.plan, change: changed[place] ?? null }, interval, paid)).join(" ");
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
  expect(offers({ ...free, plan: "enterprise" })).toBe("contract contract contract current");
  expect(offers({ ...starter, plan: "enterprise" }), "a subscription next to a contract").toBe("cancel contract contract current");
});

test("the API says which plan is larger than one that is not listed", () => {
  const hidden: Subscription = { ...starter, plan: "founders" };
  expect(offers(hidden, "month", ["downgrade", "downgrade", "upgrade", "contract"])).toBe("cancel downgrade upgrade contract");
  expect(offers(hidden, "year", ["downgrade", "downgrade", "downgrade", "contract"])).toBe("cancel downgrade downgrade contract");
});

test("an earlier version is still the plan that the workspace has", () => {
  const [, view] = plans as [PlanView, PlanView];
  const old: PlanView = { ...view, version: 2, current: false, change: "none" };
  expect([offer(old, "month", starter), offer(old, "year", starter)]).toEqual(["current", "interval"]);
  expect([isEarlier(old, starter), isEarlier({ ...old, current: true }, starter), isEarlier({ ...old, change: "upgrade" }, { ...starter, plan: "founders" })]).toEqual([true, false, false]);
});

test("the currency is that of a subscription, or chosen", () => {
  const both = [offered("a", [...prices(900, "usd"), ...prices(800, "eur")])];
  const pays = (currency: string) => ({ recent_invoices: [{ currency }] }) as unknown as Parameters<typeof currencies>[1];
  expect(currencies(free, undefined, both)).toEqual({ shown: "usd", choices: ["usd", "eur"] });
  expect(currencies(free, undefined, both, "eur").shown).toBe("eur");
  expect(currencies(free, undefined, both, "gbp").shown, "not sold").toBe("usd");
  expect(currencies(free, pays("eur"), both).shown, "paid before").toBe("eur");
  expect(currencies(starter, pays("eur"), both, "usd")).toEqual({ shown: "eur", choices: [] });
  expect(currencies(starter, undefined, both, "eur"), "not known to those who see no invoices").toEqual({ shown: undefined, choices: [] });
  expect(currencies(starter, undefined, plans).shown).toBe("usd");
  const two = both[0]?.prices ?? [];
  expect([paidPrice(two, "month", "eur")?.amount, paidPrice(two, "month", undefined), paidPrice(two, "month", "gbp"), paidPrice(prices(900), "month", undefined)?.amount]).toEqual([800, undefined, undefined, 900]);
});

test("what is offered while a payment is missing or on its way", () => {
  const unpaid: Subscription = { ...starter, plan: "free", status: "unpaid", next_step: "pay", can_buy: true };
  expect(offers(unpaid, "month", changes("starter"))).toBe("cancel buy buy contract");
  expect(offers({ ...unpaid, status: "past_due", plan: "starter", can_buy: false })).toBe("cancel current upgrade contract");
  expect(offers({ ...unpaid, status: "incomplete" })).toBe("current buy buy contract");
  const onItsWay: Subscription = { ...starter, plan: "free", payment_pending: true, next_step: "wait" };
  expect(offers(onItsWay, "month", changes("starter"))).toBe("cancel waiting upgrade contract");
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
  expect(freeMonths([offered("a", prices(900).slice(0, 1))]), "sold by the month only").toBe(0);
  expect([512, 10_240, 1_048_576, 1100].map(gigabytes)).toEqual([0.5, 10, 1024, 1.07]);
});

test("prices by interval and currency", () => {
  const both = [...prices(1200, "jpy"), ...prices(900, "eur")];
  expect(priceOf(both, "year", "eur")?.amount).toBe(9000);
  expect(priceOf(both, "month", "usd")?.currency).toBe("jpy");
  expect(priceOf(both.slice(0, 1), "year")).toBeUndefined();
  expect(intervalsOf([offered("a", both.slice(0, 1))])).toEqual(["month"]);
  expect(currenciesOf([offered("none", []), offered("a", both)])).toEqual(["jpy", "eur"]);
});

test("titles are those of the API, and none is made up for a plan", () => {
  const meters = [{ meter: "gpu_hours", title: "Hours of GPU", unit: "hours", monthly: true, consumed: true }];
  const found = catalogueOf({ plans: [offered("solo", prices(1)), offered("deal", [], true), offered("open", [])], meters, features: [] });
  expect([found.plan("solo/2"), found.plan("old_plan/3"), found.meter("gpu_hours"), found.feature("single_sign_on")]).toEqual(["solo", "old_plan", "Hours of GPU", "Single sign on"]);
  const page = { plans: [offered("solo", prices(1))], meters, features: [] };
  expect(catalogueOf(page, { name: "old_plan", title: "Founders" }).plan("old_plan/3")).toBe("Founders");
  expect([found.free, found.isFree("deal"), found.isContract("deal")]).toEqual(["open", false, true]);
});
