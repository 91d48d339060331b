import { expect, test } from "@playwright/test";
import { json, violations } from "../audit";
import { list } from "../parts";
import { gate, open, problem, seen, seenEverywhere, WORKSPACE } from "../stage";
import { at, BEN, button, dialog, key, keys, names, PATH, people, refuse, row, stage } from "./keys";

test("the_list_says_what_each_key_is", async ({ page }) => {
  const found = await violations(page);
  await open(page, PATH, stage());
  await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeFocused();
  await expect(page.getByRole("link", { name: "API keys" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("meter", { name: "API keys in use" })).toHaveAttribute("aria-valuetext", "5 / 20");
  await expect(row(page, "Nightly import")).toContainText("x001 · by ⁨Ana Lima⁩");
  await expect(row(page, "Nightly import")).toContainText("Last used 3 hours ago from 203.0.113.7");
  await expect(row(page, "Nightly import").getByRole("list", { name: "Permissions" }).getByRole("listitem")).toHaveText(["usage:read", "usage:write"]);
  await expect(row(page, "Billing export")).toContainText("Only from ⁨203.0.113.0/24⁩ and ⁨2001:db8::/32⁩.");
  await expect(row(page, "Fleet control")).toContainText("Service key");
  await expect(row(page, "Fleet control")).toContainText("Executions: at most 1,000 a month. Traces: at most 250,000 a month.");
  await expect(row(page, "Fleet control")).toContainText("The former secret works until Nov 29, 2026, 7:00 AM.");
  await expect(row(page, "Quarterly report")).toContainText("Expires soon");
  await expect(row(page, "Quarterly report")).toContainText("Never used");
  await expect(row(page, "Quarterly report")).toContainText("Expires in 5 days");
  await expect(row(page, "Nightly import")).toContainText("Expires on January 27, 2027");
  await expect(row(page, "Old prototype")).toContainText("Expired 3 days ago");
  await expect(row(page, "Old prototype")).toContainText("Rotating makes it valid again.");
  await seenEverywhere(page, "keys");
  expect(found).toEqual([]);
});

test("who_may_not_rotate_a_key_is_given_the_reason", async ({ page }) => {
  await open(page, PATH, stage({ role: "admin" }));
  await expect(button(page, "Rotate ⁨Nightly import⁩")).toHaveAccessibleDescription("");
  await expect(button(page, "Rotate ⁨Billing export⁩")).toHaveAccessibleDescription("Only its maker, ⁨Ben Okafor⁩, can rotate it: the secret is shown to nobody else.");
  await expect(button(page, "Rotate ⁨Fleet control⁩")).toHaveAccessibleDescription("Only people with the role Owner can do this.");
  await button(page, "Rotate ⁨Billing export⁩").click({ force: true });
  await expect(dialog(page)).toHaveCount(0);
  for (const name of keys.map(({ name }) => name)) await expect(button(page, `Revoke ⁨${name}⁩`)).toHaveAccessibleDescription("");
});

test("names_of_every_kind_stay_in_their_place", async ({ page }) => {
  await open(page, PATH, stage({ kept: names.map((name, place) => key(place + 1, name, { created_by: BEN })), limit: null }));
  await expect(page.getByText("Your plan has no limit of keys.")).toBeVisible();
  await expect(row(page, "<img src=x")).toBeVisible();
  await seenEverywhere(page, "keys-names");
  await page.getByRole("button", { name: /^Revoke .*🦑/ }).click();
  await seen(page, "keys-names-revoke");
});

test("a_hundred_keys_are_read_page_by_page", async ({ page }) => {
  const many = Array.from({ length: 100 }, (_, place) => key(place + 1, `Key number ${place + 1}`));
  await open(page, PATH, stage({ kept: many, limit: 100 }));
  await expect(row(page, "Key number")).toHaveCount(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(row(page, "Key number")).toHaveCount(100);
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);
  await expect(button(page, "Create a key")).toHaveAccessibleDescription("All 100 keys of the plan are in use. Revoke one, or choose a larger plan.");
});

test("a_failed_further_page_leaves_the_others", async ({ page }) => {
  const answers = stage({ kept: Array.from({ length: 60 }, (_, place) => key(place + 1, `Key number ${place + 1}`)), limit: null });
  await open(page, PATH, { ...answers, "GET /api-keys": (route) => (route.request().url().includes("cursor") ? refuse(route, 403, "odd") : (answers["GET /api-keys"] as (r: typeof route) => Promise<void>)(route)) });
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByRole("alert")).toContainText("The API says odd.");
  await expect(row(page, "Key number")).toHaveCount(50);
});

test("no_key_yet", async ({ page }) => {
  await open(page, PATH, stage({ kept: [] }));
  await expect(page.getByText("No API key yet")).toBeVisible();
  await expect(button(page, "Create a key")).toHaveCount(2);
  await seenEverywhere(page, "keys-empty");
});

test("loading_holds_the_place", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /api-keys": () => new Promise(() => undefined), "GET /entitlements": () => new Promise(() => undefined) });
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(2);
  await seenEverywhere(page, "keys-loading");
});

