// The palette and the keys, on the real pages: from one workspace to another and to their pages, without a pointer.

import type { Page } from "@playwright/test";
import { account, expect, shot, test } from "./cloud";

test.describe.configure({ mode: "parallel" });

const palette = (page: Page) => page.getByRole("dialog", { name: "Search pages, workspaces and actions" });
const field = (page: Page) => palette(page).getByRole("combobox");
const active = (page: Page) => palette(page).getByRole("option", { selected: true });
const title = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

async function choose(page: Page, query: string, wanted: string | RegExp) {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(query);
  await expect(active(page)).toHaveText(wanted);
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeHidden();
}

test("an owner goes everywhere by keys", async ({ person }) => {
  const { person: kim, page, count } = await person("Kim Keys");
  const [first, second] = [await kim.workspace("Keys & Co"), await kim.workspace("🦑".repeat(50))];
  await page.goto(`/w/${first}`);
  await expect(title(page, "Overview")).toBeFocused();

  await test.step("to another workspace", async () => {
    await choose(page, "🦑🦑", /🦑/);
    await expect(page).toHaveURL(new RegExp(`/w/${second}/?$`));
    await expect(title(page, "Overview")).toBeFocused();
    await choose(page, "keys & co", /Keys & Co/);
    await expect(page).toHaveURL(new RegExp(`/w/${first}/?$`));
    await choose(page, second, /🦑/);
    await expect(page).toHaveURL(new RegExp(`/w/${second}/?$`));
  });

  await test.step("to its pages", async () => {
    for (const [key, name] of [["t", "Team"], ["b", "Billing"], ["n", "Notifications"], ["a", "Audit log"], ["s", "General"], ["o", "Overview"]] as const) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await expect(title(page, name)).toBeFocused();
    }
  });

  await test.step("an invitation, a search, and the help", async () => {
    await page.keyboard.press("i");
    const invite = page.getByRole("dialog", { name: "Invite people" });
    await expect(invite.getByLabel("E-mail addresses")).toBeFocused();
    await page.keyboard.type("g@example.com");
    await expect(invite.getByLabel("E-mail addresses"), "keys are letters in a field").toHaveValue("g@example.com");
    await page.keyboard.press("Escape");
    await expect(invite).toBeHidden();
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused();
    await page.keyboard.press("Tab");
    await title(page, "Team").focus();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await shot(page, "keys-help");
    await page.keyboard.press("Escape");
    expect(count("POST /team/invite")).toBe(0);
  });

  await test.step("a new workspace", async () => {
    await choose(page, "new work", /New workspace/);
    const dialog = page.getByRole("dialog", { name: "New workspace" });
    await dialog.getByLabel("Name").focus();
    await page.keyboard.type("Third");
    await page.keyboard.press("Enter");
    await expect(title(page, "Overview")).toBeFocused();
    await page.keyboard.press("Control+k");
    await expect(palette(page).getByRole("option", { name: /^Keys & Co/ })).toBeVisible();
    await shot(page, "palette");
    await page.keyboard.press("Escape");
  });

  await test.step("out", async () => {
    await choose(page, "sign out", /Sign out/);
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await page.keyboard.press("Control+k");
    await expect(palette(page), "strangers have no palette").toHaveCount(0);
  });
});

test("a viewer sees why they invite nobody", async ({ person }) => {
  const [{ person: vera, page }, olga] = await Promise.all([person("Vera Views"), account("Olga Owns")]);
  const workspace = await olga.workspace("Views & Co");
  await vera.joins(workspace, olga, "viewer");
  await page.goto(`/w/${workspace}/settings`);
  const why = "Only people with the role Admin or a higher one can do this.";
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveAccessibleDescription(why);
  await page.keyboard.press("i");
  await expect(page.getByText(why).last()).toBeVisible();
  await page.keyboard.press("Control+k");
  await field(page).fill("invite people");
  await expect(palette(page).getByRole("option", { name: /^Invite people/ })).toContainText(why);
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/w/${workspace}/settings$`));
});
