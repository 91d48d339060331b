// The page on billing in each of its states.

import { expect, test } from "@playwright/test";
import { answers, card, config, due, END, free, invoices, nothing, paid, PATH, plans, pro, stripe, usage } from "./billing";
import { other, seenBy, usual } from "./catalogue";
import { picture } from "../picture";
import { API, open, problem, seen, seenEverywhere, WORKSPACE } from "./stage";

test("paid: plan, card, renewal, meters, plans, invoices", async ({ page }) => {
  await open(page, PATH, answers());
  await expect(page.getByText("$29.00 per month")).toBeVisible();
  await expect(page.getByText("December 1, 2026", { exact: true })).toBeVisible();
  await expect(page.getByText("card that ends in 4242")).toBeAttached();
  await expect(page.getByText("81% used. Resets on December 1, 2026.")).toBeVisible();
  await expect(page.getByText("The limit is reached. Resets on December 1, 2026.")).toBeVisible();
  await expect(page.getByRole("meter", { name: "Seats" })).toHaveAttribute("aria-valuetext", "8 / 10");
  await expect(page.getByRole("meter", { name: "Storage" })).toHaveAttribute("aria-valuetext", "23 / 100 GB");
  await expect(card(page, "Pro").getByText("This is your plan.")).toBeVisible();
  await expect(card(page, "Business").getByRole("button", { name: "Upgrade to Business" })).toBeVisible();
  await expect(card(page, "Starter").getByRole("button", { name: "Downgrade to Starter" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^PDF ACME-0003/ })).toHaveAttribute("href", "https://pay.stripe.com/3/pdf");
  await expect(page.locator('a[href^="javascript"]')).toHaveCount(0);
  await seenEverywhere(page, "billing-paid");
});

