// Removed while looking: the page says so, and leads to the workspaces that are left. These pages have no live connection.

import type { Page } from "@playwright/test";
import { expect, shot, test, type Person } from "./cloud";

test.describe.configure({ mode: "parallel" });

async function remove(owner: Person, workspace: string, { email }: Person) {
  const { members } = await owner.call<{ members: { id: string; email: string }[] }>("GET", "/team/members", { workspace });
  const gone = members.find((member) => member.email === email);
  await owner.call("DELETE", `/team/members/${gone?.id}`, { workspace });
}

/** As where no WebSocket gets through. */
const refuseSockets = (page: Page) => page.routeWebSocket(/\/live/, (socket) => void socket.close());

const GONE = "This workspace is gone, or you are no longer a member of it.";

test("a removed member is led to their other workspaces", async ({ person, allow }) => {
  allow(/status of 404 /);
  const { person: olga } = await person("Olga Reyes");
  const workspace = await olga.workspace("Reyes Freight");
  const looks: [string, string, (page: Page) => Promise<void>][] = [
    // The container is looked at each 15 seconds.
    ["at the overview", "", async (page) => page.clock.fastForward(16_000)],
    ["at the team, on the way to the container", "/settings/team", async (page) => page.getByRole("link", { name: "Overview" }).click()],
  ];
  for (const [title, path, next] of looks) {
    await test.step(title, async () => {
      const { person: ravi, page } = await person("Ravi Shah");
      const own = await ravi.workspace("Shah Notes");
      await ravi.joins(workspace, olga, "member");
      await refuseSockets(page);
      await page.clock.install();
      await page.goto(`/w/${workspace}${path}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
      await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
      await remove(olga, workspace, ravi);
      await next(page);
      await expect(page.getByRole("heading", { level: 1, name: GONE })).toBeFocused();
      await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
      if (path === "") await shot(page, "removed");
      await page.getByRole("link", { name: "To your workspaces" }).click();
      await expect(page.getByRole("heading", { name: "Shah Notes" })).toBeVisible();
      await expect(page.getByRole("heading", { name: "Reyes Freight" })).toHaveCount(0);
      await page.goto("/");
      await expect(page, "nor is it where the next visit begins").toHaveURL(/\/workspaces$/);
      expect(own).toMatch(/^ws_/);
    });
  }
});

test("a removed member's command says so, too", async ({ person, allow }) => {
  allow(/status of 404 /);
  const [{ person: olga }, { person: mia, page }] = await Promise.all([person("Olga Reyes"), person("Mia Sol")]);
  const workspace = await olga.workspace("Reyes Freight");
  await mia.joins(workspace, olga, "admin");
  await refuseSockets(page);
  await page.goto(`/w/${workspace}`);
  const start = page.getByRole("region", { name: "Container" }).getByRole("button", { name: "Start", exact: true });
  await expect(start).toBeEnabled();
  await remove(olga, workspace, mia);
  await start.click();
  await expect(page.getByRole("heading", { level: 1, name: GONE })).toBeFocused();
});
