import { expect, test, type Page, type Route } from "@playwright/test";
import { frame } from "../parts";
import { open, problem, seen, seenEverywhere } from "../stage";
import { bell, entry, Inbox, json, panel, PATH, show } from "./inbox";

const counts = (unread_count: number, rev: number) => ({ unread_count, by_type: {}, seq: rev, rev });
const polls = (asked: { path: string }[]) => asked.filter(({ path }) => path === "/notifications/unread-count").length;

test("the_bell_and_the_tab_show_what_is_unread", async ({ page }) => {
  await open(page, PATH, Inbox.of(12, 3).answers());
  await expect(bell(page)).toHaveAccessibleName("Notifications: 3 unread");
  await expect(bell(page)).toHaveText("3");
  await expect(page).toHaveTitle("(3) General · Acme");
  await seenEverywhere(page, "bell");
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page).toHaveTitle("(3) Overview · Acme");
  await page.getByRole("link", { name: "All workspaces" }).click();
  await expect(page, "outside of workspaces there are none").toHaveTitle(/^Workspaces/);
  await expect(bell(page)).toHaveCount(0);
});

test("many_unread_fit_on_the_bell_and_the_name_is_exact", async ({ page }) => {
  await open(page, PATH, { ...frame(), "GET /notifications/unread-count": { body: counts(1234, 1) } });
  await expect(bell(page)).toHaveAccessibleName("Notifications: 1,234 unread");
  await expect(bell(page)).toHaveText("99+");
  await expect(page).toHaveTitle("(99+) General · Acme");
  await seen(page, "bell-many");
});

test("nothing_unread_is_no_badge", async ({ page }) => {
  await open(page, PATH, frame());
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  await expect(bell(page)).toHaveText("");
  await expect(page).toHaveTitle("General · Acme");
});

/** A page whose polls the test answers. */
async function held(page: Page) {
  const routes: Route[] = [];
  await page.clock.install();
  await open(page, PATH, { ...frame(), "GET /notifications/unread-count": async (route) => void routes.push(route) });
  await expect.poll(() => routes.length).toBe(1);
  return routes;
}

test("an_older_answer_that_comes_later_changes_nothing", async ({ page }) => {
  const inbox = Inbox.of(3, 3);
  const routes: Route[] = [];
  let hold = false;
  await page.clock.install();
  await open(page, PATH, {
    ...inbox.answers(),
    "GET /notifications/unread-count": async (route) => (hold ? void routes.push(route) : json(route, inbox.counts())),
  });
  await expect(bell(page)).toHaveText("3");
  hold = true;
  await page.clock.fastForward(31_000);
  await expect.poll(() => routes.length).toBe(1);
  const old = inbox.counts();
  await bell(page).click();
  await entry(page, "Payment failed").hover();
  await entry(page, "Payment failed").getByRole("button", { name: "Mark as read" }).click();
  await expect(page).toHaveTitle("(2) General · Acme");
  await json(routes[0]!, old);
  await page.clock.runFor(1000);
  await expect(page).toHaveTitle("(2) General · Acme");
});

test("it_asks_every_30_seconds_and_not_while_the_page_is_hidden", async ({ page }) => {
  const inbox = Inbox.of(9, 1);
  await page.clock.install();
  const asked = await open(page, PATH, inbox.answers());
  await expect(bell(page)).toHaveText("1");
  expect(polls(asked)).toBe(1);
  inbox.receive();
  await page.clock.runFor(31_000);
  await expect(bell(page)).toHaveText("2");
  expect(polls(asked)).toBe(2);
  await show(page, false);
  inbox.receive();
  await page.clock.runFor(300_000);
  expect(polls(asked)).toBe(2);
  await show(page, true);
  await page.clock.runFor(100);
  await expect(bell(page)).toHaveText("3");
  expect(polls(asked)).toBe(3);
  await expect(page.getByText("You have 3 unread notifications.")).toBeAttached();
  inbox.receive();
  await page.clock.runFor(10_000);
  expect(polls(asked)).toBe(3);
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await page.clock.runFor(100);
  await expect(bell(page)).toHaveText("4");
});

test("a_poll_that_fails_is_not_reported_and_slows_down", async ({ page }) => {
  const routes = await held(page);
  await json(routes[0]!, counts(2, 1));
  await expect(bell(page)).toHaveText("2");
  const fail = (route: Route) => json(route, problem(503, "unavailable", "no"), 503);
  await page.clock.fastForward(30_100);
  await expect.poll(() => routes.length).toBe(2);
  await fail(routes[1]!);
  await page.waitForTimeout(200);
  await page.clock.fastForward(31_000);
  await page.waitForTimeout(200);
  expect(routes).toHaveLength(2);
  await page.clock.fastForward(30_000);
  await expect.poll(() => routes.length).toBe(3);
  await fail(routes[2]!);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(bell(page)).toHaveText("2");
  await expect(panel(page)).toBeHidden();
});