test("invoices: all of them are loaded on request", async ({ page }) => {
  let asked = 0;
  const newest = [4, 3, 2, 1, 0].map((index) => ({ ...invoices[0], number: `ACME-001${index}` }));
  await open(page, PATH, answers(paid, {
    "GET /billing/config": { body: config(paid, { recent_invoices: newest }) },
    "GET /billing/invoices": async (route) => {
      asked += 1;
      const more = new URL(route.request().url()).searchParams.get("cursor") === "next";
      await route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: more ? { invoices: [{ ...invoices[0], number: "ACME-0000" }], pagination: { has_more: false } } : { invoices: [...newest, ...invoices], pagination: { has_more: true, next_cursor: "next" } } });
    },
  }));
  await expect(page.getByRole("cell", { name: "ACME-0014", exact: true })).toBeVisible();
  expect(asked, "the page does not ask Stripe").toBe(0);
  await page.getByRole("button", { name: "All invoices" }).click();
  await expect(page.getByRole("cell", { name: "ACME-0001", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByRole("cell", { name: "ACME-0000", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);
  expect(asked).toBe(2);
});

test("invoices: the newest stay while Stripe is down", async ({ page }) => {
  const newest = [4, 3, 2, 1, 0].map((index) => ({ ...invoices[0], number: `ACME-001${index}` }));
  await open(page, PATH, answers(paid, {
    "GET /billing/config": { body: config(paid, { recent_invoices: newest }) },
    "GET /billing/invoices": { status: 503, body: problem(503, "payments_unavailable", "no answer") },
  }));
  await page.getByRole("button", { name: "All invoices" }).click();
  await expect(page.getByText("Stripe does not answer at the moment. Try again.")).toBeVisible();
  await expect(page.getByRole("cell", { name: "ACME-0014", exact: true })).toBeVisible();
});

test("credit: what is left of it, and what it has paid", async ({ page }) => {
  const byCredit = { ...invoices[0], total: 2900, amount_due: 800, amount_paid: 800, credit_applied: 2100 };
  const added = { ...invoices[1], total: -3500, amount_due: 0, amount_paid: 0, credit_applied: -3500 };
  await open(page, PATH, answers(paid, {
    "GET /billing/config": { body: config(paid, { credit: { amount: 1400, currency: "usd" }, recent_invoices: [byCredit, added] }) },
  }));
  await expect(page.getByText("$14.00 of credit is used before anything is charged.")).toBeVisible();
  await expect(page.getByText("$29.00 less $21.00 of credit")).toBeVisible();
  await expect(page.getByText("$35.00 was added to your credit")).toBeVisible();
  await expect(page.getByRole("button", { name: "All invoices" })).toHaveCount(0);
  await seenEverywhere(page, "billing-credit");
});

test("free: yearly prices in the address, the way to Stripe", async ({ page }) => {
  await stripe(page);
  const asked = await open(page, PATH, answers(free, {
    ...nothing,
    "GET /billing/plan/preview": { body: { plan: "pro", interval: "year", effective_at: null, amount_due_now: 29_000, next_amount: 29_000, currency: "usd", over_limits: [] } },
    "POST /billing/checkout": { body: { url: "https://checkout.stripe.com/c/1" }, delay: 200 },
  }));
  await expect(page.getByText("No card on file.")).toBeVisible();
  await expect(page.getByText("No invoices yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "Manage at Stripe" })).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "billing-free");
  await page.getByRole("link", { name: /^Yearly/ }).click();
  await expect(page).toHaveURL(/interval=year/);
  await expect(card(page, "Pro").getByText("$290.00", { exact: true })).toBeVisible();
  await card(page, "Pro").getByRole("button", { name: "Choose Pro" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("$290.00 per year")).toBeVisible();
  await seenEverywhere(page, "billing-buy");
  await dialog.getByRole("button", { name: "Continue to payment" }).dblclick();
  await expect(page).toHaveURL("https://checkout.stripe.com/c/1");
  const sent = asked.filter(({ method, path }) => method === "POST" && path === "/billing/checkout");
  expect(sent).toHaveLength(1);
  expect(sent[0]!.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(sent[0]!.body).toMatchObject({ plan: "pro", interval: "year" });
  expect(String((sent[0]!.body as { success_url: string }).success_url)).toContain(`${PATH}?checkout=success&interval=year&plan=pro`);
});

test("an address that is not safe is not opened", async ({ page }) => {
  await open(page, PATH, answers(paid, { "POST /billing/portal": { body: { url: "http://evil.example/x" } } }));
  await page.getByRole("button", { name: "Manage at Stripe" }).click();
  await expect(page.getByText("not safe to open")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(PATH));
});

test("a repetition after a failure carries the same key", async ({ page }) => {
  await stripe(page);
  const keys: string[] = [];
  await open(page, PATH, answers(paid, {
    "POST /billing/portal": async (route) => {
      keys.push(route.request().headers()["idempotency-key"] ?? "");
      const headers = { "access-control-allow-origin": "*" };
      if (keys.length === 1) await route.fulfill({ status: 503, headers, json: problem(503, "payments_unavailable", "no answer") });
      else await route.fulfill({ headers, json: { url: "https://billing.stripe.com/p/1" } });
    },
  }));
  await page.getByRole("button", { name: "Manage at Stripe" }).click();
  await expect(page.getByText("Stripe does not answer at the moment. Try again.")).toBeVisible();
  await expect(page.getByText("req-0123456789")).toBeVisible();
  await page.getByRole("button", { name: "Manage at Stripe" }).click();
  await expect(page).toHaveURL("https://billing.stripe.com/p/1");
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("the recommended plan is marked and in view", async ({ page }) => {
  await open(page, `${PATH}?plan=business`, answers());
  await expect(card(page, "Business").getByText("Recommended")).toBeInViewport();
  await seenEverywhere(page, "billing-recommended");
});

test("all limits are compared", async ({ page }) => {
  await open(page, PATH, answers());
  await page.getByText("Compare all limits").click();
  await expect(page.getByRole("rowheader", { name: "Activity is shown for" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "after 12 hr" })).toBeVisible();
  await seenEverywhere(page, "billing-compare");
});

test("a downgrade shows excess, amounts and dates first", async ({ page }) => {
  const asked = await open(page, PATH, answers(paid, {
    "GET /billing/plan/preview": {
      body: {
        plan: "starter", interval: "month", effective_at: END, amount_due_now: 0, next_amount: 900, currency: "usd",
        over_limits: [
          { resource: "members", used: 8, limit: 5, effect: "all stay", effect_code: "no_invitations" },
          { resource: "executions", used: 81_240, limit: 10_000, effect: "what was used stays" },
          { resource: "storage_mb", used: 23_552, limit: 10_240, effect: "all stays" },
          { resource: "something_new", used: 2, limit: 1, effect: "it rests", effect_code: "something_new" },
        ],
      },
    },
    "PUT /billing/plan": { body: { status: "scheduled", scheduled_downgrade: { effective_at: END } } },
  }));
  await card(page, "Starter").getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: "Downgrade to Starter" });
  await expect(dialog.getByText("$9.00 per month")).toBeVisible();
  await expect(dialog.getByText("4 things are over the limits of Starter")).toBeVisible();
  await expect(dialog.getByText("Nobody can be invited until enough people have left.")).toBeVisible();
  await expect(dialog.getByText("23 GB used, 10 GB allowed")).toBeVisible();
  await expect(dialog.getByText("it rests")).toBeVisible();
  await expect(dialog.getByText("Activity is shown for 30 days.")).toBeVisible();
  await seenEverywhere(page, "billing-downgrade");
  await dialog.getByRole("button", { name: "Change on December 1, 2026" }).click();
  await expect(page.getByText("Starter follows on December 1, 2026")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  expect(asked.find(({ method }) => method === "PUT")?.body).toMatchObject({ plan: "starter", interval: "month" });
});

test("upgrade: paid at once", async ({ page }) => {
  await open(page, PATH, answers(paid, {
    "GET /billing/plan/preview": { body: { plan: "business", interval: "month", effective_at: null, amount_due_now: 4733, next_amount: 7900, currency: "usd", over_limits: [] } },
    "PUT /billing/plan": { body: { status: "applied" } },
  }));
  await card(page, "Business").getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: "Upgrade to Business" });
  await expect(dialog.getByText("$79.00 per month")).toBeVisible();
  await seenEverywhere(page, "billing-upgrade");
  await dialog.getByRole("button", { name: "Pay $47.33 and upgrade" }).click();
  await expect(page.getByText("You are on Business now.")).toBeVisible();
});

test("upgrade: the bank asks for a confirmation", async ({ page }) => {
  await stripe(page);
  await open(page, PATH, answers(paid, {
    "GET /billing/plan/preview": { body: { plan: "business", interval: "month", effective_at: null, amount_due_now: 4733, next_amount: 7900, currency: "usd", over_limits: [] } },
    "PUT /billing/plan": { body: { status: "action_required", action_url: "https://invoice.stripe.com/i/5" } },
  }));
  await card(page, "Business").getByRole("button").click();
  await page.getByRole("button", { name: "Pay $47.33 and upgrade" }).click();
  await expect(page).toHaveURL("https://invoice.stripe.com/i/5");
});

test("upgrade: not paid yet; and a preview that fails", async ({ page }) => {
  let fails = true;
  await open(page, PATH, answers(paid, {
    "GET /billing/plan/preview": async (route) => {
      const headers = { "access-control-allow-origin": "*" };
      if (fails) await route.fulfill({ status: 409, headers, json: problem(409, "change_refused", "no") });
      else await route.fulfill({ headers, json: { plan: "business", interval: "month", effective_at: null, amount_due_now: 4733, next_amount: 7900, currency: "usd", over_limits: [] } });
    },
    "PUT /billing/plan": { body: { status: "pending" } },
  }));
  await card(page, "Business").getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Stripe does not allow this now.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Change the plan" })).toHaveAttribute("aria-disabled", "true");
  await expect(dialog.getByText("The amounts are not known. Load them first.")).toBeAttached();
  await seenEverywhere(page, "billing-preview-failed");
  fails = false;
  await dialog.getByRole("button", { name: "Try again" }).click();
  await dialog.getByRole("button", { name: "Pay $47.33 and upgrade" }).click();
  await expect(dialog.getByText("Stripe has not confirmed the payment yet")).toBeVisible();
});

test("cancel, then resume", async ({ page }) => {
  let ending = false;
  const ended = { ...paid, cancel_at: END, cancel_at_period_end: true };
  const headers = { "access-control-allow-origin": "*" };
  const asked = await open(page, PATH, answers(paid, {
    "GET /billing/subscription": (route) => route.fulfill({ headers, json: ending ? ended : paid }),
    "GET /billing/plan/preview": { body: { plan: "free", interval: null, effective_at: END, amount_due_now: 0, next_amount: 0, currency: "usd", over_limits: [{ resource: "members", used: 8, limit: 3, effect: "" }] } },
    "DELETE /billing/subscription": async (route) => {
      ending = true;
      await route.fulfill({ status: 202, headers, json: ended });
    },
    "POST /billing/subscription/resume": async (route) => {
      ending = false;
      await route.fulfill({ headers, json: paid });
    },
  }));
  await page.getByRole("button", { name: "Cancel plan" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel Pro" });
  await expect(dialog.getByText("1 thing is over the limits of Free")).toBeVisible();
  await seenEverywhere(page, "billing-cancel");
  await dialog.getByRole("button", { name: "Cancel for December 1, 2026" }).click();
  await expect(page.getByText("Ending")).toBeVisible();
  await expect(card(page, "Free").getByText(/^.?Follows$/)).toBeVisible();
  await seenEverywhere(page, "billing-ending");
  await page.getByRole("button", { name: "Resume Pro" }).click();
  await expect(page.getByText("Pro continues.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Resume Pro" })).toHaveCount(0);
  expect(asked.filter(({ path }) => path === "/billing/subscription/resume")).toHaveLength(1);
});

test("a plan that follows is shown and undone", async ({ page }) => {
  const asked = await open(page, PATH, answers({ ...paid, scheduled_plan: "starter" }, { "POST /billing/subscription/resume": { body: paid } }));
  await expect(page.getByText("Starter follows on December 1, 2026")).toBeVisible();
  await expect(card(page, "Starter").getByText(/^.?Follows$/)).toBeVisible();
  await seenEverywhere(page, "billing-scheduled");
  await page.getByRole("button", { name: "Keep Pro" }).click();
  await expect(page.getByText("Pro continues.")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/billing/subscription/resume")).toHaveLength(1);
});

test("trial", async ({ page }) => {
  await open(page, PATH, answers({ ...paid, status: "trialing", trial_end: END }));
  await expect(page.getByText("Trial ends on", { exact: true })).toBeVisible();
  await seenEverywhere(page, "billing-trial");
});

test("past due: the open invoice is paid, or Stripe is asked again", async ({ page }) => {
  const late = { ...paid, status: "past_due", grace_until: "2026-12-05T00:00:00Z", next_step: "pay", payment_url: "https://invoice.stripe.com/i/4" };
  const asked = await open(page, PATH, answers(late, {
    "GET /billing/config": { body: config(late, { recent_invoices: [due, ...invoices] }) },
    "POST /billing/sync": { body: late },
  }));
  await expect(page.getByText("$29.00 is due. Your plan stays in force until December 5, 2026.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Pay now/ })).toHaveAttribute("href", "https://invoice.stripe.com/i/4");
  await expect(card(page, "Business").getByRole("button")).toHaveAttribute("aria-disabled", "true");
  await expect(card(page, "Free").getByRole("button")).not.toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "billing-past-due");
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText("Compared with Stripe.")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/billing/sync")).toHaveLength(1);
});

for (const [status, title] of [
  ["unpaid", "Your plan is not in force, because a payment is missing"],
  ["paused", "Your trial has ended, and no payment method is on file"],
  ["incomplete", "Your first payment is not complete"],
] as const) {
  test(`${status}: what is missing, and the way to Stripe`, async ({ page }) => {
    await stripe(page);
    await open(page, PATH, answers({ ...paid, plan: "free", status, limits: free.limits, next_step: "pay", can_buy: true }, { "POST /billing/portal": { body: { url: "https://billing.stripe.com/p/2" } } }));
    await expect(page.getByText(title, { exact: true })).toBeVisible();
    await expect(page.getByText("You can also choose a plan below and start over at once.")).toBeVisible();
    await expect(card(page, "Pro").getByRole("button", { name: "Choose Pro" })).not.toHaveAttribute("aria-disabled", "true");
    await seen(page, `billing-${status}`);
    await page.getByRole("button", { name: "Pay now" }).click();
    await expect(page).toHaveURL("https://billing.stripe.com/p/2");
  });
}

test("unpaid: the invoice that is owed is paid, or a plan is bought again", async ({ page }) => {
  await stripe(page);
  const asked = await open(page, PATH, answers({ ...paid, plan: "free", status: "unpaid", limits: free.limits, next_step: "pay", can_buy: true, payment_url: "https://invoice.stripe.com/i/4" }, {
    "GET /billing/plan/preview": { body: { plan: "pro", interval: "month", effective_at: null, amount_due_now: 2900, next_amount: 2900, currency: "usd", over_limits: [] } },
    "POST /billing/checkout": { body: { url: "https://checkout.stripe.com/c/2" } },
  }));
  await expect(page.getByRole("link", { name: /^Pay now/ })).toHaveAttribute("href", "https://invoice.stripe.com/i/4");
  await card(page, "Pro").getByRole("button", { name: "Choose Pro" }).click();
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await expect(page).toHaveURL("https://checkout.stripe.com/c/2");
  expect(asked.filter(({ method }) => method === "PUT")).toHaveLength(0);
});

test("a change that waits for its payment is paid, or taken back", async ({ page }) => {
  const change = { plan: "business", interval: "month", addons: [], url: "https://invoice.stripe.com/i/6", expires_at: "2026-11-16T10:00:00Z" };
  const asked = await open(page, PATH, answers({ ...paid, pending_change: change, next_step: "pay_change" }, { "POST /billing/subscription/resume": { body: paid } }));
  await expect(page.getByText("The upgrade to Business waits for its payment")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Pay now/ })).toHaveAttribute("href", "https://invoice.stripe.com/i/6");
  await expect(card(page, "Business").getByText("Waits for its payment, above.")).toBeVisible();
  await seenEverywhere(page, "billing-pending-change");
  await page.getByRole("button", { name: "Keep Pro" }).click();
  await expect(page.getByText("Pro continues.")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/billing/subscription/resume")).toHaveLength(1);
});

test("an upgrade that Stripe does not answer is recorded", async ({ page }) => {
  const command = { kind: "change_plan", plan: "business", interval: "month", given_at: "2026-11-15T10:00:00Z", status: "pending", code: null };
  let sent = false;
  const headers = { "access-control-allow-origin": "*" };
  await open(page, PATH, answers(paid, {
    "GET /billing/subscription": (route) => route.fulfill({ headers, json: sent ? { ...paid, last_command: command, next_step: "wait" } : paid }),
    "GET /billing/plan/preview": { body: { plan: "business", interval: "month", effective_at: null, amount_due_now: 4733, next_amount: 7900, currency: "usd", over_limits: [] } },
    "PUT /billing/plan": async (route) => {
      sent = true;
      await route.fulfill({ status: 202, headers, json: { status: "processing", command } });
    },
  }));
  await card(page, "Business").getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Pay $47.33 and upgrade" }).click();
  await expect(dialog.getByText("Your change is being carried out")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("Your change is being carried out")).toBeVisible();
  await expect(card(page, "Business").getByRole("button")).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "billing-processing");
});

test("an upgrade paid by bank debit follows at the renewal", async ({ page }) => {
  await open(page, PATH, answers(paid, {
    "GET /billing/plan/preview": { body: { plan: "business", interval: "month", effective_at: END, amount_due_now: 0, next_amount: 7900, currency: "usd", over_limits: [] } },
    "PUT /billing/plan": { body: { status: "scheduled", scheduled_upgrade: { plan: "business", interval: "month", effective_at: END, reason: "payment_method" } } },
  }));
  await card(page, "Business").getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Change on|^Pay/ }).click();
  await expect(dialog.getByText("Business follows on December 1, 2026")).toBeVisible();
  await seenEverywhere(page, "billing-at-renewal");
});

test("a first payment on its way, and paused payments", async ({ page }) => {
  await open(page, PATH, answers({ ...paid, plan: "free", limits: free.limits, payment_pending: true, next_step: "wait" }));
  await expect(page.getByText("Your first payment is on its way")).toBeVisible();
  await expect(card(page, "Business").getByRole("button")).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "billing-on-its-way");
  await open(page, PATH, answers({ ...paid, collection_paused: true }));
  await expect(page.getByText("Payments are paused")).toBeVisible();
  await seenEverywhere(page, "billing-collection-paused");
});

test("contract", async ({ page }) => {
  await open(page, PATH, answers({ ...free, plan: "enterprise", limits: plans[4]!.limits }, { "GET /billing/config": { body: config({ ...free, plan: "enterprise", limits: plans[4]!.limits }, { payment_method: null }) } }));
  await expect(page.getByText("This workspace has a contract")).toBeVisible();
  await expect(card(page, "Pro").getByRole("button")).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "billing-contract");
});

test("back from Stripe, paid: compared once, shown at once", async ({ page }) => {
  let current: { plan: string } = free;
  const headers = { "access-control-allow-origin": "*" };
  const asked = await open(page, `${PATH}?checkout=success&plan=pro&interval=month`, answers(free, {
    "GET /billing/subscription": (route) => route.fulfill({ headers, json: current }),
    "GET /billing/plans": seenBy(usual, () => current),
    "POST /billing/sync": async (route) => {
      current = paid;
      await route.fulfill({ headers, json: paid });
    },
  }));
  await expect(page.getByText("You are on Pro now")).toBeVisible();
  await expect(page.getByText("$29.00 per month")).toBeVisible();
  await expect(page).not.toHaveURL(/checkout/);
  await seenEverywhere(page, "billing-returned-paid");
  const sent = asked.filter(({ path }) => path === "/billing/sync");
  expect(sent).toHaveLength(1);
  expect(sent[0]!.headers["idempotency-key"]).toBeTruthy();
});

test("back from Stripe, not confirmed yet", async ({ page }) => {
  const asked = await open(page, `${PATH}?checkout=success&plan=pro`, answers(free, { ...nothing, "POST /billing/sync": { body: free } }));
  await expect(page.getByText("Stripe has not confirmed the payment yet")).toBeVisible();
  await seenEverywhere(page, "billing-returned-pending");
  expect(asked.filter(({ path }) => path === "/billing/sync")).toHaveLength(1);
});

test("back from Stripe: a failed sync repeats under its key", async ({ page }) => {
  const keys: (string | undefined)[] = [];
  await open(page, `${PATH}?checkout=success&plan=pro`, answers(free, {
    ...nothing,
    "POST /billing/sync": async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      const headers = { "access-control-allow-origin": "*" };
      if (keys.length === 1) await route.fulfill({ status: 503, headers, json: problem(503, "payments_unavailable", "no answer") });
      else await route.fulfill({ headers, json: paid });
    },
  }));
  await expect(page.getByText("Stripe has it, and your plan follows by itself.")).toBeVisible();
  await seenEverywhere(page, "billing-returned-failed");
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText("You are on Pro now")).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("back from Stripe without paying: on, or not now", async ({ page }) => {
  await stripe(page);
  const asked = await open(page, `${PATH}?checkout=cancelled&plan=pro&interval=year`, answers(free, { ...nothing, "POST /billing/checkout": { body: { url: "https://checkout.stripe.com/c/1" } } }));
  await expect(page.getByText("You left Stripe’s page without paying")).toBeVisible();
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(0);
  await seenEverywhere(page, "billing-returned-cancelled");
  await page.getByRole("button", { name: "Continue with Pro" }).click();
  await expect(page).toHaveURL("https://checkout.stripe.com/c/1");
  expect(asked.find(({ path }) => path === "/billing/checkout")?.body).toMatchObject({ plan: "pro", interval: "year" });
});

test("a page that waits at Stripe", async ({ page }) => {
  await open(page, PATH, answers(free, { ...nothing, "GET /onboarding": { body: { steps: [], billing: { has_pending_checkout: true } } } }));
  await expect(page.getByText("A payment page is open at Stripe")).toBeVisible();
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(page.getByText("A payment page is open at Stripe")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 }), "the focus outlives its button").toBeFocused();
});

