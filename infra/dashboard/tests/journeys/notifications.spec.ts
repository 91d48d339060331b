// Somebody joins, and the owner is notified: on the bell and in the panel, until they turn that off.

import type { Page } from "@playwright/test";
import { account, expect, shot, test } from "./cloud";

const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ });

/** The page asks whenever it gets the focus. */
async function expectUnread(page: Page, count: number) {
  const seen = async () => {
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    return (await bell(page).textContent()) ?? "";
  };
  await expect.poll(seen, { message: `${count} unread`, timeout: 60_000, intervals: [1_500] }).toBe(String(count));
}

test("an owner is notified of members who join", async ({ person }) => {
  const [{ person: nora, page }, ben] = await Promise.all([person("Nora Inbox"), account("Ben Joins")]);
  const workspace = await nora.workspace("Inbox & Co");
  const panel = page.getByRole("dialog", { name: "Notifications" });
  await page.goto(`/w/${workspace}`);
  await expect(bell(page)).toHaveText("");

  await test.step("the badge and the tab show one", async () => {
    await ben.joins(workspace, nora);
    await expectUnread(page, 1);
    await expect(page).toHaveTitle(/^\(1\) Overview/);
    await expect(bell(page)).toHaveAccessibleName("Notifications: 1 unread");
  });

  await test.step("the panel leads to the team", async () => {
    await bell(page).click();
    const entry = panel.getByRole("listitem").filter({ hasText: "Member joined" });
    await expect(entry).toHaveCount(1);
    await shot(page, "notifications");
    await entry.getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1, name: "Team" })).toBeFocused();
    await expect(panel).toBeHidden();
    await expect(bell(page)).toHaveText("");
    await expect(page).toHaveTitle(/^Team/);
  });

  await test.step("it is unread again, read, and deleted by keyboard", async () => {
    await bell(page).press("Enter");
    const entries = panel.getByRole("listitem");
    await expect(entries).toHaveCount(1);
    await page.keyboard.press("j");
    await expect(entries.getByRole("link")).toBeFocused();
    await page.keyboard.press("u");
    await expect(page).toHaveTitle(/^\(1\) Team/);
    await panel.getByRole("button", { name: "Mark all as read" }).click();
    await expect(page).toHaveTitle(/^Team/);
    await page.keyboard.press("j");
    await page.keyboard.press("Delete");
    await expect(panel.getByText("No notifications yet")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(bell(page)).toBeFocused();
    await page.reload();
    await bell(page).click();
    await expect(panel.getByText("No notifications yet")).toBeVisible();
  });

  await test.step("preferences are stored", async () => {
    await panel.getByRole("link", { name: "Preferences" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Notifications" })).toBeFocused();
    await expect(page.getByRole("switch", { name: "Billing" })).toHaveAccessibleDescription(/Owners are always notified/);
    const team = page.getByRole("switch", { name: "Team" });
    await team.click();
    await expect.poll(async () => (await preferences()).find(({ type }) => type === "team")?.in_app).toBe(false);
    await shot(page, "notifications-preferences");
    await page.reload();
    await expect(team).not.toBeChecked();
  });

  async function preferences() {
    return (await nora.call<{ types: { type: string; in_app: boolean }[] }>("GET", "/notifications/preferences", { workspace })).types;
  }
});
