import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { ANA, BEN, checkpoint, entitlements, json, lines, PATH, people, queryOf, record, records, row, stage, verification, violations, type Asked } from "./audit";
import { list, NAMES } from "./parts";
import { open, problem, seen, seenEverywhere, WORKSPACE } from "./stage";

const table = (page: Page) => page.getByRole("table", { name: "Changes, newest first" });
const headings = (page: Page) => table(page).getByRole("rowheader");

test("the_log_says_who_changed_what_and_when", async ({ page }) => {
  const asked: Asked[] = [];
  const found = await violations(page);
  await open(page, PATH, stage({ asked }));
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeFocused();
  await expect(page.getByText("Who changed what in this workspace. Times are in Europe/Berlin.")).toBeVisible();
  await expect(headings(page)).toHaveCount(records.length);
  await expect(headings(page).first()).toHaveText(/Ana Lima gave Ben Okafor the role Admin/);
  await expect(row(page, "gave Ben Okafor")).toContainText("Nov 28, 2026, 10:36 AM");
  await expect(row(page, "gave Ben Okafor")).toContainText("14");
  await expect(row(page, NAMES.script)).toBeVisible();
  await expect(row(page, "Olga granted a trial of 14 days")).toBeVisible();
  await expect(page.getByText("Records older than 365 days are not shown on your plan.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Audit log" })).toHaveAttribute("aria-current", "page");
  expect(asked).toEqual([{ path: "records", query: { limit: "50" } }]);
  await seenEverywhere(page, "audit");
  expect(found).toEqual([]);
});

test("a_record_opens_to_what_changed", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, PATH, stage());
  const button = page.getByRole("button", { name: "Details: Ben Okafor set up the integration Webhook" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "true");
  const details = page.locator(`[id="${await button.getAttribute("aria-controls")}"]`);
  await expect(details.getByRole("deletion").filter({ hasText: "old.example.com" })).toHaveText("−Before: https://old.example.com");
  await expect(details.getByRole("insertion").filter({ hasText: "hooks.example.com" })).toHaveText("+After: https://hooks.example.com");
  await expect(details).toContainText("secret_changed");
  await expect(details).toContainText("2001:db8::7");
  await details.getByRole("button", { name: "Copy: Digest", exact: true }).click();
  await expect(details.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(records[1]?.digest);
  await seenEverywhere(page, "audit-details");
  // A row opens where it is pressed, and closes again.
  await row(page, "restarted the container").getByText("restarted").click();
  await expect(page.getByText("No values were recorded with this change.")).toBeVisible();
  await row(page, "restarted the container").getByText("restarted").click();
  await expect(page.getByText("No values were recorded with this change.")).toBeHidden();
});

test("erased_and_large_values_are_said", async ({ page }) => {
  await open(page, PATH, stage());
  await page.getByRole("button", { name: /^Details: Ana Lima removed/ }).click();
  await expect(page.getByRole("deletion").filter({ hasText: "Erased" })).toContainText("The value was personal and is erased. Its digest stays.cMQT460Aw4");
  await expect(page.getByText("Not recorded, or erased")).toBeVisible();
  await page.getByRole("button", { name: /^Details: Ana Lima changed the description/ }).click();
  await expect(page.getByRole("insertion").filter({ hasText: "Too large to keep (2,048 bytes)" })).toBeVisible();
  await expect(page.getByRole("deletion").filter({ hasText: "empty text" })).toBeVisible();
  // Records from before the log, and one without a number.
  await page.getByRole("button", { name: /^Details: Ana Lima created the workspace/ }).click();
  await expect(page.getByText("2 of the records from before the log")).toBeVisible();
  await page.getByRole("button", { name: /^Details: Ana Lima opened the checkout/ }).click();
  await expect(page.getByText("None yet. Older records get their numbers within a day.")).toBeVisible();
  await seenEverywhere(page, "audit-erased");
});