test("refunds and disputes", async ({ page }) => {
  const reversals = [
    { charge: "ch_3", paid_at: "2026-11-01T00:00:00Z", amount: 2900, currency: "usd", refunded: 0, dispute: "open" },
    { charge: "ch_2", paid_at: "2026-10-01T00:00:00Z", amount: 2900, currency: "usd", refunded: 1000, dispute: null },
    { charge: "ch_1", paid_at: "2026-09-01T00:00:00Z", amount: 900, currency: "usd", refunded: 900, dispute: "lost" },
  ];
  await open(page, PATH, answers(paid, { "GET /billing/config": { body: config(paid, { reversals }) } }));
  await expect(page.getByText("$10.00 of it was refunded.")).toBeVisible();
  await expect(page.getByText("Your bank took the payment back.")).toBeVisible();
  await seenEverywhere(page, "billing-reversals");
});

test("a viewer sees everything, and why nothing can be done", async ({ page }) => {
  const asked = await open(page, PATH, answers({ ...paid, scheduled_plan: "starter" }, {}, "viewer"));
  await expect(page.getByText("Invoices are not shown to you")).toBeVisible();
  await expect(page.getByText("Ana Lima")).toBeVisible();
  for (const name of ["Manage at Stripe", "Cancel plan", "Keep Pro", "Upgrade to Business"]) {
    const button = page.getByRole("button", { name });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(button).toHaveAccessibleDescription(/^Only people with the role (Owner|Admin)/);
  }
  expect(asked.filter(({ path }) => path === "/billing/invoices")).toHaveLength(0);
  await seenEverywhere(page, "billing-viewer");
});

