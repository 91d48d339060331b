import { expect, test } from "vitest";
import type { AddonOffer, HeldAddon, PlanView, Subscription } from "../../api/queries/billing";
import { catalogueOf } from "../../api/queries/catalogue";
import { addonRefusal, addonChanges, addonRows, currencies, currenciesOf, freeMonths, intervalsOf, isEarlier, offer, outcome, paidPrice, priceOf, scheduledAddons, startsOver, unitsOf, waitingAddons } from "./facts";

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

const free: Subscription = { plan: "free", status: "active", cancel_at_period_end: false, collection_paused: false, payment_pending: false, next_step: "buy", can_buy: true, addons: [], limits: {} };
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
  const change = { plan: "pro", interval: "month" as const, addons: [], url: null, expires_at: end };
  expect(offers({ ...starter, pending_change: change, next_step: "pay_change" })).toBe("cancel keep waiting contract");
  expect([startsOver(unpaid), startsOver({ ...unpaid, payment_pending: true, can_buy: false }), startsOver(starter)]).toEqual([true, false, false]);
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
  const found = catalogueOf({ plans: [offered("solo", prices(1)), offered("deal", [], true), offered("open", [])], addons: [addon("storage", "storage_mb")], meters, features: [] });
  expect([found.plan("solo/2"), found.plan("old_plan/3"), found.meter("gpu_hours"), found.feature("single_sign_on")]).toEqual(["solo", "old_plan", "Hours of GPU", "Single sign on"]);
  expect([found.addon("storage"), found.addon("more_mail")]).toEqual(["Title of storage", "More mail"]);
  const page = { plans: [offered("solo", prices(1))], addons: [], meters, features: [] };
  expect(catalogueOf(page, { plan: { name: "old_plan", title: "Founders" } }).plan("old_plan/3")).toBe("Founders");
  const sold = { ...page, addons: [addon("storage", "storage_mb")] };
  expect(catalogueOf(sold, { addons: [holds("storage", 1, { title: "50 GB more" })] }).addon("storage"), "of the version that is held").toBe("50 GB more");
  expect([found.free, found.isFree("deal"), found.isContract("deal")]).toEqual(["open", false, true]);
});

function addon(addon: string, meter: string, more: Partial<AddonOffer> = {}): AddonOffer {
  return { addon, version: 1, title: `Title of ${addon}`, description: "", meter, amount: 100, maximum_quantity: 20, prices: prices(500), ...more };
}

function holds(addon: string, quantity: number, more: Partial<HeldAddon> = {}): HeldAddon {
  return { addon, title: `Title of ${addon}`, meter: addon === "seats" ? "members" : "storage_mb", amount: 100, price: 500, currency: "usd", quantity, scheduled_quantity: null, ...more };
}

/** "storage 2/20": held and the most that can be ordered. */
function rows(paid: Subscription, offers: AddonOffer[], interval: "month" | "year" = "month") {
  return addonRows(offers, paid, interval, "usd").map(({ addon, quantity, most }) => `${addon} ${quantity}/${most}`).join(" ");
}

test("add-ons: offered, or only to be reduced", () => {
  const limited: Subscription = { ...starter, limits: { storage_mb: 1024, members: null } };
  const storage = addon("storage", "storage_mb");
  const seats = addon("seats", "members");
  const has = (...held: Parameters<typeof holds>) => ({ ...limited, addons: [holds(...held)] });
  expect(rows(limited, [storage, seats]), "no effect where there is no limit").toBe("storage 0/20");
  expect(rows(has("storage", 2), [storage])).toBe("storage 2/20");
  expect(rows(has("seats", 3), [storage, seats])).toBe("storage 0/20 seats 3/3");
  expect(rows(has("gone", 1), [storage]), "not sold any more").toBe("storage 0/20 gone 1/1");
  expect(rows(has("storage", 30), [storage]), "the largest number has become smaller").toBe("storage 30/30");
  const monthly = addon("storage", "storage_mb", { prices: prices(500).slice(0, 1) });
  expect([rows(limited, [monthly], "year"), rows(has("storage", 1), [monthly], "year"), rows(has("storage", 1, { price: null }), [monthly], "year")]).toEqual(["storage 0/0", "storage 1/20", "storage 1/1"]);
  expect(rows(limited, [addon("storage", "storage_mb", { prices: prices(500, "eur") })]), "not in the currency").toBe("storage 0/0");
  expect([rows(has("storage", 0, { scheduled_quantity: 2 }), []), rows(has("storage", 0, { scheduled_quantity: 2 }), [storage])], "from the next period on").toEqual(["storage 0/2", "storage 0/20"]);
  expect(rows(limited, [])).toBe("");
});

