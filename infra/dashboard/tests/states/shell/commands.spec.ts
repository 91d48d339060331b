// The palette, the keys and their help.

import { expect, test, type Page, type Route } from "@playwright/test";
import { access, frame, list, NAMES, summary } from "../parts";
import { open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "../stage";

const path = `/w/${WORKSPACE}/settings`;
const id = (n: number) => `ws_01K9ZX3V8Q4M7N2P5R6S8T${String(n).padStart(4, "0")}`;
const cors = { "access-control-allow-origin": "*" };

/** `count` workspaces in pages of 100, newest first. */
function many(count: number, asked: string[] = []) {
  const all = Array.from({ length: count }, (_, n) => summary({ id: n === 0 ? WORKSPACE : id(n), name: n === 0 ? "Acme Research" : n === 7 ? "🦑".repeat(200) : n === 8 ? NAMES.rtl : `Workspace ${n}`, role: n % 2 ? "owner" : "viewer" }));
  return async (route: Route) => {
    const { searchParams } = new URL(route.request().url());
    const [from, size] = [Number(searchParams.get("cursor") ?? 0), Number(searchParams.get("limit"))];
    asked.push(`${from}+${size}`);
    const next = from + size;
    await route.fulfill({ headers: cors, json: list("workspaces", all.slice(from, next), next < count ? String(next) : null).body });
  };
}

const answers = (more: Answers = {}): Answers => ({ ...frame(), "GET /team/members": list("members", []), "GET /team/invitations": list("invitations", []), "GET /invitations": list("invitations", []), ...more });
const palette = (page: Page) => page.getByRole("dialog", { name: "Search pages, workspaces and actions" });
const field = (page: Page) => palette(page).getByRole("combobox");
const option = (page: Page, name: string | RegExp) => palette(page).getByRole("option", { name });
const active = (page: Page) => palette(page).getByRole("option", { selected: true });
const help = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });

async function at(page: Page, to = path, more: Answers = {}, options: Parameters<typeof open>[3] = {}) {
  const asked = await open(page, to, answers(more), options);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  return asked;
}