test("an admin sees the preview and whom to ask", async ({ page }) => {
  await open(page, PATH, answers(paid, {
    "GET /billing/plan/preview": { body: { plan: "business", interval: "month", effective_at: null, amount_due_now: 4733, next_amount: 7900, currency: "usd", over_limits: [] } },
  }, "admin"));
  await card(page, "Business").getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Ask an owner:")).toBeVisible();
  await expect(dialog.getByText("<b>x</b>")).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Pay/ })).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "billing-admin");
});

test("parts that fail leave the others as they are", async ({ page }) => {
  const down = { status: 503, body: problem(503, "payments_unavailable", "no answer") };
  await open(page, PATH, answers(paid, { "GET /billing/config": down, "GET /billing/invoices": down, "GET /billing/usage": { status: 500, body: problem(500, "internal", "It failed") } }));
  await expect(page.getByText("Stripe does not answer at the moment. Try again.").first()).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("button", { name: "Upgrade to Business" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" }).first()).toBeVisible();
  await seenEverywhere(page, "billing-failed");
});

test("the subscription cannot be read", async ({ page }) => {
  await open(page, PATH, answers(paid, { "GET /billing/subscription": { status: 500, body: problem(500, "internal", "It failed") } }));
  await expect(page.getByText("Something went wrong on our side").first()).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("meter", { name: "Seats" })).toBeVisible();
});

test("loading", async ({ page }) => {
  const slow = (body: unknown) => ({ body, delay: 4000 });
  await open(page, PATH, answers(paid, {
    "GET /billing/subscription": slow(paid),
    "GET /billing/config": slow(config(paid)),
    "GET /billing/usage": slow(usage(pro)),
    "GET /billing/invoices": slow({ invoices, pagination: { has_more: false } }),
  }));
  await expect(page.getByRole("status", { name: "Loading" }).first()).toBeVisible();
  await picture(page, "billing-loading-light");
});

test("German, on a phone", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("berth.language", "de"));
  await open(page, PATH, answers());
  await expect(page.getByText("29,00 $ pro Monat")).toBeVisible();
  await seenEverywhere(page, "billing-german");
});

