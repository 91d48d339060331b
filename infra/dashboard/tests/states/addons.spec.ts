// The add-ons on the page on billing in each of their states.

import { expect, test, type Locator, type Page } from "@playwright/test";
import { answers, card, config, END, heading, invoices, PATH, paid, stripe } from "./billing";
import { perSeat, seenBy } from "./catalogue";
import { open, problem, seen, seenEverywhere, type Answers } from "./stage";

const [free, team] = perSeat.plans as [(typeof perSeat.plans)[number], (typeof perSeat.plans)[number]];
const limits = team.limits as Record<string, number | null>;
/** An add-on in the version of the catalogue, unless `more` says otherwise. */
function held(addon: string, quantity: number, scheduled_quantity: number | null = null, more: Record<string, unknown> = {}) {
  const terms = perSeat.addons.find((one) => one.addon === addon);
  return { addon, title: terms?.title, meter: terms?.meter, amount: terms?.amount, price: terms?.prices[0]?.amount, quantity, scheduled_quantity, ...more };
}
/** A subscription to Team with these add-ons. */
const pays = (addons: ReturnType<typeof held>[] = [], more: Record<string, unknown> = {}): Record<string, unknown> => ({ ...paid, plan: "team", limits, addons, ...more });
const headers = { "access-control-allow-origin": "*" };

function sold(subscription: Record<string, unknown>, more: Answers = {}, role = "owner"): Answers {
  return answers(subscription, {
    "GET /billing/plans": seenBy(perSeat, () => subscription as { plan: string }),
    "GET /billing/config": { body: config(subscription, { current_usage: { members: 8, integrations: 4 }, pricing: { prices: team.prices, billing_interval: "month", auto_renew: true } }) },
    "GET /billing/usage": {
      body: {
        period: { start: "2026-11-01T00:00:00Z", end: END },
        usage: [
          { meter: "exports", used: 1200, limit: limits["exports"], resets_at: END },
          { meter: "storage_mb", used: 99_000, limit: limits["storage_mb"], resets_at: null },
        ],
      },
    },
    ...more,
  }, role);
}

/** The preview of each quantity that is asked for: more is paid now, less comes when the period ends. */
function preview(now: number, more: Record<string, unknown> = {}): Answers {
  return {
    "GET /billing/addons/preview": async (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const quantity = Number(asked.get("quantity"));
      const cost = quantity < now ? { effective_at: END, amount_due_now: 0 } : { effective_at: null, amount_due_now: (quantity - now) * 250 };
      await route.fulfill({ headers, json: { addon: asked.get("name"), quantity, ...cost, next_amount: quantity * 500, currency: "usd", over_limits: [], ...more } });
    },
  };
}

const section = (page: Page) => page.getByRole("region", { name: "Add-ons" });
const change = (page: Page, name = "100 GB more") => page.getByRole("button", { name: `Change ${name}`, exact: true });

async function opened(page: Page): Promise<Locator> {
  await change(page).click();
  return page.getByRole("dialog", { name: "Change the add-on: 100 GB more" });
}

test("what a unit adds and costs, and how many there are", async ({ page }) => {
  await open(page, PATH, sold(pays([held("storage", 3, 1)])));
  const storage = card(page, "100 GB more");
  await expect(storage.getByText("Each unit raises the limit of Storage by 100 GB.")).toBeVisible();
  await expect(storage.getByText("$5.00 per unit per month", { exact: true })).toBeVisible();
  await expect(storage.getByText("You have 3 units.")).toBeVisible();
  await expect(storage.getByText("1 unit from December 1, 2026")).toBeVisible();
  await expect(card(page, "1,000 exports more").getByText("You have none.")).toBeVisible();
  await expect(page.getByText("Your add-ons change on December 1, 2026")).toBeVisible();
  await expect(page.getByText("100 GB more: 1 instead of 3")).toBeVisible();
  await seenEverywhere(page, "addons");
});

