import { expect, test, type Page } from "@playwright/test";
import { violations } from "./audit";
import { other } from "./catalogue";
import { access, frame, head, list, member, NAMES, subscription, summary } from "./parts";
import { NOW, open, problem, seen, seenEverywhere, WORKSPACE } from "./stage";
import { free, json, NOVEMBER, PATH, runtime, stage } from "./usage";

const meter = (page: Page, name: string) => page.getByRole("article", { name });
const days = (page: Page, name: string) => page.getByRole("list", { name: `${name} by day` });
const months = (page: Page, name: string) => page.getByRole("list", { name: `${name} by month` });
const bars = (list: ReturnType<typeof days>) => list.getByRole("listitem");

test("days_and_months_of_each_meter_and_how_long_they_last", async ({ page }) => {
  const found = await violations(page);
  const asked: string[] = [];
  await open(page, PATH, stage({ asked }));
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Usage", exact: true })).toHaveAttribute("aria-current", "page");
  await expect(page.getByText("What this workspace uses of its plan Pro, and how long that lasts.")).toBeVisible();
  await expect(page.getByText("Nov 1 – Dec 1, 2026 (Europe/Berlin). Days are in UTC.")).toBeVisible();
  for (const name of ["Executions", "Traces", "AI credits"]) {
    await expect(bars(days(page, name)), "a day for each until today").toHaveCount(28);
    await expect(bars(months(page, name)), "since the workspace was created").toHaveCount(11);
  }
  await expect(bars(days(page, "Executions")).last()).toContainText("not over yet");
  await expect(bars(months(page, "Executions")).first()).toContainText("Jan 1 – Feb 1, 2026");
  await expect(meter(page, "Executions")).toContainText(/Full on November \d+, 2026 at this rate\.|About [\d,]+ at this rate/);
  await expect(page.getByRole("meter", { name: "Plugins" })).toHaveAttribute("aria-valuetext", "41 / 50");
  await expect(page.getByText("9 left.")).toBeVisible();
  await expect(page.getByText("2 days 4 hr")).toBeVisible();
  expect(asked.filter((one) => one.startsWith("days"))).toEqual(["days now"]);
  expect(asked.filter((one) => one.startsWith("month")), "a request for each month").toHaveLength(10);
  await seenEverywhere(page, "usage");
  expect(found).toEqual([]);
});

test("a_bar_that_is_pointed_at_says_its_value", async ({ page }) => {
  await open(page, PATH, stage());
  const figure = meter(page, "Executions").getByRole("figure").first();
  await expect(figure.getByText(/^Highest: /)).toBeVisible();
  const first = bars(days(page, "Executions")).first();
  await first.hover();
  const value = ((await first.textContent()) ?? "").replace(/,? ?November 1$/, "");
  await expect(figure.locator("figcaption")).toContainText(value);
  await expect(figure.locator("figcaption")).toContainText("November 1");
  await page.getByRole("heading", { level: 1 }).hover();
  await expect(figure.getByText(/^Highest: /)).toBeVisible();
});

test("the_same_values_are_tables", async ({ page }) => {
  await open(page, PATH, stage());
  await page.getByRole("link", { name: "Tables" }).click();
  await expect(page).toHaveURL(/as=table/);
  const table = page.getByRole("table", { name: "Days" });
  await expect(table.getByRole("row")).toHaveCount(29);
  await expect(table.getByRole("row").nth(1)).toContainText("November 28not over yet");
  await expect(table.getByRole("columnheader")).toHaveText(["Day", "Executions", "Traces", "AI credits"]);
  const year = page.getByRole("table", { name: "Months" });
  await expect(year.getByRole("row")).toHaveCount(12);
  await expect(year.getByRole("row", { name: "Oct 1 – Nov 1, 2026" })).toContainText("84,000limit 100,000");
  await expect(page.getByRole("list", { name: /by day/ })).toHaveCount(0);
  await seenEverywhere(page, "usage-tables");
  await page.getByRole("link", { name: "Bars" }).click();
  await expect(days(page, "Executions")).toBeVisible();
});