test("the_palette_leads_to_pages_workspaces_and_actions", async ({ page }) => {
  await at(page, path, { "GET /workspaces": many(40) });
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  for (const group of ["Go to", "Actions", "Workspaces"]) await expect(palette(page).getByRole("group", { name: group })).toBeVisible();
  await expect(active(page)).toHaveText(/Overview/);
  await expect(palette(page).getByText("34 more workspaces. Type more of the name.")).toBeVisible();
  await seenEverywhere(page, "palette");
  await page.keyboard.type("bill");
  await expect(active(page)).toHaveText(/Billing/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/w/${WORKSPACE}/settings/billing$`));
  await expect(palette(page)).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "Billing" })).toBeFocused();
});

test("arrows_move_and_escape_gives_the_focus_back", async ({ page }) => {
  await at(page);
  const button = page.getByRole("button", { name: "Search", exact: true });
  await button.click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(active(page)).toHaveText(/Team/);
  await page.keyboard.press("ArrowUp");
  await expect(active(page)).toHaveText(/General settings/);
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await active(page).getAttribute("id")) ?? "");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(active(page), "the first follows the last").toHaveText(/Sign out/);
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(button).toBeFocused();
});

test("five_hundred_workspaces_are_read_once_and_found", async ({ page }) => {
  const asked: string[] = [];
  await at(page, path, { "GET /workspaces": many(500, asked) });
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByText("494 more workspaces. Type more of the name.")).toBeVisible();
  expect(asked.filter((one) => one !== "0+100").sort()).toEqual(["100+100", "200+100", "300+100", "400+100"]);
  const began = Date.now();
  await field(page).fill("workspace 49");
  await expect(palette(page).getByRole("status")).toHaveText("15 results");
  expect(Date.now() - began, "milliseconds until they are shown").toBeLessThan(1000);
  await expect(active(page)).toHaveText(/Workspace 49/);
  await field(page).fill("workspace");
  await expect(palette(page).getByRole("option", { name: /^Workspace \d/ })).toHaveCount(30);
  await expect(palette(page).getByText(/^4\d\d more workspaces\. Type more of the name\.$/)).toBeVisible();
  await field(page).fill("🦑🦑");
  await expect(active(page)).toContainText("🦑");
  await seenEverywhere(page, "palette-emoji");
  await field(page).fill(id(321));
  await expect(active(page)).toHaveText(/Workspace 321/);
  await active(page).click();
  await expect(page).toHaveURL(new RegExp(`/w/${id(321)}/?$`));
});

test("nothing_found_says_what_can_be_searched", async ({ page }) => {
  await at(page);
  await page.keyboard.press("Control+k");
  await field(page).fill("zzzz");
  await expect(palette(page).getByText("Search for a page, an action, or the name or id of a workspace.")).toBeVisible();
  await expect(palette(page).getByRole("status")).toHaveText("Nothing is found");
  await expect(field(page)).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeVisible();
  await seenEverywhere(page, "palette-nothing");
});

test("workspaces_that_cannot_be_read_leave_the_pages", async ({ page }) => {
  let down = true;
  await at(page, path, {
    "GET /workspaces": (route) => (down ? route.fulfill({ status: 403, headers: cors, json: problem(403, "odd", "They are closed.") }) : many(3)(route)),
  });
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("alert")).toContainText("req-0123456789");
  await expect(option(page, "Billing")).toBeVisible();
  await seenEverywhere(page, "palette-error");
  down = false;
  await palette(page).getByRole("button", { name: "Try again" }).click();
  await expect(option(page, "Workspace 1")).toBeVisible();
});

test("an_action_that_is_refused_says_why", async ({ page }) => {
  await at(page, path, { "GET /access": access("viewer") });
  await page.keyboard.press("Control+k");
  await field(page).fill("invite");
  const invite = option(page, /^Invite people/);
  await expect(invite).toHaveAttribute("aria-disabled", "true");
  await expect(invite).toContainText("Only people with the role Admin or a higher one can do this.");
  await seenEverywhere(page, "palette-refused");
  await invite.click({ force: true });
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("i");
  await expect(page.getByText("Only people with the role Admin or a higher one can do this.").last()).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`${path}$`));
});

test("actions_do_what_they_say", async ({ page }) => {
  await at(page);
  const choose = async (name: string) => {
    await page.keyboard.press("Control+k");
    await field(page).fill(name);
    await expect(active(page)).toHaveCount(1);
    await page.keyboard.press("Enter");
  };
  await choose("dark theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await choose("keyboard");
  await expect(help(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await choose("new workspace");
  await expect(page).toHaveURL(/\/workspaces\?create=true$/);
  await expect(page.getByRole("dialog", { name: "New workspace" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/workspaces$/);
});

test("g_and_a_letter_lead_to_a_page", async ({ page }) => {
  await at(page);
  for (const [key, end] of [["t", "/settings/team"], ["b", "/settings/billing"], ["n", "/settings/notifications"], ["a", "/settings/audit"], ["s", "/settings"], ["o", ""]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(page, `g ${key}`).toHaveURL(new RegExp(`/w/${WORKSPACE}${end}/?$`));
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  }
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeFocused();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(page, "no workspace is open").toHaveURL(/\/workspaces$/);
});

test("i_invites_and_slash_searches", async ({ page }) => {
  await at(page);
  await page.keyboard.press("i");
  await expect(page.getByRole("dialog", { name: "Invite people" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Invite people" })).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await expect(page.getByRole("searchbox"), "the key is not typed").toHaveValue("");
  await page.getByRole("link", { name: "General" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "General" })).toBeFocused();
  await page.keyboard.press("/");
  await expect(field(page), "a page without a search").toBeFocused();
});

test("keys_are_off_in_fields_with_modifiers_and_over_dialogs", async ({ page }) => {
  await at(page);
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("");
  await name.pressSequentially("gb i?/");
  await expect(name).toHaveValue("gb i?/");
  await page.getByRole("heading", { level: 1 }).focus();
  for (const key of ["Alt+i", "Control+i", "Meta+i", "Control+Shift+k", "Alt+/"]) await page.keyboard.press(key);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("heading").focus();
  for (const key of ["?", "i", "Control+k"]) await page.keyboard.press(key);
  await expect(page.getByRole("dialog")).toHaveCount(1);
  await expect(page).toHaveURL(new RegExp(`${path}$`));
});

test("the_help_lists_the_keys_and_turns_them_off", async ({ page }) => {
  await at(page);
  await page.keyboard.press("?");
  await expect(help(page)).toBeVisible();
  await expect(help(page).getByText("Press one key after the other.")).toBeVisible();
  await expect(help(page).getByRole("term").filter({ hasText: "Billing" })).toBeVisible();
  await seenEverywhere(page, "keys-help");
  await help(page).getByRole("switch", { name: "Shortcuts of single keys" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.keyboard.press("i");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(field(page), "the one with a modifier stays").toBeFocused();
  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(help(page).getByRole("switch")).not.toBeChecked();
  await help(page).getByRole("switch").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(help(page)).toBeVisible();
});

test("it_is_loaded_when_it_is_first_used", async ({ page }) => {
  const files: string[] = [];
  page.on("request", (request) => files.push(request.url()));
  await at(page);
  expect(files.filter((url) => /\/loaded-/.test(url))).toEqual([]);
  await page.keyboard.press("x");
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  expect(files.filter((url) => /\/loaded-[^/]*\.js$/.test(url))).toHaveLength(1);
});

test("what_is_typed_before_it_is_there_is_its_query", async ({ page }) => {
  let release: () => void = () => undefined;
  await page.route(/\/assets\/loaded-[^/]*\.js$/, async (route) => {
    await new Promise<void>((done) => (release = done));
    await route.continue();
  });
  await at(page);
  await page.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("billing?");
  await page.waitForTimeout(200);
  release();
  await expect(field(page)).toHaveValue("billing?");
  await expect(page.getByLabel("Name", { exact: true }), "it is not typed into the field below").toHaveValue("Acme Research");
  await expect(page.getByRole("dialog"), "nor are its letters keys").toHaveCount(1);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(field(page), "the next one begins empty").toHaveValue("");
});

test("without_a_network_it_says_so", async ({ page, context }) => {
  await at(page);
  await context.setOffline(true);
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Search" });
  await expect(dialog.getByRole("alert")).toContainText("The service cannot be reached.");
  await seen(page, "palette-offline");
  await page.keyboard.press("Escape");
  await context.setOffline(false);
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
});

test("in_german_and_in_the_dark", async ({ page }) => {
  await at(page, path, { "GET /workspaces": many(40) }, { language: "de" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("einstell");
  const german = page.getByRole("dialog", { name: "Seiten, Arbeitsbereiche und Aktionen suchen" });
  await expect(german.getByRole("option", { selected: true })).toHaveText(/Allgemeine Einstellungen/);
  await seenEverywhere(page, "palette-german");
  await page.keyboard.press("Escape");
  await expect(german).toBeHidden();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Tastenkürzel" })).toBeVisible();
  await seen(page, "keys-help-german");
});

test("the_name_of_a_workspace_beyond_the_first_page_is_shown", async ({ page }) => {
  await at(page, path, { "GET /workspaces": async (route) => route.fulfill({ headers: cors, json: list("workspaces", Array.from({ length: 100 }, (_, n) => summary({ id: id(n + 1), name: `Workspace ${n + 1}` })), "100").body }) });
  await page.getByRole("button", { name: "Workspace Acme Research: switch" }).click();
  await page.getByRole("button", { name: "Search all workspaces" }).click();
  await expect(field(page)).toBeFocused();
});
