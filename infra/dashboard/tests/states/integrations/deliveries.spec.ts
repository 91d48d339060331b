import { expect, test, type Page } from "@playwright/test";
import { access } from "../parts";
import { open, problem, seen } from "../stage";
import { ago, connected, deliveries, delivery, disabled, failing, forbidden, json, PATH, queryOf, Receivers, rows, seenEverywhere } from "./receivers";

const some = [failing("webhook", { events: ["member.joined", "runtime.failed"] })];
const at = `${PATH}/webhook`;
const retry = (page: Page, place: number) => rows(page).nth(place).getByRole("button", { name: /^Retry: / });
const pages = (asked: { path: string }[]) => asked.filter(({ path }) => path.endsWith("/deliveries")).length;

test("deliveries_say_what_became_of_them", async ({ page }) => {
  await open(page, at, new Receivers({ some, kept: deliveries }).answers());
  await expect(rows(page)).toHaveCount(deliveries.length);
  await expect(rows(page).nth(0)).toContainText("Being attempted");
  await expect(rows(page).nth(1)).toContainText("Pending503next attempt in 25 minutes");
  await expect(rows(page).nth(2)).toContainText("Timeoutnext attempt in 2 hours");
  await expect(rows(page).nth(3)).toContainText("The plan changed");
  await expect(rows(page).nth(3)).toContainText("Delivered200");
  await expect(rows(page).nth(4)).toContainText("FailedDNS");
  await expect(rows(page).nth(6)).toContainText("1,204 ms");
  await expect(rows(page).nth(3)).toContainText("Nov 27, 2026, 11:00 AM");
  await expect(page.getByText("The newest first, for 30 days. Times are in Europe/Berlin.")).toBeVisible();
  await expect(retry(page, 0)).toHaveAccessibleDescription("It is being attempted.");
  await expect(retry(page, 3)).toHaveAccessibleDescription("Select this event in the settings first.");
  await expect(retry(page, 4)).toHaveAccessibleDescription("");
  await seenEverywhere(page, "deliveries");
});

test("a_delivery_is_retried_once_and_its_result_shown", async ({ page }) => {
  await page.clock.install();
  const receivers = new Receivers({ some, kept: [delivery(2, 900, { state: "failed", status: 503, class: "status", attempts: 8 }), delivery(1, 1000)] });
  const asked = await open(page, at, receivers.answers());
  await retry(page, 0).dblclick();
  await expect(rows(page).nth(0)).toContainText("Being attempted");
  const sent = asked.filter(({ path }) => path.endsWith("/retry"));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers["idempotency-key"]).toBeTruthy();
  receivers.kept = [delivery(2, 900, { attempts: 9 }), delivery(1, 1000)];
  await page.clock.runFor(2_500);
  await expect(rows(page).nth(0)).toContainText("Delivered200");
});

test("a_refused_retry_is_said_in_its_row", async ({ page }) => {
  await open(page, at, { ...new Receivers({ some, kept: deliveries }).answers(), "POST /integrations/{type}/deliveries/{id}/retry": { status: 404, body: problem(404, "delivery_not_found", "no") } });
  await retry(page, 4).click();
  await expect(page.getByRole("table").getByRole("alert")).toContainText("This delivery is gone: deliveries are kept for 30 days.");
  await expect(page.getByRole("table").getByRole("alert")).toContainText("req-0123456789");
  await seenEverywhere(page, "deliveries-refused");
});

test("too_many_retries_say_when_the_next_may_be", async ({ page }) => {
  const busy = { status: 429, body: problem(429, "budget_exhausted", "no"), headers: { "retry-after": "31" } };
  await open(page, at, { ...new Receivers({ some, kept: deliveries }).answers(), "POST /integrations/{type}/deliveries/{id}/retry": busy });
  await retry(page, 4).click();
  await expect(page.getByRole("table").getByRole("alert")).toContainText("You can try again in 31 s.");
});

test("one_that_is_disabled_retries_nothing", async ({ page }) => {
  await open(page, at, new Receivers({ some: [disabled("webhook")], kept: deliveries }).answers());
  await expect(retry(page, 4)).toHaveAccessibleDescription("Enable the integration first.");
  await seen(page, "deliveries-disabled");
});

test("a_receiver_that_goes_down_is_seen_while_the_page_is_open", async ({ page }) => {
  await page.clock.install();
  const receivers = new Receivers({ some: [connected("webhook")], kept: [delivery(1, 3600)] });
  await open(page, at, receivers.answers());
  await expect(page.getByRole("region", { name: "Webhook" })).toContainText("Connected");
  receivers.kept = [delivery(2, 1, { state: "pending", status: null, class: "refused", latency_ms: 3, next_attempt_at: ago(-5) }), delivery(1, 3600)];
  receivers.change("webhook", { health_status: "failing", last_error_at: ago(1), last_error_message: "the connection was refused or closed; check that the receiver runs and accepts HTTPS" });
  await page.clock.runFor(16_000);
  await expect(rows(page).nth(0)).toContainText("PendingRefusednext attempt in");
  await expect(page.getByRole("region", { name: "Webhook" })).toContainText("Failing");
  await expect(page.getByText("The last attempt failed")).toBeVisible();
  await seen(page, "deliveries-down");
});