test("filters_are_in_the_address_and_in_the_zone", async ({ page }) => {
  const asked: Asked[] = [];
  await open(page, `${PATH}?actor=${BEN}&from=2026-11-27&to=2026-11-28`, stage({ asked }));
  await expect(headings(page)).toHaveCount(2);
  expect(asked.at(-1)?.query).toEqual({ actor: BEN, from: "2026-11-26T23:00:00.000Z", to: "2026-11-28T23:00:00.000Z", limit: "50" });
  await expect(page.getByLabel("By", { exact: true })).toHaveValue(BEN);
  await seenEverywhere(page, "audit-filtered");
  await page.getByLabel("Kind of change").selectOption({ label: "Container restarted" });
  await expect(headings(page)).toHaveCount(1);
  await expect(page).toHaveURL(/action=runtime\.restarted/);
  await page.getByLabel("Id of what was changed").fill("nothing");
  await expect(page.getByText("No change matches")).toBeVisible();
  await expect(page).toHaveURL(/target=nothing/);
  await seenEverywhere(page, "audit-no-match");
  await page.getByRole("button", { name: "Clear the filters" }).last().click();
  await expect(headings(page)).toHaveCount(records.length);
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
  await expect(page.getByLabel("Id of what was changed")).toHaveValue("");
});

test("a_record_leads_to_others_like_it", async ({ page }) => {
  await open(page, PATH, stage());
  await page.getByRole("button", { name: /^Details: Ben Okafor set up/ }).click();
  await page.getByRole("link", { name: "All changes of it" }).click();
  await expect(headings(page)).toHaveCount(1);
  await expect(page).toHaveURL(/target=webhook$/);
  await expect(page.getByLabel("Id of what was changed")).toHaveValue("webhook");
  await page.getByRole("link", { name: "All changes by them" }).click();
  await expect(page).toHaveURL(new RegExp(`\\?actor=${BEN}$`));
  await expect(headings(page)).toHaveCount(2);
});

test("days_in_the_wrong_order_are_not_asked_for", async ({ page }) => {
  const asked: Asked[] = [];
  await open(page, `${PATH}?from=2026-11-20&to=2026-11-01`, stage({ asked }));
  await expect(page.getByLabel("Until")).toHaveAccessibleDescription("This day is before the first one.");
  expect(asked).toEqual([]);
  await seen(page, "audit-inverted");
  await page.getByLabel("Until").fill("2026-11-30");
  await expect(headings(page).first()).toBeVisible();
});

test("a_wrong_id_is_said_at_its_field", async ({ page }) => {
  const errors = [{ in: "query", field: "target", message: "must have at most 200 characters" }];
  await open(page, `${PATH}?target=x`, { ...stage(), "GET /audit": { status: 400, body: problem(400, "invalid_request", "no", { errors }) } });
  await expect(page.getByLabel("Id of what was changed")).toHaveAccessibleDescription("must have at most 200 characters");
  await seen(page, "audit-wrong-id");
});

test("more_is_shown_on_request", async ({ page }) => {
  await open(page, PATH, stage({ size: 5 }));
  await expect(headings(page)).toHaveCount(5);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(headings(page)).toHaveCount(10);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(headings(page)).toHaveCount(records.length);
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);
});

test("empty_pages_are_passed_over", async ({ page }) => {
  await open(page, `${PATH}?target=inv_1`, {
    ...stage(),
    "GET /audit": (route) => {
      const { cursor = "0" } = queryOf(route);
      const more = cursor !== "3";
      return json(route, { records: more ? [] : [records[8]], pagination: { has_more: more, next_cursor: more ? String(Number(cursor) + 1) : null } });
    },
  });
  await expect(headings(page)).toHaveCount(1);
});

test("loading_holds_the_place", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /entitlements": () => new Promise(() => undefined) });
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(2);
  await seenEverywhere(page, "audit-loading");
});

test("what_failed_says_so_and_passes", async ({ page }) => {
  let down = true;
  const answers = stage();
  await open(page, PATH, { ...answers, "GET /audit": (route) => (down ? json(route, problem(403, "odd", "The log is closed."), 403) : (answers["GET /audit"] as (r: typeof route) => Promise<void>)(route)) });
  await expect(page.getByRole("alert")).toContainText("The log is closed.");
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByLabel("Kind of change"), "the rest of the page stays").toBeVisible();
  await seenEverywhere(page, "audit-error");
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(headings(page)).toHaveCount(records.length);
});