test("a held add-on has the terms of its version", () => {
  const limited: Subscription = { ...starter, limits: { storage_mb: 1024, members: null } };
  const newest = addon("storage", "storage_mb", { description: "More space.", amount: 200, prices: [...prices(900), ...prices(800, "eur")] });
  const first = (held: HeldAddon[], currency?: string) => addonRows([newest], { ...limited, addons: held }, "month", currency)[0];
  const earlier = holds("storage", 2, { amount: 100, price: 500 });
  expect(first([earlier], "usd")).toMatchObject({ amount: 100, prices: [{ currency: "usd", amount: 500 }], description: undefined, sold: true });
  expect(first([holds("storage", 2, { amount: 200 })], "usd")?.description, "of the same terms").toBe("More space.");
  expect([first([earlier])?.prices, first([{ ...earlier, price: null }], "usd")?.prices], "not known").toEqual([[], []]);
  expect(first([], "usd")).toMatchObject({ amount: 200, prices: [{ currency: "usd", amount: 900 }], description: "More space." });
  expect(first([])?.prices.map(({ currency }) => currency)).toEqual(["usd", "eur"]);
  const [gone] = addonRows([], { ...limited, addons: [earlier] }, "month", "usd");
  expect(gone).toMatchObject({ meter: "storage_mb", amount: 100, prices: [{ amount: 500 }], sold: false, most: 2 });
});

test("add-ons are sold to those who pay for a plan that continues", () => {
  expect([free, starter].map((paid) => addonRefusal(paid, false))).toEqual(["buy", undefined]);
  const states: Partial<Subscription>[] = [{ status: "trialing" }, { status: "past_due" }, { cancel_at: end }, { next_step: "wait" }, { status: "unpaid", can_buy: true }];
  expect(states.map((state) => addonRefusal({ ...starter, ...state }, false))).toEqual(["trial", "due", "ending", "wait", "buy"]);
  expect(addonRefusal(starter, true)).toBe("contract");
});

test("a pending change of the same plan is one of add-ons", () => {
  const held = [holds("storage", 1)];
  const change = { plan: "starter", interval: "month" as const, addons: [{ addon: "storage", quantity: 3 }], url: null, expires_at: end };
  const waits: Subscription = { ...starter, addons: held, pending_change: change, next_step: "pay_change" };
  expect(waitingAddons(waits)).toEqual([{ addon: "storage", now: 1, next: 3 }]);
  expect(offers(waits), "the plan itself waits for nothing").toBe("cancel current upgrade contract");
  expect(addonRows([addon("storage", "storage_mb")], waits, "month", "usd")[0]?.waiting).toBe(3);
  expect(waitingAddons({ ...waits, pending_change: { ...change, plan: "pro" } })).toEqual([]);
  expect(waitingAddons({ ...waits, pending_change: { ...change, interval: "year" } })).toEqual([]);
});

test("changes of add-ons, also to none and from none", () => {
  const held = [holds("a", 2, { scheduled_quantity: 0 }), holds("b", 1)];
  expect(scheduledAddons({ ...starter, addons: held })).toEqual([{ addon: "a", now: 2, next: 0 }]);
  expect(addonChanges(held, [{ addon: "b", quantity: 1 }, { addon: "c", quantity: 4 }])).toEqual([{ addon: "a", now: 2, next: 0 }, { addon: "c", now: 0, next: 4 }]);
});

test("a number of units is whole and not too large", () => {
  expect(["0", "20", " 7 ", "21", "-1", "1.5", "1e1", "", "999999999999"].map((typed) => unitsOf(typed, 20))).toEqual([0, 20, 7, ...Array(6).fill(undefined)]);
});
