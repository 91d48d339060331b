import { expect, test } from "@playwright/test";
import { member, NAMES, list } from "../parts";
import { open, problem, seen, WORKSPACE } from "../stage";
import { ago, card, connected, disabled, failing, json, PATH, Receivers, removed, seenEverywhere, types, unset } from "./receivers";

const some = [
  connected("slack", { integration_name: "#incidents" }),
  connected("webhook", { health_status: "unknown", last_sync_at: null, stats: { total_events_sent: 0, total_errors: 0 } }),
  failing("github"),
  disabled("pagerduty"),
  disabled("datadog", { disabled_cause: "failing", disabled_at: null }),
  removed("discord"),
];

test("eight_types_say_how_they_are", async ({ page }) => {
  const asked = await open(page, PATH, new Receivers({ some }).answers());
  await expect(page.getByRole("heading", { level: 1, name: "Integrations" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Integrations", exact: true })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("region", { name: "In use" }).getByRole("listitem")).toHaveCount(5);
  await expect(page.getByRole("region", { name: "Available" }).getByRole("listitem")).toHaveCount(3);
  await expect(card(page, "Slack")).toContainText("Connected");
  await expect(card(page, "Slack")).toContainText("#incidents");
  await expect(card(page, "Slack")).toContainText("Last delivery: 3 hours ago");
  await expect(card(page, "Webhook")).toContainText("Not tested");
  await expect(card(page, "GitHub")).toContainText("Failing");
  await expect(card(page, "GitHub")).toContainText("it answered 503.");
  await expect(card(page, "PagerDuty")).toContainText("The receiver answered with 410");
  await expect(card(page, "PagerDuty")).toContainText("Disabled: 2 hours ago");
  await expect(card(page, "Datadog")).toContainText("Nothing arrived for five days");
  await expect(card(page, "Datadog"), "an earlier version did it").not.toContainText("Disabled: ");
  await expect(card(page, "Discord")).toContainText("No secret");
  await expect(card(page, "Sentry")).toContainText("Files events in a project of Sentry.");
  await expect(page.getByRole("meter", { name: "Enabled integrations" })).toHaveAttribute("aria-valuetext", "3 / 5");
  await expect(page.getByText("2 more can be enabled.")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/integrations")).toHaveLength(1);
  await seenEverywhere(page, "integrations");
  await card(page, "Slack").getByRole("link").click();
  await expect(page).toHaveURL(`${PATH}/slack`);
  await expect(page.getByRole("heading", { level: 1, name: "Slack" })).toBeFocused();
});

test("nothing_in_use_leads_to_what_there_is", async ({ page }) => {
  await open(page, PATH, new Receivers({ limit: null }).answers());
  await expect(page.getByText("No integration is in use yet")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3 }) })).toHaveCount(types.length);
  await expect(page.getByText("Your plan has no limit.")).toBeVisible();
  await seenEverywhere(page, "integrations-empty");
});