test("an_earlier_month_is_chosen_and_is_in_the_address", async ({ page }) => {
  const asked: string[] = [];
  await open(page, PATH, stage({ asked }));
  await page.getByLabel("Month", { exact: true }).selectOption({ label: "Oct 1 – Nov 1, 2026" });
  await expect(page).toHaveURL(/month=2026-10/);
  await expect(page.getByText("Oct 1 – Nov 1, 2026 (Europe/Berlin).")).toBeVisible();
  await expect(bars(days(page, "Executions"))).toHaveCount(31);
  await expect(meter(page, "Executions")).toContainText("84,000of 100,000");
  await expect(meter(page, "Executions")).toContainText("84% of the limit");
  await expect(meter(page, "Executions"), "what is over has no forecast").not.toContainText("rate");
  await expect(bars(days(page, "Executions")).last()).not.toContainText("not over yet");
  await seenEverywhere(page, "usage-earlier");
  await page.reload();
  await expect(page.getByLabel("Month", { exact: true })).toHaveValue("2026-10");
  await page.getByLabel("Month", { exact: true }).selectOption({ label: "Nov 1 – Dec 1, 2026 (now)" });
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
});

test("a_month_that_is_none_is_not_asked_for", async ({ page }) => {
  const asked: string[] = [];
  await open(page, `${PATH}?month=2026-13&as=circles`, stage({ asked }));
  await expect(days(page, "Executions")).toBeVisible();
  expect(asked.filter((one) => one.startsWith("days"))).toEqual(["days now"]);
});

test("a_limit_that_fills_says_on_which_day", async ({ page }) => {
  await open(page, PATH, stage({ perDay: { executions: 3400, traces: 9100, ai_credits: 12 }, used: { executions: 94_200 } }));
  await expect(meter(page, "Executions")).toContainText(/Full on November (29|30), 2026 at this rate\. [\d,]+ a day over the last 7 days\. Resets on December 1, 2026\./);
  await expect(meter(page, "Executions").getByText("Near the limit")).toBeVisible();
  await expect(meter(page, "Traces")).toContainText(/About [\d,]+ at this rate when the count resets on December 1, 2026\./);
  await seenEverywhere(page, "usage-fills");
});

test("a_reached_limit_and_one_that_is_exceeded_say_so", async ({ page }) => {
  await open(page, PATH, stage({ used: { ai_credits: 500, executions: 120_000, members: 12, storage_mb: 110_000, plugins: 50, api_keys: 17 } }));
  await expect(page.getByText("5 limits are reached")).toBeVisible();
  await expect(page.getByText("Seats, Storage, Plugins, Executions, and AI credits. A larger plan allows more.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await expect(meter(page, "AI credits")).toContainText("More is refused until the count resets on December 1, 2026.");
  await expect(meter(page, "Executions")).toContainText("20,000 over the limit.");
  await expect(meter(page, "Executions").getByText(/^.Over the limit$/)).toBeVisible();
  await expect(page.getByText("7.42 GB over the limit. Nothing is taken away, nothing can be added.")).toBeVisible();
  await seenEverywhere(page, "usage-full");
});

test("a_member_asks_an_owner_for_more", async ({ page }) => {
  const names = [member(1, "Ana Lima", "owner"), member(2, NAMES.rtl, "owner")];
  await open(page, PATH, { ...stage({ role: "member", used: { ai_credits: 500 } }), "GET /team/members": list("members", names) });
  await expect(page.getByText("1 limit is reached")).toBeVisible();
  await expect(page.getByText(/Ask an owner: Ana Lima and .*עולם/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveCount(0);
  await seenEverywhere(page, "usage-member");
});

test("what_happens_at_80_and_at_100_percent_is_said_of_each_limit", async ({ page }) => {
  await open(page, PATH, stage());
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3 }) });
  await expect(card.filter({ hasText: "Executions, Traces, and AI credits" })).toContainText("Admins and owners are notified, once a month.");
  await expect(card.filter({ hasText: "Executions, Traces, and AI credits" })).toContainText("More is refused until the count resets.");
  await expect(card.filter({ hasText: "Gateways and Plugins" })).toContainText("once in 31 days");
  const keys = card.filter({ has: page.getByRole("heading", { name: "API keys" }) });
  await expect(keys).not.toContainText("once in 31 days");
  await expect(keys).toContainText("Admins and owners are notified");
  await expect(card.filter({ has: page.getByRole("heading", { name: "Storage" }) })).toContainText("All that is stored stays.");
  await expect(card.filter({ has: page.getByRole("heading", { name: "Seats" }) })).toContainText("Nobody can be invited until a seat is free.");
  await expect(page.getByText("Without a limit: Integrations.")).toBeVisible();
});