test("an account that is asked of 100 emoji and scripts", async ({ page }) => {
  const name = `${"🚢".repeat(100)}<script>alert(1)</script>`;
  const list = answers(paid, {}, "viewer");
  list["GET /team/members"] = { body: { members: [{ id: "1", full_name: name, role: "owner" }], pagination: { has_more: false } } };
  await open(page, PATH, list);
  await expect(page.getByText("<script>alert(1)</script>")).toBeVisible();
  await seenEverywhere(page, "billing-names");
});

test("the API is the one that is configured", async ({ page }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== API && !origin.startsWith("http://127.0.0.1")) elsewhere.push(origin);
  });
  await open(page, PATH, answers());
  await expect(page.getByText("$29.00 per month")).toBeVisible();
  expect(elsewhere).toEqual([]);
});

test("another catalogue: per seat, by the month, in two currencies, without a container", async ({ page }) => {
  const subscription = { ...free, plan: "zaun", limits: other.plans[0]!.limits };
  const counts = { members: 2, berths: 4, gpu_hours: 0 };
  await stripe(page);
  const asked = await open(page, PATH, answers(subscription, {
    ...nothing,
    "GET /billing/plans": seenBy(other, () => subscription),
    "GET /billing/config": { body: config(subscription, { current_usage: counts, payment_method: null, recent_invoices: [] }) },
    "GET /billing/usage": {
      body: {
        period: { start: "2026-11-01T00:00:00Z", end: END },
        usage: [
          { meter: "berths", used: 4, limit: 4, resets_at: null },
          { meter: "gpu_hours", used: 0, limit: 0, resets_at: END },
        ],
      },
    },
    "GET /billing/plan/preview": async (route) => {
      const currency = new URL(route.request().url()).searchParams.get("currency");
      const amount = currency === "eur" ? 2550 : 3600;
      await route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { plan: "flotte", interval: "month", effective_at: null, amount_due_now: amount, next_amount: amount, currency, over_limits: [] } });
    },
    "POST /billing/checkout": { body: { url: "https://checkout.stripe.com/c/1" } },
  }));
  await expect(page.getByRole("meter", { name: "Crew" })).toHaveAttribute("aria-valuetext", "2 / 2");
  await expect(page.getByRole("meter", { name: "Berths <b>at the quay</b>" })).toHaveAttribute("aria-valuetext", "4 / 4");
  const fleet = card(page, "Flotte");
  await expect(fleet.getByText("¥1,200", { exact: true })).toBeVisible();
  await expect(fleet.getByText("€8.50")).toHaveCount(0);
  await expect(fleet.getByText("per seat / month")).toBeVisible();
  await expect(fleet.getByText("At least 3 seats")).toBeVisible();
  await expect(fleet.getByText("14 days of trial")).toBeVisible();
  await expect(fleet.getByText("A pilot on board")).toBeVisible();
  await expect(fleet.getByText("Recommended")).toBeVisible();
  await expect(card(page, other.plans[0]!.title).getByText("No container")).toBeVisible();
  await expect(page.getByRole("group", { name: "How often you pay" })).toHaveCount(0);
  await seenEverywhere(page, "billing-other-catalogue");
  await fleet.getByRole("button", { name: "Choose Flotte" }).click();
  await expect(page.getByRole("dialog").getByText("¥3,600 per month")).toBeVisible();
  await page.keyboard.press("Escape");
  const choice = page.getByRole("group", { name: "Currency" });
  await expect(choice.getByRole("link", { name: "JPY" })).toHaveAttribute("aria-current", "true");
  await choice.getByRole("link", { name: "EUR" }).click();
  await expect(page).toHaveURL(/currency=eur/);
  await expect(fleet.getByText("€8.50", { exact: true })).toBeVisible();
  await expect(fleet.getByText("¥1,200")).toHaveCount(0);
  await fleet.getByRole("button", { name: "Choose Flotte" }).click();
  await expect(page.getByRole("dialog").getByText("€25.50 per month")).toBeVisible();
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await expect(page).toHaveURL("https://checkout.stripe.com/c/1");
  const { body } = asked.find(({ path }) => path === "/billing/checkout")!;
  expect(body).toMatchObject({ plan: "flotte", interval: "month", currency: "eur" });
  expect((body as { cancel_url: string }).cancel_url, "the way back keeps it").toContain("currency=eur");
});

