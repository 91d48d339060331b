// A workspace that is deleted in one tab, seen in another, and by strangers to its receipt.

import { account, enter, expect, shot, test } from "./cloud";

test("the other tab of the person who deletes says so, and leads to the receipt", async ({ person, visitor, allow }) => {
  allow(/status of 404 /);
  const [{ person: dora, page }, { page: foreign }, finn] = await Promise.all([person("Dora Deletes", { stay: true }), visitor(), account("Finn Foreign")]);
  const workspace = await dora.workspace("Short Story");
  const other = await page.context().newPage();
  // Without a live connection, the tab is not asked for long.
  await other.routeWebSocket(/\/live/, (socket) => void socket.close());
  await other.goto(`/w/${workspace}/settings/team`);
  await expect(other.getByRole("heading", { level: 1, name: "Team" })).toBeFocused();
  await page.goto(`/w/${workspace}/settings`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Short Story");
  await page.getByRole("dialog").getByRole("button", { name: "Delete workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deletion of" })).toContainText("Short Story");

  await test.step("the other tab", async () => {
    await expect(other.getByRole("heading", { level: 1, name: "You have deleted" })).toContainText("Short Story", { timeout: 5_000 });
    await shot(other, "deleted-elsewhere");
    await other.getByRole("link", { name: "Show the receipt" }).click();
    await expect(other).toHaveURL(page.url());
    await expect(other.getByText(/^\d of 4 parts are deleted$/)).toBeVisible();
  });

  await test.step("nobody else reads the receipt", async () => {
    await enter(foreign, finn);
    await foreign.goto(page.url());
    await expect(foreign.getByRole("heading", { level: 1, name: "There is no such receipt" })).toBeFocused();
  });
});