test("nothing where no add-ons are sold", async ({ page }) => {
  await open(page, PATH, answers());
  await expect(heading(page, "Plans")).toBeVisible();
  await expect(section(page)).toHaveCount(0);
});

test("more units: paid at once", async ({ page }) => {
  const asked = await open(page, PATH, sold(pays(), { ...preview(0), "PUT /billing/addons": { body: { status: "applied" } } }));
  const dialog = await opened(page);
  await expect(dialog.getByText("$5.00 per month")).toBeVisible();
  await dialog.getByLabel("Number of units").fill("4");
  await expect(dialog.getByRole("button", { name: "Change the quantity" })).toHaveAttribute("aria-disabled", "true");
  await expect(dialog.getByText("$20.00 per month")).toBeVisible();
  await seenEverywhere(page, "addons-more");
  await dialog.getByRole("button", { name: "Pay $10.00 and add" }).dblclick();
  await expect(page.getByText("100 GB more: You have 4 units.")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  const sent = asked.filter(({ method }) => method === "PUT");
  expect(sent.map(({ path, body }) => ({ path, body }))).toEqual([{ path: "/billing/addons", body: { name: "storage", quantity: 4 } }]);
});

test("the keyboard alone orders, and previews wait for a pause", async ({ page }) => {
  const asked = await open(page, PATH, sold(pays([held("storage", 2)]), { ...preview(2), "PUT /billing/addons": { body: { status: "applied" } } }));
  await change(page).press("Enter");
  const field = page.getByLabel("Number of units");
  await expect(field).toHaveValue("2");
  await expect(page.getByText("You have this number of units already.").first()).toBeVisible();
  await field.focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("12", { delay: 30 });
  await expect(page.getByRole("button", { name: "Pay $25.00 and add" })).toBeVisible();
  expect(asked.filter(({ path }) => path === "/billing/addons/preview")).toHaveLength(1);
  await page.keyboard.press("Enter");
  await expect(page.getByText("100 GB more: You have 12 units.")).toBeVisible();
  await expect(change(page), "the focus comes back").toBeFocused();
});

test("a number that is not possible is named", async ({ page }) => {
  const asked = await open(page, PATH, sold(pays(), preview(0)));
  const dialog = await opened(page);
  const field = dialog.getByLabel("Number of units");
  for (const typed of ["21", "-1", "1.5", ""]) {
    await field.fill(typed);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await field.press("Enter");
  }
  await expect(dialog.getByText("Enter a whole number from 0 to 20.").first()).toBeVisible();
  await seenEverywhere(page, "addons-invalid");
  expect(asked.filter(({ method }) => method === "PUT")).toHaveLength(0);
});

test("fewer units: what is over the limits, and when", async ({ page }) => {
  const over_limits = [{ resource: "storage_mb", used: 250_000, limit: 204_800, effect: "all stays", effect_code: "no_storage" }];
  await open(page, PATH, sold(pays([held("storage", 3)]), { ...preview(3, { over_limits }), "PUT /billing/addons": { body: { status: "scheduled", effective_at: END } } }));
  const dialog = await opened(page);
  await dialog.getByLabel("Number of units").fill("1");
  await expect(dialog.getByText("1 thing is over the limits then")).toBeVisible();
  await expect(dialog.getByText("244.1 GB used, 200 GB allowed")).toBeVisible();
  await seenEverywhere(page, "addons-fewer");
  await dialog.getByRole("button", { name: "Reduce on December 1, 2026" }).click();
  await expect(page.getByText("100 GB more: 1 unit from December 1, 2026")).toBeVisible();
  await expect(dialog).toHaveCount(0);
});

test("none of an add-on: removed when the period ends", async ({ page }) => {
  await open(page, PATH, sold(pays([held("storage", 1)]), preview(1)));
  const dialog = await opened(page);
  await dialog.getByLabel("Number of units").fill("0");
  await expect(dialog.getByText("$0.00 per month")).toBeVisible();
  await expect(dialog.getByText("Everything you use still fits.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Remove on December 1, 2026" })).toBeVisible();
});