test("a_free_plan_counts_from_its_first_day", async ({ page }) => {
  const period = { start: "2026-11-26T00:00:00Z", end: "2026-12-26T00:00:00Z" };
  const asked: string[] = [];
  await open(page, PATH, stage({ plan: "free", limits: free, period, created: "2026-11-26T09:00:00Z", past: [], perDay: { executions: 62, traces: 1440, ai_credits: 0 }, used: { members: 1, integrations: 0, api_keys: 0, storage_mb: 12, gateways: 0, plugins: 0 }, running: false, asked }));
  await expect(page.getByText("What this workspace uses of its plan Free, and how long that lasts.")).toBeVisible();
  await expect(bars(days(page, "Executions"))).toHaveCount(3);
  await expect(page.getByText("This is the first month. Others follow it here.")).toHaveCount(3);
  await expect(meter(page, "Traces")).toContainText(/Full on December \d+, 2026 at this rate\. [\d,]+ a day since the month began\./);
  await expect(meter(page, "AI credits")).toContainText("Nothing was used yet.");
  await expect(page.getByText("Does not run now.")).toBeVisible();
  expect(asked).toEqual(["days now"]);
  await seenEverywhere(page, "usage-free");
});

test("nothing_was_used_yet", async ({ page }) => {
  await open(page, PATH, stage({ perDay: { executions: 0, traces: 0, ai_credits: 0 }, used: { members: 1, integrations: 0, api_keys: 0, storage_mb: 0, gateways: 0, plugins: 0 }, created: "2026-11-01T00:00:00Z", past: [] }));
  await expect(page.getByText("Nothing was used yet.")).toHaveCount(3);
  await seenEverywhere(page, "usage-nothing");
});

test("the_first_hours_have_no_forecast", async ({ page }) => {
  const period = { start: "2026-11-28T00:00:00Z", end: "2026-12-28T00:00:00Z" };
  await open(page, PATH, stage({ period, past: [{ period: { start: "2026-10-28T00:00:00Z", end: "2026-11-28T00:00:00Z" }, used: { executions: 1 } }], created: "2026-10-28T08:00:00Z" }));
  await expect(page.getByText("A forecast follows once a day has passed.")).toHaveCount(3);
  await seen(page, "usage-early");
});

test("days_that_were_not_counted_are_said_to_be_missing", async ({ page }) => {
  await open(page, PATH, stage({ since: "2026-11-20T14:00:00Z", used: { executions: 61_000 } }));
  await expect(page.getByText("Days are counted since Nov 20, 2026, 3:00 PM. What was used before is in the total only.")).toBeVisible();
  await expect(bars(days(page, "Executions"))).toHaveCount(9);
  await seen(page, "usage-since");
  await page.getByRole("link", { name: "Tables" }).click();
  await expect(page.getByRole("table", { name: "Days" }).getByRole("row", { name: "November 19" })).toContainText("not counted");
});

test("meters_without_a_limit_have_a_forecast_and_nothing_to_fill", async ({ page }) => {
  await open(page, PATH, stage({ plan: "enterprise", limits: {} }));
  await expect(meter(page, "Executions")).toContainText("no limit");
  await expect(meter(page, "Executions")).toContainText(/About [\d,]+ at this rate/);
  await expect(meter(page, "Executions").getByRole("meter")).toHaveCount(0);
  await expect(page.getByText(/^Without a limit: Seats, .*AI credits\.$/)).toBeVisible();
  await seenEverywhere(page, "usage-unlimited");
});

test("a_billing_cycle_has_months_of_its_own_and_a_short_one", async ({ page }) => {
  const cut = { start: "2026-10-10T00:00:00Z", end: "2026-10-21T12:00:00Z" };
  const period = { start: "2026-11-21T12:00:00Z", end: "2026-12-21T12:00:00Z" };
  const past = [
    { period: { start: "2026-09-10T00:00:00Z", end: "2026-10-10T00:00:00Z" }, used: { executions: 400 }, limits: free },
    { period: cut, used: { executions: 990 }, limits: free },
    { period: { start: "2026-10-21T12:00:00Z", end: "2026-11-21T12:00:00Z" }, used: { executions: 48_000 } },
  ];
  await open(page, PATH, stage({ period, past, created: "2026-09-10T08:00:00Z" }), {});
  await expect(bars(months(page, "Executions"))).toHaveCount(4);
  await expect(page.getByLabel("Month", { exact: true }).getByRole("option"), "the API has no days of the short month").toHaveText(["Nov 21 – Dec 21, 2026 (now)", "Oct 21 – Nov 21, 2026", "Sep 10 – Oct 10, 2026"]);
  await expect(bars(days(page, "Executions"))).toHaveCount(8);
  await seenEverywhere(page, "usage-cycle");
});