test("a_failed_further_page_leaves_the_others", async ({ page }) => {
  const answers = stage({ size: 5 });
  await open(page, PATH, { ...answers, "GET /audit": (route) => (queryOf(route)["cursor"] ? route.abort() : (answers["GET /audit"] as (r: typeof route) => Promise<void>)(route)) });
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByRole("alert")).toContainText("The service cannot be reached.", { timeout: 15_000 });
  await expect(headings(page)).toHaveCount(5);
  await seen(page, "audit-further-failed");
});

test("offline_says_so", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /entitlements": (route) => route.abort() });
  await expect(page.getByRole("alert")).toContainText("The service cannot be reached. Check your connection and try again.", { timeout: 15_000 });
  await seenEverywhere(page, "audit-offline");
});

test("nothing_is_recorded_yet", async ({ page }) => {
  await open(page, PATH, stage({ kept: [] }));
  await expect(page.getByText("No change is recorded")).toBeVisible();
  await seenEverywhere(page, "audit-empty");
});

for (const role of ["viewer", "member"] as const) {
  test(`a_${role}_sees_who_may`, async ({ page }) => {
    const asked: Asked[] = [];
    await open(page, PATH, { ...stage({ role, asked }), "GET /team/members": list("members", [people[0]]) });
    await expect(page.getByText("The audit log is not shown to you")).toBeVisible();
    await expect(page.getByText("People with the role Admin or a higher one see it. The owners are ⁨Ana Lima⁩.")).toBeVisible();
    expect(asked).toEqual([]);
    await seenEverywhere(page, `audit-${role}`);
  });
}

test("a_plan_without_the_log_shows_the_activity", async ({ page }) => {
  const asked: Asked[] = [];
  await open(page, `${PATH}?target=webhook&from=2026-11-27`, stage({ isLog: false, asked }));
  await expect(headings(page)).toHaveCount(records.length);
  expect(asked).toEqual([{ path: "activity", query: { limit: "50" } }]);
  await expect(page.getByText("Records older than 90 days are not shown on your plan.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Verify" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Export" })).toHaveCount(0);
  await expect(page.getByRole("searchbox").or(page.getByLabel("Id of what was changed"))).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Upgrade to Business" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing?plan=business`);
  await page.getByRole("button", { name: /^Details: Ana Lima gave/ }).click();
  await expect(page.getByText("Request id")).toBeVisible();
  await expect(page.getByText("Digest of the record before")).toHaveCount(0);
  await seenEverywhere(page, "audit-activity");
  await page.getByLabel("Kind of change").selectOption({ label: "Role changed" });
  await expect(headings(page)).toHaveCount(1);
});

test("an_admin_without_the_log_asks_an_owner", async ({ page }) => {
  await open(page, PATH, { ...stage({ isLog: false, role: "admin" }), "GET /team/members": list("members", [people[0]]) });
  await expect(page.getByText("Ask an owner: Ana Lima.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Upgrade to Business" })).toHaveCount(0);
  await seen(page, "audit-activity-admin");
});

test("a_plan_that_changes_meanwhile_is_noticed", async ({ page }) => {
  let included = true;
  await open(page, PATH, { ...stage({ isLog: false }), "GET /entitlements": (route) => json(route, entitlements(included)).then(() => void (included = false)) });
  await expect(page.getByText("Your plan shows the activity, without proof")).toBeVisible();
  await expect(headings(page)).toHaveCount(records.length);
});

test("the_log_is_verified_page_by_page", async ({ page }) => {
  const cursors: (string | undefined)[] = [];
  let release: () => void = () => undefined;
  await open(page, PATH, {
    ...stage(),
    "GET /audit/verify": async (route) => {
      const { cursor } = queryOf(route);
      cursors.push(cursor);
      if (cursor === "b") await new Promise<void>((done) => (release = done));
      return json(route, cursor === undefined ? verification(500, 500, {}, "a") : cursor === "a" ? verification(500, 1000, {}, "b") : verification(14, 14));
    },
  });
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText("1,000 records verified so far.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Verify", exact: true })).toHaveAccessibleDescription("It is being verified.");
  await seenEverywhere(page, "audit-verifying");
  release();
  await expect(page.getByText("The log is whole")).toBeVisible();
  await expect(page.getByText("All 1,014 records that your plan shows are as they were written")).toBeVisible();
  await expect(page.getByText("No. 14 · It has the same digest.")).toBeVisible();
  await expect(page.getByRole("link", { name: /How to verify it yourself/ }).first()).toHaveAttribute("href", "/audit-format.txt");
  expect(cursors).toEqual([undefined, "a", "b"]);
  await seenEverywhere(page, "audit-whole");
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText("The log is whole")).toHaveCount(0);
});