test("what_failed_says_so_and_passes", async ({ page }) => {
  let down = true;
  const answers = stage();
  await open(page, PATH, { ...answers, "GET /api-keys": (route) => (down ? refuse(route, 403, "odd") : (answers["GET /api-keys"] as (r: typeof route) => Promise<void>)(route)) });
  await expect(page.getByRole("alert")).toContainText("The API says odd.");
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByRole("meter"), "the rest of the page stays").toBeVisible();
  await seenEverywhere(page, "keys-error");
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(row(page, "Nightly import")).toBeVisible();
});

test("without_the_limits_the_list_stays", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /entitlements": { status: 403, body: problem(403, "odd", "Limits are closed.") } });
  await expect(page.getByRole("alert")).toContainText("Limits are closed.");
  await expect(row(page, "Nightly import")).toBeVisible();
  await expect(button(page, "Create a key")).toHaveAccessibleDescription("");
});

for (const role of ["viewer", "member"] as const) {
  test(`a_${role}_sees_who_may`, async ({ page }) => {
    const asked: { path: string }[] = [];
    await open(page, PATH, { ...stage({ role, asked: asked as never }), "GET /team/members": list("members", [people[0]]) });
    await expect(page.getByText("API keys are not shown to you")).toBeVisible();
    await expect(page.getByText("People with the role Admin or a higher one see them. The owners are ⁨Ana Lima⁩.")).toBeVisible();
    await expect(button(page, "Create a key")).toHaveCount(0);
    expect(asked).toEqual([]);
    await seenEverywhere(page, `keys-${role}`);
  });
}

test("a_role_that_is_taken_away_is_noticed", async ({ page }) => {
  let asked = 0;
  const [before, after] = [stage({ role: "admin" }), stage({ role: "member" })];
  await open(page, PATH, {
    ...before,
    "GET /access": (route) => json(route, (((asked++ === 0 ? before : after)["GET /access"]) as { body: object }).body),
    "GET /api-keys": (route) => refuse(route, 403, "role_required", { required_role: "admin" }),
  });
  await expect(page.getByText("API keys are not shown to you")).toBeVisible();
});