test("another_catalogue_is_shown_as_it_is_written", async ({ page }) => {
  const limits = { members: 2, berths: 4, gpu_hours: 300 };
  await open(page, PATH, {
    ...stage({ plan: "flotte", limits, meters: other.meters, perDay: { gpu_hours: 9 }, used: { members: 2, berths: 5 } }),
    "GET /workspace": { body: { ...head, name: NAMES.emoji.repeat(2), plan: "flotte", timezone: "Pacific/Kiritimati" } },
    "GET /billing/plans": { body: other },
  });
  await expect(meter(page, "Hours of GPU")).toBeVisible();
  await expect(page.getByRole("meter", { name: "Berths <b>at the quay</b>" })).toHaveAttribute("aria-valuetext", "5 / 4");
  await expect(page.getByText("Nov 1 – Dec 1, 2026 (Pacific/Kiritimati).")).toBeVisible();
  await seenEverywhere(page, "usage-other");
});

test("a_catalogue_without_monthly_meters_shows_the_rest", async ({ page }) => {
  const asked: string[] = [];
  await open(page, PATH, stage({ meters: other.meters.slice(0, 2), limits: { members: 2, berths: 4 }, asked }));
  await expect(page.getByRole("heading", { name: "In total" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Monthly" })).toHaveCount(0);
  expect(asked).toEqual([]);
  await seen(page, "usage-lasting-only");
});

test("a_plan_without_a_container_shows_none", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /workspace/status": { body: runtime({ status: "stopped", uptime: null, resources: { ram_used_mb: null, ram_limit_mb: null, cpu_percent: null, cpu_units: null } }) } });
  await expect(days(page, "Executions")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What happens at a limit" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Open the container" })).toHaveCount(0);
});

