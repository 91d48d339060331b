// The receipt of a deletion, and where it is found again.

import { expect, test, type Page, type Route } from "@playwright/test";
import { list, NAMES, summary } from "../parts";
import { NOW, open, problem, seen, seenEverywhere, WORKSPACE } from "../stage";

const ID = "del_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
const path = `/deletions/${ID}`;
const REQUEST = "GET /deletions/{id}";

const PARTS = ["runtime", "subscription", "secrets", "members"] as const;

/** A receipt of which the first `count` parts are confirmed. */
function receipt(count: number, requestedAt = NOW) {
  const parts = PARTS.map((part, place) => [part, place < count ? { status: "confirmed", confirmed_at: `2026-11-28T10:0${place + 1}:00Z` } : { status: "pending", confirmed_at: null }]);
  return { id: ID, workspace_id: WORKSPACE, requested_at: requestedAt, ...Object.fromEntries(parts) };
}

const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date", date: new Date(NOW).toUTCString() };
const json = (route: Route, body: unknown, status = 200) => route.fulfill({ status, headers: cors, json: body });

/** As after a deletion in this browser. */
const keep = (page: Page, name: string, by = "ana@example.com", id = ID) =>
  page.addInitScript(([entry]) => localStorage.getItem("berth.deletions") ?? localStorage.setItem("berth.deletions", JSON.stringify([entry])), [{ id, workspace: "ws_01K9ZX3V8Q4M7N2P5R6S8T9W99", name, by }]);
const kept = (page: Page) => page.evaluate(() => localStorage.getItem("berth.deletions"));

const part = (page: Page, name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });

test("the_parts_are_followed_to_their_end", async ({ page }) => {
  let count = 0;
  let asked = 0;
  await page.clock.install({ time: NOW });
  await keep(page, "Acme Research");
  await open(page, path, { [REQUEST]: (route) => (asked++, json(route, receipt(count))) });
  await expect(page.getByRole("heading", { level: 1, name: "Deletion of ⁨Acme Research⁩" })).toBeFocused();
  await expect(page.getByText("0 of 4 parts are deleted")).toBeVisible();
  await expect(part(page, "Container")).toContainText("In progress");
  await expect(part(page, "Members and data")).toContainText("Waiting");
  for (const [now, done] of [[2, "Subscription"], [3, "Secrets"]] as const) {
    count = now;
    await page.clock.runFor(5_100);
    await expect(page.getByText(`${now} of 4 parts are deleted`)).toBeVisible();
    await expect(part(page, done)).toContainText("Deleted");
  }
  await expect(part(page, "Members and data")).toContainText("In progress");
  await seenEverywhere(page, "deletion-running");
  count = 4;
  await page.clock.runFor(5_100);
  await expect(page.getByText("The workspace is deleted", { exact: true })).toBeVisible();
  await expect(page.getByText("You can read this receipt until December 28, 2026.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Print" })).toBeVisible();
  const end = asked;
  await page.clock.runFor(180_000);
  await page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
  expect(asked, "nothing is asked after the end").toBe(end);
  await seenEverywhere(page, "deletion-complete");
});

test("it_is_asked_for_less_often_with_time", async ({ page }) => {
  let asked = 0;
  await page.clock.install({ time: NOW });
  await open(page, path, { [REQUEST]: (route) => (asked++, json(route, receipt(1, "2026-11-28T08:30:00Z"))) });
  await expect(page.getByText("It takes longer than usual")).toBeVisible();
  await seenEverywhere(page, "deletion-slow");
  const before = asked;
  await page.clock.runFor(50_000);
  expect(asked).toBe(before);
  await page.clock.runFor(11_000);
  await expect.poll(() => asked).toBe(before + 1);
});