test("ten_thousand_are_read_by_pages_and_only_what_changes_again", async ({ page }) => {
  await page.clock.install();
  const kept = Array.from({ length: 10_000 }, (_, place) => delivery(10_000 - place, 60 + place * 30));
  // On the third page, one that runs.
  kept[120] = { ...(kept[120] ?? delivery(0, 0)), state: "pending", next_attempt_at: null, status: null };
  const receivers = new Receivers({ some, kept });
  const cursors: (string | undefined)[] = [];
  const answer = receivers.answers()["GET /integrations/{type}/deliveries"];
  await open(page, at, {
    ...receivers.answers(),
    "GET /integrations/{type}/deliveries": (route) => {
      cursors.push(queryOf(route)["cursor"]);
      return typeof answer === "function" ? answer(route) : Promise.resolve();
    },
  });
  await expect(rows(page)).toHaveCount(50);
  for (let count = 100; count <= 1000; count += 50) {
    await page.getByRole("button", { name: "Load more" }).click();
    await expect(rows(page)).toHaveCount(count);
  }
  expect(new Set(cursors).size, "each page was read once").toBe(20);
  const third = kept[99]?.id;
  const read = cursors.length;
  receivers.kept = kept.with(120, delivery(10_000 - 120, 60 + 120 * 30));
  await page.clock.runFor(2_500);
  await expect(rows(page).nth(120)).toContainText("Delivered");
  await page.clock.runFor(20_000);
  await expect.poll(() => cursors.slice(read).includes(undefined)).toBe(true);
  expect(new Set(cursors.slice(read)), "the newest and the one with an attempt, none of the others").toEqual(new Set([undefined, third]));
  await expect(rows(page)).toHaveCount(1000);
});

test("new_ones_come_at_the_top_and_none_is_lost", async ({ page }) => {
  await page.clock.install();
  const kept = Array.from({ length: 6 }, (_, place) => delivery(6 - place, 60 + place * 30));
  const receivers = new Receivers({ some, kept, size: 3 });
  await open(page, at, receivers.answers());
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(rows(page)).toHaveCount(6);
  receivers.kept = [delivery(8, 2, { event: "plan.changed" }), delivery(7, 5, { event: "plan.changed" }), ...kept];
  await page.clock.runFor(16_000);
  await expect(rows(page)).toHaveCount(8);
  await expect(rows(page).nth(0)).toContainText("The plan changed");
});

test("a_list_that_cannot_be_updated_stays_and_says_so", async ({ page }) => {
  await page.clock.install();
  const receivers = new Receivers({ some, kept: deliveries.slice(3) });
  const answer = receivers.answers()["GET /integrations/{type}/deliveries"];
  let broken = false;
  await open(page, at, {
    ...receivers.answers(),
    "GET /integrations/{type}/deliveries": (route) => (broken ? json(route, problem(503, "unavailable", "no"), 503) : typeof answer === "function" ? answer(route) : Promise.resolve()),
  });
  await expect(rows(page)).toHaveCount(4);
  broken = true;
  for (let second = 0; second < 20; second++) await page.clock.runFor(1_000);
  await expect(page.getByRole("alert").filter({ hasText: "The list could not be updated" })).toBeVisible();
  await expect(rows(page)).toHaveCount(4);
  await seen(page, "deliveries-stale");
  broken = false;
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The list could not be updated" })).toBeHidden();
});

test("a_first_read_that_fails_is_tried_again", async ({ page }) => {
  await open(page, at, { ...new Receivers({ some }).answers(), "GET /integrations/{type}/deliveries": { status: 503, body: problem(503, "unavailable", "no") } });
  await expect(page.getByRole("region", { name: "Deliveries" }).getByRole("alert")).toContainText("req-0123456789", { timeout: 10_000 });
  await seen(page, "deliveries-error");
});

test("a_role_taken_away_hides_them", async ({ page }) => {
  let role: "admin" | "member" = "admin";
  const asked = await open(page, at, {
    ...new Receivers({ role: "admin", some, kept: deliveries }).answers(),
    "GET /access": (route) => json(route, access(role).body),
    "POST /integrations/{type}/deliveries/{id}/retry": (route) => {
      role = "member";
      return json(route, forbidden, 403);
    },
  });
  await retry(page, 4).click();
  await expect(page.getByText("Deliveries are not shown to you")).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  const before = pages(asked);
  await page.waitForTimeout(3_000);
  expect(pages(asked), "what they may not read is not asked for").toBe(before);
});

test("german_is_complete", async ({ page }) => {
  await open(page, at, new Receivers({ some, kept: deliveries }).answers(), { language: "de" });
  await expect(rows(page).nth(1)).toContainText("nächster Versuch in 25 Minuten");
  await expect(rows(page).nth(4)).toContainText("Fehlgeschlagen");
  await seenEverywhere(page, "deliveries-german");
});