test("a scheduled change of add-ons is undone", async ({ page }) => {
  const asked = await open(page, PATH, sold(pays([held("storage", 3, 0)]), { ...preview(3), "POST /billing/subscription/resume": { body: pays([held("storage", 3)]) } }));
  await expect(card(page, "100 GB more").getByText("Removed on December 1, 2026")).toBeVisible();
  const dialog = await opened(page);
  await dialog.getByLabel("Number of units").fill("3");
  await expect(dialog.getByRole("button", { name: "Undo the change" })).toBeVisible();
  await seen(page, "addons-undo");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keep the add-ons" }).click();
  await expect(page.getByText("Your add-ons stay as they are.")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/billing/subscription/resume")).toHaveLength(1);
});

test("a change of add-ons that waits for its payment", async ({ page }) => {
  const pending_change = { plan: "team", interval: "month", addons: [{ addon: "storage", quantity: 3 }], url: "https://invoice.stripe.com/i/6", expires_at: "2026-11-16T10:00:00Z" };
  await open(page, PATH, sold(pays([held("storage", 1)], { pending_change, next_step: "pay_change" }), { "POST /billing/subscription/resume": { body: pays([held("storage", 1)]) } }));
  await expect(page.getByText("A change of your add-ons waits for its payment")).toBeVisible();
  await expect(page.getByText("100 GB more: 3 instead of 1")).toBeVisible();
  await expect(page.getByText(/The upgrade to/)).toHaveCount(0);
  await expect(page.getByRole("link", { name: /^Pay now/ })).toHaveAttribute("href", "https://invoice.stripe.com/i/6");
  await expect(card(page, "Team").getByText("This is your plan.")).toBeVisible();
  await expect(card(page, "100 GB more").getByText("3 units, once they are paid")).toBeVisible();
  await seenEverywhere(page, "addons-waiting");
  await page.getByRole("button", { name: "Keep the add-ons" }).click();
  await expect(page.getByText("Your add-ons stay as they are.")).toBeVisible();
});

test("the bank asks for a confirmation", async ({ page }) => {
  await stripe(page);
  await open(page, PATH, sold(pays(), { ...preview(0), "PUT /billing/addons": { body: { status: "action_required", action_url: "https://invoice.stripe.com/i/5" } } }));
  await (await opened(page)).getByRole("button", { name: "Pay $2.50 and add" }).click();
  await expect(page).toHaveURL("https://invoice.stripe.com/i/5");
});

for (const [status, title] of [
  ["pending", "Stripe has not confirmed the payment yet"],
  ["processing", "Your change is being carried out"],
] as const) {
  test(`an order of add-ons that is ${status}`, async ({ page }) => {
    await open(page, PATH, sold(pays(), { ...preview(0), "PUT /billing/addons": { status: status === "processing" ? 202 : 200, body: { status } } }));
    const dialog = await opened(page);
    await dialog.getByRole("button", { name: "Pay $2.50 and add" }).click();
    await expect(dialog.getByText(title)).toBeVisible();
    await expect(dialog.getByLabel("Number of units")).toHaveCount(0);
    await seen(page, `addons-${status}`);
  });
}

test("units that are paid with the next renewal", async ({ page }) => {
  await open(page, PATH, sold(pays(), { ...preview(0, { effective_at: END, amount_due_now: 0, upgrade_delay: "payment_method" }), "PUT /billing/addons": { body: { status: "scheduled", effective_at: END } } }));
  const dialog = await opened(page);
  await expect(dialog.getByText("Your payment method takes days to confirm a payment")).toBeVisible();
  await dialog.getByRole("button", { name: "Add on December 1, 2026" }).click();
  await expect(page.getByText("100 GB more: 1 unit from December 1, 2026")).toBeVisible();
});

test("the first units, from the next period on", async ({ page }) => {
  const asked = await open(page, PATH, sold(pays([held("storage", 0, 2)]), { ...preview(0, { effective_at: null, amount_due_now: 0 }), "PUT /billing/addons": { body: { status: "applied" } } }));
  await expect(card(page, "100 GB more").getByText("You have none.")).toBeVisible();
  await expect(card(page, "100 GB more").getByText("2 units from December 1, 2026")).toBeVisible();
  await expect(page.getByText("100 GB more: 2 instead of 0")).toBeVisible();
  const dialog = await opened(page);
  await expect(dialog.getByLabel("Number of units")).toHaveValue("2");
  await dialog.getByLabel("Number of units").fill("0");
  await seen(page, "addons-first-undo");
  await dialog.getByRole("button", { name: "Undo the change" }).click();
  await expect(page.getByText("100 GB more: You have none.")).toBeVisible();
  expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({ name: "storage", quantity: 0 });
});

test("a pending number of units is ordered again", async ({ page }) => {
  await stripe(page);
  const pending_change = { plan: "team", interval: "month", addons: [{ addon: "storage", quantity: 3 }], url: "https://invoice.stripe.com/i/6", expires_at: "2026-11-16T10:00:00Z" };
  await open(page, PATH, sold(pays([held("storage", 1)], { pending_change, next_step: "pay_change" }), { ...preview(1), "PUT /billing/addons": { body: { status: "action_required", action_url: "https://invoice.stripe.com/i/6" } } }));
  const dialog = await opened(page);
  await expect(dialog.getByLabel("Number of units")).toHaveValue("3");
  await dialog.getByRole("button", { name: "Pay $5.00 and add" }).click();
  await expect(page).toHaveURL("https://invoice.stripe.com/i/6");
});

test("a held add-on has the terms of its version", async ({ page }) => {
  const earlier = held("storage", 2, 1, { title: "50 GB more", amount: 51_200, price: 300 });
  const gone = held("priority_mail", 1, null, { title: "500 exports more", meter: "exports", amount: 500, price: 100 });
  await open(page, PATH, sold(pays([earlier, gone]), preview(2)));
  const storage = card(page, "50 GB more");
  await expect(storage.getByText("Each unit raises the limit of Storage by 50 GB.")).toBeVisible();
  await expect(storage.getByText("$3.00 per unit per month", { exact: true })).toBeVisible();
  await expect(storage.getByText("More space for files.")).toHaveCount(0);
  await expect(page.getByText("50 GB more: 1 instead of 2")).toBeVisible();
  const unlisted = card(page, "500 exports more");
  await expect(unlisted.getByText("Each unit raises the limit of Exports by 500.")).toBeVisible();
  await expect(unlisted.getByText("$1.00 per unit per month", { exact: true })).toBeVisible();
  await expect(unlisted.getByText("This add-on is not sold any more.")).toBeVisible();
  await seenEverywhere(page, "addons-versions");
  await change(page, "50 GB more").click();
  await expect(page.getByRole("dialog", { name: "Change the add-on: 50 GB more" })).toBeVisible();
});

test("an API that knows no add-ons yet", async ({ page }) => {
  const { addons: _, ...before } = pays();
  const { addons: __, ...catalogue } = perSeat;
  await open(page, PATH, sold(before, { "GET /billing/plans": { body: catalogue }, "POST /billing/sync": { body: before } }));
  await expect(heading(page, "Plans")).toBeVisible();
  await expect(heading(page, "Invoices")).toBeVisible();
  await expect(section(page)).toHaveCount(0);
});

test("an order that is refused", async ({ page }) => {
  await open(page, PATH, sold(pays(), { ...preview(0), "PUT /billing/addons": { status: 409, body: problem(409, "change_scheduled", "no") } }));
  const dialog = await opened(page);
  await dialog.getByRole("button", { name: "Pay $2.50 and add" }).click();
  await expect(dialog.getByText("Another change takes effect when the period ends.")).toBeVisible();
  await seenEverywhere(page, "addons-refused");
});

test("no longer sold, or without effect: only to be reduced", async ({ page }) => {
  const unlimited = { ...limits, exports: null };
  await open(page, PATH, sold(pays([held("exports", 2), held("priority_mail", 1, null, { title: "Priority mail", meter: "exports", amount: 5, price: 900 })], { limits: unlimited }), preview(2)));
  await expect(card(page, "1,000 exports more").getByText("Your plan has no limit of this, so more units would change nothing.")).toBeVisible();
  await expect(card(page, "Priority mail").getByText("This add-on is not sold any more.")).toBeVisible();
  await seenEverywhere(page, "addons-reduced-only");
  await change(page, "1,000 exports more").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("From 0 to 2.")).toBeVisible();
  await dialog.getByLabel("Number of units").fill("3");
  await expect(dialog.getByLabel("Number of units")).toHaveAttribute("aria-invalid", "true");
});