test("a_payment_that_is_due_stops_what_can_be_used", async ({ page }) => {
  const late = { ...subscription, status: "past_due", grace_until: null };
  await open(page, PATH, { ...stage({ status: "past_due", limits: free }), "GET /billing/subscription": { body: late } });
  await expect(page.getByText("Nothing more can be used, because a payment is missing")).toBeVisible();
  await expect(page.getByRole("link", { name: "Pay in Billing" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await seenEverywhere(page, "usage-past-due");
});

test("in_the_time_to_pay_the_frame_says_so_and_usage_goes_on", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /billing/subscription": { body: { ...subscription, status: "past_due", grace_until: "2026-12-05T00:00:00Z" } } });
  await expect(page.getByText("A payment did not go through")).toBeVisible();
  await expect(days(page, "Executions")).toBeVisible();
  await expect(page.getByText("Nothing more can be used")).toHaveCount(0);
  await seen(page, "usage-grace");
});

test("a_member_of_a_past_due_workspace_asks_an_owner", async ({ page }) => {
  await open(page, PATH, { ...stage({ role: "viewer", status: "past_due" }), "GET /team/members": list("members", [member(1, "Ana Lima", "owner")]) });
  await expect(page.getByText("Ask an owner: Ana Lima.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Pay in Billing" })).toHaveCount(0);
});

test("a_suspended_workspace_says_why_nothing_can_be_used", async ({ page }) => {
  await open(page, PATH, { ...stage({ status: "suspended" }), "GET /workspace": { body: { ...head, suspended: { reason: "Spam", at: NOW } } } });
  await expect(page.getByText("Nothing more can be used, because the workspace is suspended")).toBeVisible();
  await seen(page, "usage-suspended");
});

test("loading_holds_the_place", async ({ page }) => {
  const never = () => new Promise<void>(() => undefined);
  await open(page, PATH, { ...stage(), "GET /entitlements": never });
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(3);
  await seenEverywhere(page, "usage-loading");
});

test("days_and_months_that_load_hold_theirs", async ({ page }) => {
  let release: () => void = () => undefined;
  const answers = stage();
  await open(page, PATH, { ...answers, "GET /billing/usage": (route) => new Promise<void>((done) => (release = done)).then(() => (answers["GET /billing/usage"] as (r: typeof route) => Promise<void>)(route)) });
  await expect(days(page, "Executions")).toBeVisible();
  await expect(meter(page, "Executions").getByRole("status", { name: "Loading" })).toHaveCount(1);
  const before = (await meter(page, "Executions").boundingBox())?.height ?? 0;
  await seen(page, "usage-months-loading");
  release();
  expect(before).toBeGreaterThan(150);
});

test("what_failed_says_so_in_its_place_and_passes", async ({ page }) => {
  let down = true;
  const answers = stage();
  const usually = (name: "GET /billing/usage/days" | "GET /billing/usage") => answers[name] as (route: Parameters<typeof json>[0]) => Promise<void>;
  await open(page, PATH, {
    ...answers,
    "GET /billing/usage/days": (route) => (down ? route.fulfill({ status: 403, headers: { "access-control-allow-origin": "*" }, json: problem(403, "odd", "Days are closed.") }) : usually("GET /billing/usage/days")(route)),
  });
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Days are closed.");
  await expect(alert).toContainText("req-0123456789");
  await expect(page.getByRole("heading", { name: "In total" }), "the rest of the page stays").toBeVisible();
  await seenEverywhere(page, "usage-error");
  down = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(days(page, "Executions")).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test("months_that_fail_leave_the_days", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /billing/usage": { status: 403, body: problem(403, "odd", "Months are closed.") } });
  await expect(page.getByRole("alert")).toContainText("The earlier months could not be read");
  await expect(days(page, "Executions")).toBeVisible();
  await expect(bars(months(page, "Executions"))).toHaveCount(1);
  await seen(page, "usage-months-failed");
});

test("a_container_that_cannot_be_read_fails_alone", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /workspace/status": { status: 403, body: problem(403, "odd", "No container today.") } });
  await expect(page.getByRole("alert")).toContainText("No container today.");
  await expect(days(page, "Executions")).toBeVisible();
});

test("a_refresh_reads_again_and_a_failed_one_keeps_what_was_there", async ({ page }) => {
  const asked: string[] = [];
  const answers = stage({ asked });
  let down = false;
  await open(page, PATH, { ...answers, "GET /billing/usage/days": (route) => (down ? route.abort() : (answers["GET /billing/usage/days"] as (r: typeof route) => Promise<void>)(route)) });
  await expect(days(page, "Executions")).toBeVisible();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect.poll(() => asked.filter((one) => one === "days now").length).toBe(2);
  down = true;
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert")).toContainText("These figures could not be updated", { timeout: 15_000 });
  await expect(days(page, "Executions")).toBeVisible();
  await seen(page, "usage-stale");
});

test("a_workspace_that_is_gone_says_so", async ({ page }) => {
  const gone = { status: 404, body: problem(404, "workspace_not_found", "no") };
  await open(page, PATH, { ...stage(), "GET /workspace": gone, "GET /entitlements": gone });
  await expect(page.getByRole("heading", { level: 1, name: "This workspace is gone, or you are no longer a member of it." })).toBeFocused();
});

test("somebody_with_500_workspaces_waits_for_none_of_them", async ({ page }) => {
  const many = Array.from({ length: 100 }, (_, place) => summary({ id: `ws_${String(place).padStart(26, "0")}`, name: place % 2 ? NAMES.long : NAMES.emoji }));
  const asked = await open(page, PATH, { ...stage(), "GET /workspaces": list("workspaces", [summary(), ...many], "more") });
  await expect(days(page, "Executions")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/workspaces"), "their first page is for the switcher").toHaveLength(1);
});

test("german_is_complete", async ({ page }) => {
  await open(page, PATH, stage({ used: { ai_credits: 500 } }), { language: "de" });
  await expect(page.getByRole("heading", { level: 1, name: "Nutzung" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Executions nach Tagen" })).toBeVisible();
  await expect(page.getByText("1. Nov. – 1. Dez. 2026 (Europe/Berlin). Tage gelten in UTC.")).toBeVisible();
  await seenEverywhere(page, "usage-german");
});

test("no_action_of_a_role_is_needed", async ({ page }) => {
  await open(page, PATH, { ...stage({ role: "viewer" }), "GET /access": access("viewer"), ...pick(frame("viewer")) });
  await expect(days(page, "Executions")).toBeVisible();
  await expect(page.getByRole("button", { name: "Refresh" })).toHaveAccessibleDescription("");
});

const pick = (answers: ReturnType<typeof frame>) => ({ "GET /workspaces": answers["GET /workspaces"]! });

test("months_are_those_of_the_api_whatever_the_zone", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /workspace": { body: { ...head, timezone: "America/Los_Angeles" } } });
  await expect(page.getByText("Oct 31 – Nov 30, 2026 (America/Los_Angeles). Days are in UTC.")).toBeVisible();
  await expect(meter(page, "AI credits")).toContainText("November 30, 2026");
  expect(NOVEMBER.start).toBe("2026-11-01T00:00:00Z");
});