test("all_that_the_plan_has_are_in_use", async ({ page }) => {
  await open(page, PATH, new Receivers({ some: [connected("slack"), connected("webhook")], limit: 2 }).answers());
  await expect(page.getByText("All 2 integrations of your plan are in use")).toBeVisible();
  await expect(page.getByRole("link", { name: "See the plans" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await seenEverywhere(page, "integrations-full");
});

test("who_may_not_pay_is_sent_to_the_owners", async ({ page }) => {
  const owners = list("members", [member(1, "Olga Owner", "owner"), member(2, NAMES.rtl, "owner")]);
  await open(page, PATH, { ...new Receivers({ role: "admin", some: [connected("slack")], limit: 1 }).answers(), "GET /team/members": owners });
  await expect(page.getByText("The integration of your plan is in use")).toBeVisible();
  await expect(page.getByText(/Ask an owner: .*Olga Owner/)).toBeVisible();
  await expect(page.getByRole("link", { name: "See the plans" })).toHaveCount(0);
  await seen(page, "integrations-full-admin");
});

test("more_than_the_plan_has_keep_working", async ({ page }) => {
  await open(page, PATH, new Receivers({ some: [connected("slack"), connected("webhook"), connected("sentry")], limit: 1 }).answers());
  await expect(page.getByText("More are enabled than the plan allows. They keep working")).toBeVisible();
  await seenEverywhere(page, "integrations-over");
});

test("a_viewer_sees_all_of_it", async ({ page }) => {
  await open(page, PATH, new Receivers({ role: "viewer", some }).answers());
  await expect(card(page, "PagerDuty")).toContainText("The receiver answered with 410");
  await seen(page, "integrations-viewer");
});

test("loading_holds_the_place", async ({ page }) => {
  await open(page, PATH, { ...new Receivers().answers(), "GET /integrations": () => new Promise(() => undefined) });
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(2);
  await seen(page, "integrations-loading");
});

test("a_failure_is_said_and_tried_again", async ({ page }) => {
  let broken = true;
  const receivers = new Receivers({ some });
  await open(page, PATH, {
    ...receivers.answers(),
    "GET /integrations": (route) => json(route, broken ? problem(503, "unavailable", "no") : list("integrations", receivers.integrations).body, broken ? 503 : 200),
  });
  await expect(page.getByRole("alert")).toContainText("The service does not answer at the moment.", { timeout: 10_000 });
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await seenEverywhere(page, "integrations-error");
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(card(page, "Slack")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a_receiver_that_goes_down_is_noticed", async ({ page }) => {
  await page.clock.install();
  const receivers = new Receivers({ some: [connected("webhook")] });
  await open(page, PATH, receivers.answers());
  await expect(card(page, "Webhook")).toContainText("Connected");
  receivers.change("webhook", { health_status: "failing", last_error_at: ago(1), last_error_message: "the connection was refused or closed; check that the receiver runs and accepts HTTPS" });
  await page.clock.runFor(16_000);
  await expect(card(page, "Webhook")).toContainText("Failing");
  await expect(card(page, "Webhook")).toContainText("The connection was refused or closed");
});

test("a_page_that_nobody_looks_at_is_not_read_again", async ({ page }) => {
  await page.clock.install();
  const asked = await open(page, PATH, new Receivers({ some }).answers());
  await expect(card(page, "Slack")).toBeVisible();
  const reads = () => asked.filter(({ path }) => path === "/integrations").length;
  await page.clock.runFor(11 * 60_000);
  await expect(page.getByText("Updates pause after ten minutes without input.")).toBeVisible();
  await page.waitForLoadState("networkidle");
  const before = reads();
  await page.clock.runFor(10 * 60_000);
  await page.getByRole("button", { name: "Update now" }).click();
  await expect(page.getByText("Updates pause")).toBeHidden();
  await expect.poll(reads, "only because it was asked for").toBe(before + 1);
});

test("names_of_every_kind_stay_in_their_place", async ({ page }) => {
  const named = [connected("slack", { integration_name: NAMES.emoji }), failing("webhook", { integration_name: NAMES.rtl }), connected("sentry", { integration_name: NAMES.script }), disabled("github", { integration_name: NAMES.long })];
  await open(page, PATH, new Receivers({ some: named }).answers());
  for (const name of Object.values(NAMES)) await expect(page.locator("bdi", { hasText: name })).toBeVisible();
  await seenEverywhere(page, "integrations-names");
});

test("german_is_complete", async ({ page }) => {
  await open(page, PATH, new Receivers({ some }).answers(), { language: "de" });
  await expect(page.getByRole("heading", { level: 1, name: "Integrationen" })).toBeFocused();
  await expect(card(page, "PagerDuty")).toContainText("Der Empfänger hat mit 410 geantwortet");
  await expect(card(page, "GitHub").locator("[lang=en]"), "the API says it in English only").toContainText("it answered 503");
  await seenEverywhere(page, "integrations-german");
});

test("a_late_payment_is_said", async ({ page }) => {
  await open(page, PATH, new Receivers({ some, paid: { status: "past_due", grace_until: "2026-12-05T00:00:00Z" } }).answers());
  await expect(page.getByText("A payment did not go through")).toBeVisible();
  await expect(card(page, "Slack")).toBeVisible();
  await seen(page, "integrations-past-due");
});

test("a_workspace_deleted_elsewhere_says_so", async ({ page }) => {
  const gone = { status: 404, body: problem(404, "workspace_not_found", "no") };
  let isGone = false;
  await page.clock.install();
  const receivers = new Receivers({ some });
  const answers = receivers.answers();
  await open(page, PATH, {
    ...answers,
    "GET /workspace": (route) => json(route, isGone ? gone.body : { ...(answers["GET /workspace"] as { body: object }).body }, isGone ? 404 : 200),
    "GET /integrations": (route) => json(route, isGone ? gone.body : list("integrations", receivers.integrations).body, isGone ? 404 : 200),
  });
  await expect(card(page, "Slack")).toBeVisible();
  isGone = true;
  await page.clock.runFor(16_000);
  await expect(page.getByRole("heading", { name: "This workspace is gone, or you are no longer a member of it." })).toBeVisible();
});

test("the_first_steps_lead_here", async ({ page }) => {
  const steps = ["create_workspace", "invite_member", "choose_plan", "start_runtime", "connect_integration"].map((id) => ({ id, done: id !== "connect_integration" }));
  await open(page, `/w/${WORKSPACE}`, { ...new Receivers().answers(), "GET /onboarding": { body: { steps, billing: { has_pending_checkout: false } } } });
  await page.getByRole("link", { name: "Connect an integration" }).click();
  await expect(page).toHaveURL(PATH);
  await expect(card(page, unset("webhook").integration_name)).toBeVisible();
});