test("two currencies: a subscription keeps its own, in German, too", async ({ page }) => {
  const subscription = { ...paid, plan: "flotte", limits: other.plans[1]!.limits };
  const inEuros = { ...invoices[0], currency: "eur" };
  const euros = answers(subscription, {
    "GET /billing/plans": seenBy(other, () => subscription),
    "GET /billing/config": { body: config(subscription, { pricing: { prices: other.plans[1]!.prices, billing_interval: "month", auto_renew: true }, recent_invoices: [inEuros] }) },
  });
  await open(page, `${PATH}?currency=jpy`, euros, { language: "de" });
  await expect(page.getByText("8,50 € pro Platz pro Monat")).toBeVisible();
  await expect(card(page, "Flotte").getByText("8,50 €", { exact: true })).toBeVisible();
  await expect(page.getByText("1.200")).toHaveCount(0);
  await expect(page.getByRole("group", { name: "Währung" })).toHaveCount(0);
  await open(page, PATH, { ...euros, "GET /billing/subscription": { body: { ...free, plan: "zaun" } }, "GET /billing/plans": seenBy(other, () => ({ plan: "zaun" })) }, { language: "de" });
  await expect(page.getByRole("group", { name: "Währung" })).toBeVisible();
});

test("a plan that is not listed: its title from the API, and what each other is to it", async ({ page }) => {
  const subscription = { ...paid, plan: "founders" };
  const sold = [...plans[2]!.prices].map((one) => ({ ...one, amount: one.amount / 2 }));
  await open(page, PATH, answers(subscription, {
    "GET /billing/plans": seenBy(usual, () => ({ plan: "founders", below: 3 })),
    "GET /billing/config": { body: config(subscription, { pricing: { prices: sold, billing_interval: "month", auto_renew: true } }) },
    "GET /entitlements": { body: { workspace_id: WORKSPACE, plan: { name: "founders", version: 1, title: "Founders’ edition" }, status: "active", features: [], meters: [], retention_days: 90 } },
  }));
  await expect(page.getByText("Founders’ edition", { exact: true })).toBeVisible();
  await expect(page.getByText("$14.50 per month")).toBeVisible();
  await expect(card(page, "Starter").getByRole("button", { name: "Downgrade to Starter" })).toBeVisible();
  await expect(card(page, "Pro").getByRole("button", { name: "Downgrade to Pro" })).toBeVisible();
  await expect(card(page, "Business").getByRole("button", { name: "Upgrade to Business" })).toBeVisible();
  await seenEverywhere(page, "billing-hidden");
});