test("a_broken_log_says_where_why_and_what_to_do", async ({ page }) => {
  const broken = { ok: false, broken_at: records[4]?.id, reason: "altered" };
  await open(page, PATH, { ...stage(), "GET /audit/verify": (route) => json(route, queryOf(route)["cursor"] ? verification(9, 509, broken) : verification(500, 500, {}, "a")) });
  await page.getByRole("button", { name: "Verify" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The log is broken");
  await expect(alert).toContainText("This record is not as it was written.");
  await expect(alert).toContainText(records[4]?.id ?? "");
  await expect(alert).toContainText("509 records before it are whole.");
  await expect(alert.getByRole("listitem")).toHaveCount(2);
  await seenEverywhere(page, "audit-broken");
  await alert.getByRole("link", { name: "Show the records of that day" }).click();
  await expect(page).toHaveURL(/from=2025-11-28&to=2025-11-28/);
  await expect(alert, "the result stays").toBeVisible();
});

test("a_checkpoint_convicts_a_log_that_was_computed_again", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /audit/checkpoints": list("checkpoints", [checkpoint(14, "other")]), "GET /audit/verify": { body: verification(14, 14) } });
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("alert")).toContainText("the log was computed again after it was signed");
  await expect(page.getByRole("alert")).toContainText("No. 14");
});

test("a_used_budget_is_waited_for", async ({ page }) => {
  let asked = 0;
  const clock = page.clock;
  await clock.install({ time: new Date("2026-11-28T10:00:00Z") });
  await open(page, PATH, {
    ...stage(),
    "GET /audit/checkpoints": list("checkpoints", []),
    "GET /audit/verify": (route) => (++asked === 1 ? json(route, problem(429, "budget_exhausted", "no"), 429, { "retry-after": "34" }) : json(route, verification(3, 14))),
  });
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText("30 pages a minute are given out. It goes on in 34 seconds.")).toBeVisible();
  await clock.runFor(4000);
  await expect(page.getByText("It goes on in 30 seconds.")).toBeVisible();
  await seenEverywhere(page, "audit-waiting");
  expect(asked).toBe(1);
  await clock.runFor(31_000);
  await expect(page.getByText("The log is whole")).toBeVisible();
  await expect(page.getByText("None yet. The end of the log is signed once a day after changes.")).toBeVisible();
  expect(asked).toBe(2);
});

test("an_export_is_saved_whole", async ({ page }) => {
  const found = await violations(page);
  const queries: object[] = [];
  await open(page, `${PATH}?from=2026-11-01`, {
    ...stage(),
    "GET /audit/export": (route) => {
      const query = queryOf(route);
      queries.push({ ...query, accept: route.request().headers()["accept"] });
      return query["cursor"] ? lines(route, '{"number":3}\n') : lines(route, '{"number":1}\n{"number":2}\n', "b");
    },
  });
  await page.getByRole("button", { name: "Export" }).click();
  await expect(page.getByRole("button", { name: /^NDJSON/ })).toBeVisible();
  await seenEverywhere(page, "audit-export-menu");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^NDJSON/ }).click()]);
  expect(download.suggestedFilename()).toBe(`audit-${WORKSPACE}-2026-11-28.ndjson`);
  expect(readFileSync(await download.path(), "utf8")).toBe('{"number":1}\n{"number":2}\n{"number":3}\n');
  expect(queries).toEqual([
    { from: "2026-10-31T23:00:00.000Z", accept: "application/jsonl" },
    { from: "2026-10-31T23:00:00.000Z", cursor: "b", accept: "application/jsonl" },
  ]);
  await expect(page.getByText("The export is complete")).toBeVisible();
  await expect(page.getByText("3 records in")).toBeVisible();
  await seenEverywhere(page, "audit-exported");
  const [again] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save again" }).click()]);
  expect(again.suggestedFilename()).toBe(download.suggestedFilename());
  expect(found).toEqual([]);
});