test("a_full_plan_leads_its_owner_to_a_larger_one", async ({ page }) => {
  await open(page, PATH, stage({ limit: 5 }));
  await expect(page.getByText("All 5 keys are in use", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await expect(button(page, "Create a key")).toHaveAttribute("aria-disabled", "true");
  await button(page, "Create a key").click({ force: true });
  await expect(dialog(page)).toHaveCount(0);
  await seenEverywhere(page, "keys-full");
  await button(page, "Revoke ⁨Old prototype⁩").click();
  await dialog(page).getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByText("All 5 keys are in use", { exact: true })).toHaveCount(0);
  await expect(button(page, "Create a key")).not.toHaveAttribute("aria-disabled");
});

test("a_full_plan_names_the_owners_to_an_admin", async ({ page }) => {
  await open(page, PATH, { ...stage({ limit: 3, role: "admin" }), "GET /team/members": list("members", [people[0]]) });
  await expect(page.getByText("Ask an owner: Ana Lima.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveCount(0);
  await seen(page, "keys-full-admin");
});

test("a_plan_without_keys_says_so", async ({ page }) => {
  await open(page, PATH, stage({ limit: 0, kept: [] }));
  await expect(page.getByText("Your plan has no API keys", { exact: true })).toBeVisible();
  await seen(page, "keys-none-in-plan");
});

test("a_catalogue_without_the_meter_shows_none", async ({ page }) => {
  const answers = stage();
  await open(page, PATH, { ...answers, "GET /entitlements": (route) => json(route, { workspace_id: WORKSPACE, plan: { name: "pro", version: 1, title: "Pro" }, status: "active", features: [], meters: [], retention_days: 90 }) });
  await expect(row(page, "Nightly import")).toBeVisible();
  await expect(page.getByRole("meter")).toHaveCount(0);
  await expect(button(page, "Create a key")).not.toHaveAttribute("aria-disabled");
});

test("a_suspended_workspace_still_revokes", async ({ page }) => {
  await open(page, PATH, stage({ suspended: ["manage_keys"] }));
  const why = "This workspace is suspended. Contact support to have the suspension lifted.";
  await expect(button(page, "Create a key")).toHaveAccessibleDescription(why);
  await expect(button(page, "Rotate ⁨Nightly import⁩")).toHaveAccessibleDescription(why);
  await expect(button(page, "Edit ⁨Nightly import⁩")).toHaveAccessibleDescription(why);
  await expect(button(page, "Revoke ⁨Nightly import⁩")).toHaveAccessibleDescription("");
  await seen(page, "keys-suspended");
});

test("a_late_payment_is_said_while_keys_work_on", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /billing/subscription": { body: { plan: "pro", status: "past_due", cancel_at_period_end: false, addons: [], limits: {}, grace_until: at(72) } } });
  await expect(row(page, "Nightly import")).toBeVisible();
  await expect(page.getByText(/payment/i).first()).toBeVisible();
  await seen(page, "keys-past-due");
});

test("a_key_is_revoked_after_a_question", async ({ page }) => {
  const asked: { method: string; path: string }[] = [];
  await open(page, PATH, stage({ asked: asked as never }));
  await button(page, "Revoke ⁨Nightly import⁩").click();
  await expect(dialog(page)).toContainText("Programs that use it are refused from their next request.");
  await expect(dialog(page)).toContainText("It was last used 3 hours ago.");
  await seenEverywhere(page, "keys-revoke");
  await dialog(page).getByRole("button", { name: "Revoke the key" }).dblclick();
  await expect(page.getByText("⁨Nightly import⁩ is revoked.")).toBeVisible();
  await expect(row(page, "Nightly import")).toHaveCount(0);
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  await expect(page.getByRole("heading", { level: 2, name: "API keys" }), "the list takes the focus").toBeFocused();
});

test("a_late_answer_leaves_the_next_question_open", async ({ page }) => {
  const answers = stage();
  const { open: answer, opened } = gate();
  let count = 0;
  await open(page, PATH, {
    ...answers,
    "DELETE /api-keys/{id}": async (route) => {
      if (count++ === 0) await opened;
      await (answers["DELETE /api-keys/{id}"] as (r: typeof route) => Promise<void>)(route);
    },
  });
  await button(page, "Revoke ⁨Nightly import⁩").click();
  await dialog(page).getByRole("button", { name: "Revoke the key" }).click();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await button(page, "Revoke ⁨Billing export⁩").click();
  answer();
  await expect(page.getByText("⁨Nightly import⁩ is revoked.")).toBeVisible();
  await expect(row(page, "Nightly import")).toHaveCount(0);
  await expect(page.getByRole("dialog", { name: "Revoke ⁨Billing export⁩?" })).toBeVisible();
  await dialog(page).getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByText("⁨Billing export⁩ is revoked.")).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  await expect(row(page, "Billing export")).toHaveCount(0);
});

test("a_key_that_was_revoked_elsewhere_is_gone", async ({ page }) => {
  const kept = [...keys];
  await open(page, PATH, stage({ kept }));
  await button(page, "Revoke ⁨Nightly import⁩").click();
  kept.splice(0, 1);
  await dialog(page).getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByText("⁨Nightly import⁩ was revoked already.")).toBeVisible();
  await expect(row(page, "Nightly import")).toHaveCount(0);
});

test("a_refused_revocation_stays_in_its_dialog", async ({ page }) => {
  await open(page, PATH, { ...stage(), "DELETE /api-keys/{id}": (route) => refuse(route, 503, "unavailable") });
  await button(page, "Revoke ⁨Nightly import⁩").click();
  await dialog(page).getByRole("button", { name: "Revoke the key" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("The service does not answer at the moment.");
  await expect(dialog(page).getByRole("alert")).toContainText("req-0123456789");
  await seen(page, "keys-revoke-refused");
});

test("the_page_speaks_german", async ({ page }) => {
  await open(page, PATH, stage({ limit: 5 }), { language: "de" });
  await expect(page.getByRole("heading", { level: 1, name: "API-Schlüssel" })).toBeFocused();
  await expect(page.getByText("Alle 5 Schlüssel sind vergeben", { exact: true })).toBeVisible();
  await seenEverywhere(page, "keys-german");
});