for (const [name, subscription, why] of [
  ["free", { ...paid, ...pays(), plan: "free", limits: free.limits, interval: null, current_period_start: null, current_period_end: null, next_step: "buy", can_buy: true }, "Choose a plan first."],
  ["trial", pays([], { status: "trialing", trial_end: END }), "Add-ons can be bought once your trial has ended"],
  ["ending", pays([held("storage", 1)], { cancel_at: END, cancel_at_period_end: true }), "Resume the plan first."],
  ["past due", pays([], { status: "past_due", grace_until: END, next_step: "pay" }), "A payment is due. Pay it first."],
] as const) {
  test(`${name}: why add-ons cannot be ordered`, async ({ page }) => {
    await open(page, PATH, sold(subscription));
    await expect(section(page).getByText(why).first()).toBeVisible();
    await expect(change(page)).toHaveAttribute("aria-disabled", "true");
    await expect(change(page)).toHaveAccessibleDescription(new RegExp(why));
    await seen(page, `addons-${name.replace(" ", "-")}`);
  });
}

test("a viewer sees the add-ons, an admin the preview", async ({ page }) => {
  await open(page, PATH, sold(pays([held("storage", 1)]), preview(1), "viewer"));
  await expect(change(page)).toHaveAccessibleDescription(/^Only people with the role Admin/);
  await open(page, PATH, sold(pays([held("storage", 1)]), preview(1), "admin"));
  const dialog = await opened(page);
  await dialog.getByLabel("Number of units").fill("2");
  await expect(dialog.getByRole("button", { name: "Pay $2.50 and add" })).toHaveAttribute("aria-disabled", "true");
  await expect(dialog.getByText("Ask an owner:")).toBeVisible();
  await seen(page, "addons-admin");
});

test("German, by the year, in euros", async ({ page }) => {
  const subscription = pays([held("storage", 2, 1, { price: 5000 })], { interval: "year" });
  const euros = { ...invoices[0], currency: "eur" };
  await open(page, PATH, sold(subscription, { "GET /billing/config": { body: config(subscription, { recent_invoices: [euros] }) }, ...preview(2, { currency: "eur" }) }), { language: "de" });
  await expect(card(page, "100 GB more").getByText("50,00 € pro Einheit pro Jahr", { exact: true })).toBeVisible();
  await expect(page.getByText("1 Einheit ab 1. Dezember 2026")).toBeVisible();
  await seenEverywhere(page, "addons-german");
  await page.getByRole("button", { name: "Ändern 100 GB more" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Anzahl der Einheiten").fill("3");
  await expect(dialog.getByRole("button", { name: "2,50 € bezahlen und hinzufügen" })).toBeVisible();
  await seenEverywhere(page, "addons-german-dialog");
});