test("a_table_has_what_the_filters_select", async ({ page }) => {
  const asked: object[] = [];
  const answers = stage();
  await open(page, `${PATH}?actor=${ANA}`, {
    ...answers,
    "GET /audit": (route) => {
      if (route.request().headers()["accept"] !== "text/csv") return (answers["GET /audit"] as (r: typeof route) => Promise<void>)(route);
      asked.push(queryOf(route));
      return lines(route, '"id"\r\n"aud_1"\r\n');
    },
  });
  await expect(headings(page).first()).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^CSV/ }).click()]);
  expect(readFileSync(await download.path(), "utf8")).toBe('\ufeff"id"\r\n"aud_1"\r\n');
  expect(asked).toEqual([{ actor: ANA, limit: "100" }]);
});

test("checkpoints_are_saved_as_audit_verify_reads_them", async ({ page }) => {
  await open(page, PATH, stage());
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Checkpoints/ }).click()]);
  expect(download.suggestedFilename()).toBe(`audit-${WORKSPACE}-2026-11-28-checkpoints.json`);
  expect(JSON.parse(readFileSync(await download.path(), "utf8"))).toEqual({ checkpoints: [checkpoint(14)] });
  await expect(page.getByText("1 checkpoint in")).toBeVisible();
});

test("an_export_that_stops_goes_on_from_there", async ({ page }) => {
  let refusals = 1;
  const cursors: (string | undefined)[] = [];
  await open(page, `${PATH}?actor=${ANA}`, {
    ...stage(),
    "GET /audit/export": (route) => {
      const { cursor } = queryOf(route);
      cursors.push(cursor);
      if (cursor && refusals-- > 0) return json(route, problem(403, "role_changed", "no"), 403);
      return cursor ? lines(route, '{"number":2}\n') : lines(route, '{"number":1}\n', "b");
    },
  });
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("button", { name: /^NDJSON/ }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Exporting as NDJSON");
  await expect(alert).toContainText("req-0123456789");
  await expect(page.getByText("What was read is kept; it goes on from there.")).toBeVisible();
  await seenEverywhere(page, "audit-export-failed");
  const [download] = await Promise.all([page.waitForEvent("download"), alert.getByRole("button", { name: "Try again" }).click()]);
  expect(readFileSync(await download.path(), "utf8")).toBe('{"number":1}\n{"number":2}\n');
  expect(cursors).toEqual([undefined, "b", "b"]);
  await expect(page.getByText("The other filters do not, because an export with gaps cannot be verified.")).toBeVisible();
});

test("an_export_is_cancelled", async ({ page }) => {
  let pages = 0;
  await open(page, PATH, {
    ...stage(),
    "GET /audit/export": async (route) => {
      pages++;
      await new Promise((done) => setTimeout(done, 300));
      return lines(route, '{"number":1}\n', "more").catch(() => undefined);
    },
  });
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("button", { name: /^NDJSON/ }).click();
  await expect(page.getByText("1 record so far.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Export", exact: true }), "it keeps the focus").toBeFocused();
  await seen(page, "audit-exporting");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(page.getByRole("button", { name: /^CSV/ })).toHaveAccessibleDescription("An export is under way.");
  await expect(page.getByRole("button", { name: /^CSV/ })).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Exporting as NDJSON")).toHaveCount(0);
  const before = pages;
  await page.waitForTimeout(1000);
  expect(pages - before, "the page that was asked for at most").toBeLessThanOrEqual(1);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(page.getByRole("button", { name: /^CSV/ })).toHaveAccessibleDescription("");
});

