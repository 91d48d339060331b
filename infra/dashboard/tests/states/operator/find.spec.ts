import { expect, test } from "@playwright/test";
import { NAMES } from "../parts";
import { seen, seenEverywhere, WORKSPACE } from "../stage";
import { empty, facts, found, open, ready, refused } from "./console";

const search = async (page: import("@playwright/test").Page, by: string, what: string) => {
  await page.getByLabel("Search by").selectOption({ label: by });
  await page.getByLabel("What to look for").fill(what);
  await page.getByRole("button", { name: "Search", exact: true }).click();
};

test("workspaces_are_found_part_by_part", async ({ page }) => {
  const suspended = { reason: "Spam", at: "2026-11-20T08:00:00Z", by: "olga@example.com" };
  const parts = [
    { found: [], next: found(1).workspace },
    { found: [found(2, { name: "🦑".repeat(200), suspended, member: { user_id: "usr_1", role: "owner", status: "active" } }), found(3, { name: NAMES.rtl, live: false, invitation: { id: "inv_1", role: "viewer" } }), found(0, { name: NAMES.script })], next: found(4).workspace },
    { found: [found(5)], next: null },
  ];
  const { sent } = await open(page, "/operator", { find: (_, count) => ({ body: parts[count - 1] }), facts: facts(empty) });
  await ready(page, "Find a workspace");
  await expect(page.getByText("Enter something, and its workspaces are listed here.")).toBeVisible();
  await seenEverywhere(page, "operator-find");
  await search(page, "E-mail address", " ben@example.com ");
  await expect(page.getByText("Nothing found so far")).toBeVisible();
  await seen(page, "operator-find-nothing-yet");
  const on = page.getByRole("button", { name: "Search on" });
  await on.click();
  await expect(page.getByRole("heading", { name: "3 workspaces found" })).toBeVisible();
  const entries = page.getByRole("list", { name: "Workspaces found" }).getByRole("listitem");
  await expect(entries.nth(0)).toContainText("Suspended");
  await expect(entries.nth(0)).toContainText("Member: owner, active");
  await expect(entries.nth(1)).toContainText("Being deleted");
  await expect(entries.nth(1)).toContainText("Invitation: viewer");
  await seenEverywhere(page, "operator-found");
  await on.click();
  await expect(page.getByRole("status").filter({ hasText: "All workspaces have been searched." })).toBeVisible();
  await expect(entries).toHaveCount(4);
  expect(sent.map(({ command, reason }) => ({ command, reason }))).toEqual([undefined, parts[0]!.next, parts[1]!.next].map((after) => ({ command: { command: "find", email: "ben@example.com", ...(after ? { after } : {}) }, reason: undefined })));
  expect(page.url(), "no address is in the address").not.toContain("ben");
  await entries.nth(2).getByRole("link").click();
  await ready(page, /Acme Research/);
  await expect(page).toHaveURL(new RegExp(`/operator/workspaces/${WORKSPACE}$`));
  await page.goBack();
  await expect(page.getByLabel("What to look for")).toHaveValue("ben@example.com");
  await expect(entries).toHaveCount(4);
  expect(sent.filter(({ command }) => command.command === "find"), "what was found is kept").toHaveLength(3);
});

test("five_hundred_are_listed_and_nothing_is_said", async ({ page }) => {
  const { of } = await open(page, "/operator", { find: ({ command }) => ({ body: command["name"] === "none" ? { found: [], next: null } : { found: Array.from({ length: 500 }, (_, place) => found(place)), next: null } }), facts: facts(empty) });
  await search(page, "Name", "work");
  await expect(page.getByRole("list", { name: "Workspaces found" }).getByRole("listitem")).toHaveCount(500);
  await search(page, "Name", "none");
  await expect(page.getByText("Nothing found", { exact: true })).toBeVisible();
  await seen(page, "operator-nothing-found");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect.poll(() => of("find").length, { message: "the same is sought again" }).toBe(3);
  await search(page, "Workspace id", "ws_1");
  await expect(page.getByLabel("What to look for")).toHaveAccessibleDescription(/26 characters/);
  await search(page, "Workspace id", WORKSPACE);
  await ready(page, /Acme Research/);
});

test("a_search_that_fails_can_be_repeated", async ({ page }) => {
  await open(page, "/operator", { find: (_, count) => (count === 1 ? { body: { found: [found(0)], next: found(0).workspace } } : count === 2 ? refused(503, "unavailable") : { body: { found: [found(1)], next: null } }) });
  await search(page, "Stripe customer", "cus_1");
  await page.getByRole("button", { name: "Search on" }).click();
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await seen(page, "operator-find-failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "2 workspaces found" })).toBeVisible();
});