test("a_failure_leaves_what_is_known_and_passes", async ({ page }) => {
  let down = false;
  await page.clock.install({ time: NOW });
  await open(page, path, { [REQUEST]: (route) => (down ? json(route, problem(403, "odd", "It is closed."), 403) : json(route, receipt(2))) });
  await expect(page.getByText("2 of 4 parts are deleted")).toBeVisible();
  down = true;
  await page.clock.runFor(5_100);
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByText("2 of 4 parts are deleted")).toBeVisible();
  await seenEverywhere(page, "deletion-failed");
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a_receipt_of_others_says_who_can_read_it", async ({ page }) => {
  const asked = await open(page, path, { [REQUEST]: { status: 404, body: problem(404, "deletion_not_found", "there is no such deletion") } });
  await expect(page.getByRole("heading", { level: 1, name: "There is no such receipt" })).toBeFocused();
  await expect(page.getByText("Only the person who deleted a workspace can read its receipt")).toBeVisible();
  expect(asked.filter((one) => one.path.startsWith("/deletions")), "it is asked for once").toHaveLength(1);
  await seenEverywhere(page, "deletion-missing");
});

test("loading_holds_the_place", async ({ page }) => {
  await open(page, path, { [REQUEST]: () => new Promise(() => undefined) });
  await expect(page.getByRole("heading", { level: 1, name: "Deletion of a workspace" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(2);
  await seenEverywhere(page, "deletion-loading");
});

test("in_german_with_a_name_that_breaks_pages", async ({ page }) => {
  await keep(page, NAMES.emoji + NAMES.rtl);
  await open(page, path, { [REQUEST]: { body: receipt(4) } }, { language: "de" });
  await expect(page.getByText("Der Arbeitsbereich ist gelöscht")).toBeVisible();
  await seenEverywhere(page, "deletion-german");
});

test("the_receipt_prints_black_on_white", async ({ page }) => {
  await open(page, path, { [REQUEST]: { body: receipt(4) } }, { theme: "dark" });
  await expect(page.getByText("The workspace is deleted", { exact: true })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByText(ID)).toBeVisible();
  await seen(page, "deletion-print");
});

const workspaces = { "GET /workspaces": list("workspaces", [summary()]), "GET /invitations": list("invitations", []) };

test("a_running_deletion_is_listed_until_its_end", async ({ page }) => {
  let count = 1;
  await page.clock.install({ time: NOW });
  await keep(page, "Blue Harbour");
  await open(page, "/workspaces", { ...workspaces, [REQUEST]: (route) => json(route, receipt(count)) });
  const section = page.getByRole("region", { name: "Deletions" });
  await expect(section).toContainText("⁨Blue Harbour⁩ is being deleted");
  await expect(section).toContainText("1 of 4 parts are deleted");
  await expect(section.getByRole("link", { name: "Show the receipt of ⁨Blue Harbour⁩" })).toHaveAttribute("href", path);
  await seenEverywhere(page, "workspaces-deletion");
  count = 4;
  await page.clock.runFor(5_100);
  await expect(section).toContainText("⁨Blue Harbour⁩ is deleted");
  await seen(page, "workspaces-deletion-done");
  expect(await kept(page), "the next visit does not show it").toBeNull();
});

test("a_deletion_that_has_ended_meanwhile_is_not_listed", async ({ page }) => {
  await keep(page, "Blue Harbour");
  await open(page, "/workspaces", { ...workspaces, [REQUEST]: { body: receipt(4) } });
  await expect.poll(() => kept(page)).toBeNull();
  await expect(page.getByRole("region", { name: "Deletions" })).toHaveCount(0);
});

test("nobody_else_sees_it", async ({ page }) => {
  await keep(page, "Blue Harbour", "ben@example.com");
  const asked = await open(page, "/workspaces", { ...workspaces, [REQUEST]: { body: receipt(1) } });
  await expect(page.getByRole("heading", { name: "Acme Research" })).toBeVisible();
  expect(asked.some((one) => one.path.startsWith("/deletions"))).toBe(false);
  await expect(page.getByText("Blue Harbour")).toHaveCount(0);
});