test("many_records_stay_usable", async ({ page }) => {
  const many = Array.from({ length: 500 }, (_, place) => record(500 - place, place, "runtime.restarted", WORKSPACE, {}, {}, { id: `aud_${String(place).padStart(26, "0")}`, actor_name: place % 2 ? NAMES.emoji : NAMES.long }));
  await open(page, PATH, stage({ kept: many, size: 500 }));
  await expect(headings(page)).toHaveCount(500);
  await page.getByRole("button", { name: /^Details/ }).first().click();
  await expect(page.getByRole("heading", { name: "What changed" })).toBeVisible();
});

test("a_long_log_is_not_read_again_by_itself", async ({ page }) => {
  const asked: Asked[] = [];
  const many = Array.from({ length: 400 }, (_, place) => record(400 - place, place, "runtime.restarted", WORKSPACE, {}, {}, { id: `aud_${String(place).padStart(26, "0")}` }));
  await open(page, PATH, stage({ kept: many, asked }));
  const reads = () => asked.filter(({ path }) => path === "records").length;
  const comeBack = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await expect(headings(page)).toHaveCount(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(headings(page)).toHaveCount(100);
  const few = reads();
  await comeBack();
  await expect.poll(reads, "both pages are read again").toBe(few + 2);
  for (const pages of [3, 4, 5]) {
    await page.getByRole("button", { name: "Load more" }).click();
    await expect(headings(page)).toHaveCount(50 * pages);
  }
  const before = reads();
  await comeBack();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(headings(page)).toHaveCount(300);
  expect(reads(), "the next page alone").toBe(before + 1);
});

test("it_prints_as_a_table_on_light_paper", async ({ page }) => {
  await open(page, `${PATH}?from=2026-11-27`, stage(), { theme: "dark" });
  await expect(headings(page).first()).toBeVisible();
  await page.getByRole("button", { name: /^Details: Ana Lima gave/ }).click();
  await expect(page.getByText("Request id")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 720, height: 1000 });
  await expect(page.getByRole("main").getByText("Acme Research", { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/^Times in Europe\/Berlin\. Printed \w{3} \d/)).toBeVisible();
  await expect(page.getByText("From: ⁨November 27, 2026⁩")).toBeVisible();
  for (const hidden of [page.getByLabel("Kind of change"), page.getByRole("main").getByRole("button"), page.getByRole("main").getByRole("link")]) await expect(hidden.locator("visible=true")).toHaveCount(0);
  await expect(table(page).getByRole("columnheader", { name: "Time" })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe("rgb(255, 255, 255)");
  await seen(page, "audit-print");
});

test("the_log_speaks_german", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /audit/verify": { body: verification(14, 14) } }, { language: "de" });
  await expect(page.getByRole("heading", { level: 1, name: "Protokoll" })).toBeFocused();
  await page.getByRole("button", { name: "Prüfen" }).click();
  await expect(page.getByText("Das Protokoll ist unversehrt")).toBeVisible();
  await page.getByRole("button", { name: /^Details: Ana Lima hat Ben Okafor/ }).click();
  await expect(page.getByText("Was sich geändert hat")).toBeVisible();
  await seenEverywhere(page, "audit-german");
});

test("a_reload_keeps_the_language_of_the_page", async ({ page }) => {
  await open(page, PATH, stage({ kept: [] }), { language: "de" });
  await expect(page.getByText("Noch keine Änderung aufgezeichnet")).toBeVisible();
  await page.evaluate(() => localStorage.setItem("berth.language", "en"));
  await page.reload();
  await expect(page.getByText("No change is recorded")).toBeVisible();
});

test("the_format_is_served_with_the_dashboard", async ({ page }) => {
  await open(page, PATH, stage());
  const answer = await page.request.get("/audit-format.txt");
  expect(answer.status()).toBe(200);
  expect(await answer.text()).toContain("# The format of the audit log");
});
