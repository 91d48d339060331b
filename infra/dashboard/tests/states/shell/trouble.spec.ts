// Addresses that lead nowhere, no network, and a workspace that is deleted elsewhere.

import { expect, test, type Page } from "@playwright/test";
import { frame, head, list, summary } from "../parts";
import { open, problem, seen, seenEverywhere, WORKSPACE } from "../stage";

const workspaces = { "GET /workspaces": list("workspaces", [summary()]), "GET /invitations": list("invitations", []) };

/** As `seenEverywhere`, whose zoom would end what makes the page offline. */
async function seenOffline(page: Page, name: string) {
  await seen(page, `${name}-light`);
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
  await seen(page, `${name}-dark`);
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
  for (const [width, height, view] of [[640, 450, "zoom"], [390, 844, "phone"]] as const) {
    await page.setViewportSize({ width, height });
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    await seen(page, `${name}-${view}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("an_address_that_leads_nowhere_says_so_in_the_frame", async ({ page }) => {
  await open(page, "/nowhere", { ...workspaces });
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeFocused();
  await expect(page).toHaveTitle("There is no such page · Acme");
  await expect(page.getByRole("button", { name: "Search", exact: true })).toBeVisible();
  await seenEverywhere(page, "lost");
  await page.getByRole("link", { name: "To your workspaces" }).click();
  await expect(page).toHaveURL(/\/workspaces$/);
});

test("a_page_that_a_workspace_does_not_have_keeps_its_navigation", async ({ page }) => {
  await open(page, `/w/${WORKSPACE}/settings/nowhere`, frame());
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeFocused();
  await expect(page.getByRole("navigation", { name: "Settings" })).toBeVisible();
  await expect(page.getByRole("link", { name: "To the overview" })).toHaveAttribute("href", `/w/${WORKSPACE}`);
  await seenEverywhere(page, "lost-workspace");
});

test("strangers_are_led_to_sign_in", async ({ page }) => {
  await open(page, "/nowhere", {}, { signedIn: false, language: "de" });
  await expect(page.getByRole("heading", { level: 1, name: "Diese Seite gibt es nicht" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Zur Anmeldung" })).toHaveAttribute("href", "/sign-in");
  await seenEverywhere(page, "lost-stranger");
});

test("without_a_network_an_open_page_says_so", async ({ page, context }) => {
  await open(page, `/w/${WORKSPACE}/settings`, { ...frame(), "GET /team/members": list("members", []) });
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Acme Research");
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  await expect(page.getByText("Changes can be saved once you are connected again.")).toBeVisible();
  await seenOffline(page, "offline-banner");
  await expect(page.getByText("You are offline")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toBeHidden();
});

test("what_failed_without_a_network_is_read_again_when_it_is_back", async ({ page, context }) => {
  let down = true;
  await open(page, `/w/${WORKSPACE}/settings`, {
    ...frame(),
    "GET /team/members": list("members", []),
    "GET /workspace": (route) => (down ? route.abort("internetdisconnected") : route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: head })),
  });
  await expect(page.getByRole("alert")).toContainText("The service cannot be reached.", { timeout: 15_000 });
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  down = false;
  await context.setOffline(false);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Acme Research");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a_page_that_cannot_be_loaded_offline_is_loaded_when_the_network_is_back", async ({ page, context }) => {
  await open(page, "/workspaces", { ...workspaces, "GET /me": { body: { id: "usr_1", name: "Ana", email: "ana@example.com", email_verified: true, is_ending: false } } });
  await expect(page.getByRole("heading", { name: "Acme Research" })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("link", { name: "Account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You are offline" })).toBeFocused();
  await expect(page.getByText("Check your Wi-Fi, your cable or your mobile network.")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Still no connection.")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Still no connection, after 2 tries.")).toBeVisible();
  await seenOffline(page, "offline-page");
  await context.setOffline(false);
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
});

test("a_tab_older_than_a_deployment_is_loaded_again_once", async ({ page }) => {
  let loads = 0;
  page.on("framenavigated", (one) => one === page.mainFrame() && loads++);
  await open(page, "/workspaces", workspaces);
  await expect(page.getByRole("heading", { name: "Acme Research" })).toBeVisible();
  await page.route(/\/assets\/account-[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: "" }));
  const before = loads;
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("link", { name: "Account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The service cannot be reached" })).toBeVisible();
  // Its address is one navigation, the new load another.
  expect(loads - before).toBe(2);
  await seen(page, "unreachable-page");
});

test("without_its_configuration_the_page_says_what_to_do", async ({ page }) => {
  await open(page, "/workspaces", workspaces);
  await expect(page.getByRole("heading", { name: "Acme Research" })).toBeVisible();
  let down = true;
  await page.route("**/config.json", (route) => (down ? route.abort() : route.fallback()));
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "The service cannot be reached" })).toBeFocused();
  await seenEverywhere(page, "unreachable-start");
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Acme Research" })).toBeVisible();
});

test("a_workspace_that_another_tab_deletes_says_so_at_once", async ({ page, context }) => {
  await open(page, `/w/${WORKSPACE}/settings`, { ...frame(), "GET /team/members": list("members", []) });
  await expect(page.getByLabel("Name", { exact: true })).toBeVisible();
  const other = await context.newPage();
  await other.goto("/icon.svg");
  await other.evaluate(([workspace]) => localStorage.setItem("berth.deletions", JSON.stringify([{ id: "del_1", workspace, name: "Acme Research", by: "ana@example.com" }])), [WORKSPACE]);
  await expect(page.getByRole("heading", { level: 1, name: "You have deleted ⁨Acme Research⁩" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Show the receipt" })).toHaveAttribute("href", "/deletions/del_1");
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await seenEverywhere(page, "gone-deleted");
});

test("a_workspace_that_is_gone_says_so", async ({ page }) => {
  await open(page, `/w/${WORKSPACE}`, { "GET /workspaces": list("workspaces", []), "GET /workspace": { status: 404, body: problem(404, "workspace_not_found", "there is no such workspace") } });
  await expect(page.getByRole("heading", { level: 1, name: "This workspace is gone, or you are no longer a member of it." })).toBeFocused();
  await seenEverywhere(page, "gone");
});
