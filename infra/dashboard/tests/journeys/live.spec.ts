// What happens is shown at once, without being asked for.

import type { Page } from "@playwright/test";
import { account, enter, expect, test, type Person } from "./cloud";

test.describe.configure({ mode: "parallel" });

const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ });
/** Less than the time after which a page would ask by itself. */
const AT_ONCE = { timeout: 10_000 };

/** Opens a page, and waits until its connection knows everything that has happened. */
async function goLive(page: Page, path: string) {
  const known = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived", ({ payload }) => payload.toString().includes('"state"')));
  await page.goto(path);
  await known;
}

async function remove(owner: Person, workspace: string, { email }: Person) {
  const { members } = await owner.call<{ members: { id: string; email: string }[] }>("GET", "/team/members", { workspace });
  await owner.call("DELETE", `/team/members/${members.find((member) => member.email === email)?.id}`, { workspace });
}

test("what one browser reads is read in the other", async ({ person, visitor }) => {
  const [one, other, ben] = await Promise.all([person("Nora Live"), visitor(), account("Ben Joins")]);
  const [nora, pages] = [one.person, [one.page, other.page]];
  const workspace = await nora.workspace("Live & Co");
  await enter(other.page, nora);
  await Promise.all(pages.map((page) => goLive(page, `/w/${workspace}`)));
  const asked = () => [one, other].map(({ count }) => count("GET /notifications/unread-count"));
  for (const page of pages) await expect(bell(page)).toHaveText("");
  const before = asked();

  await test.step("both show who has joined", async () => {
    await ben.joins(workspace, nora);
    for (const page of pages) await expect(bell(page)).toHaveText("1", AT_ONCE);
  });

  await test.step("read here, read there", async () => {
    await bell(one.page).click();
    await one.page.getByRole("dialog", { name: "Notifications" }).getByRole("button", { name: "Mark all as read" }).click();
    await expect(bell(other.page)).toHaveText("", AT_ONCE);
  });

  expect(asked(), "neither asked for it").toEqual(before);
});

test("tabs of a browser share a connection", async ({ person }) => {
  const [{ person: nora, page }, ben, ida] = await Promise.all([person("Nora Tabs", { stay: true }), account("Ben Joins"), account("Ida Joins")]);
  const workspace = await nora.workspace("Tabs & Co");
  await goLive(page, `/w/${workspace}`);
  await ben.joins(workspace, nora);
  await expect(bell(page)).toHaveText("1", AT_ONCE);
  const second = await page.context().newPage();
  let sockets = 0;
  second.on("websocket", () => (sockets += 1));
  await second.goto(`/w/${workspace}`);
  await expect(bell(second)).toHaveText("1");
  await ida.joins(workspace, nora);
  for (const one of [page, second]) await expect(bell(one)).toHaveText("2", AT_ONCE);
  expect(sockets, "the first tab has the connection").toBe(0);

  await test.step("the other tab connects once the first is closed", async () => {
    const known = second.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived", ({ payload }) => payload.toString().includes('"state"')));
    await page.close();
    await known;
    await nora.call("POST", "/notifications/mark-all-read", { workspace, body: {} });
    await expect(bell(second)).toHaveText("", AT_ONCE);
  });
});

test("a removed member's page says so by itself", async ({ person, allow }) => {
  allow(/status of 404 /);
  const [{ person: olga }, { person: ravi, page }] = await Promise.all([person("Olga Live"), person("Ravi Live")]);
  const workspace = await olga.workspace("Live Freight");
  await ravi.joins(workspace, olga);
  await goLive(page, `/w/${workspace}/settings/team`);
  await expect(page.getByRole("heading", { level: 1, name: "Team" })).toBeFocused();
  await remove(olga, workspace, ravi);
  await expect(page.getByRole("heading", { level: 1, name: "This workspace is gone, or you are no longer a member of it." })).toBeFocused(AT_ONCE);
});