test("cancel where the plan that follows is not listed", async ({ page }) => {
  const sold = { ...usual, plans: usual.plans.slice(1) };
  const asked = await open(page, PATH, answers(paid, {
    "GET /billing/plans": seenBy(sold, () => paid),
    "DELETE /billing/subscription": { status: 202, body: { ...paid, cancel_at: END, cancel_at_period_end: true } },
  }));
  await page.getByRole("button", { name: "Cancel plan" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel Pro" });
  await expect(dialog.getByText("Nothing is deleted.")).toBeVisible();
  await seenEverywhere(page, "billing-end");
  await dialog.getByRole("button", { name: "Cancel for December 1, 2026" }).click();
  await expect(dialog).toHaveCount(0);
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("an earlier version: its price and limits, not those of the newest", async ({ page }) => {
  const newest = { ...usual, plans: usual.plans.map((one) => (one.plan === "pro" ? { ...one, version: 2, prices: one.prices.map((price) => ({ ...price, amount: price.amount + 1000 })), limits: { ...one.limits, api_keys: 7 }, features: ["audit_export"] } : one)) };
  const earlier = answers(paid, {
    "GET /billing/plans": seenBy(newest, () => ({ plan: "pro", version: 1 })),
    "GET /entitlements": { body: { workspace_id: WORKSPACE, plan: { name: "pro", version: 1, title: "Pro" }, status: "active", features: [{ feature: "audit_export", title: "Export of the audit log", included: false }], meters: [], retention_days: 90 } },
  });
  await open(page, PATH, earlier);
  const own = card(page, "Pro");
  await expect(own.getByText("$29.00", { exact: true })).toBeVisible();
  await expect(own.getByText("20 API keys")).toBeVisible();
  await expect(own.getByText("You have an earlier version.")).toBeVisible();
  await expect(own.getByText("This is your plan.")).toBeVisible();
  await expect(own.getByText(/Export of the audit log|\$39/)).toHaveCount(0);
  await seenEverywhere(page, "billing-earlier");
  await page.getByRole("link", { name: /^Yearly/ }).click();
  await expect(own.getByText("$300.00", { exact: true }), "what another interval costs").toBeVisible();
  await expect(own.getByRole("button", { name: "Pay yearly" })).toBeVisible();
  await open(page, PATH, { ...earlier, "GET /billing/config": { status: 403, body: problem(403, "role_required", "no") } });
  await expect(own.getByText("–", { exact: true })).toBeVisible();
  await expect(page.getByText(/\$39/)).toHaveCount(0);
});

test("seats: those that are paid, and the price of one more", async ({ page }) => {
  const subscription = { ...paid, plan: "flotte", limits: other.plans[1]!.limits };
  const pricing = { prices: other.plans[1]!.prices, billing_interval: "month", auto_renew: true, seats: { paid: 5, minimum: 3, amount: 1200, currency: "jpy", interval: "month" } };
  const counts = { members: 5, berths: 4, gpu_hours: 0 };
  await open(page, PATH, answers(subscription, {
    "GET /billing/plans": { body: other },
    "GET /billing/config": { body: config(subscription, { pricing, current_usage: counts }) },
    "GET /billing/usage": { body: { period: { start: "2026-11-01T00:00:00Z", end: END }, usage: [] } },
  }));
  await expect(page.getByText("5 seats are paid. One more: ¥1,200 per month.")).toBeVisible();
});
