// Names that break pages which trust them: of a workspace, of members, of the person who invites. They are inert, and isolated.

import type { Page } from "@playwright/test";
import { account, expect, linkIn, mailTo, shot, test, type Person } from "./cloud";

const NAMES = {
  script: `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`,
  // In another direction, with marks at its end that take the direction of what follows. The API takes no overrides.
  rtl: "שלום עולם (חדש!)",
  emoji: "🦑".repeat(100),
};

/** The names are text, each in an isolate, and nothing is wider than the window. */
async function expectInert(page: Page, ...names: string[]) {
  const look = () => page.evaluate((names) => {
    const texts: { name: string; isolated: boolean }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || !element.checkVisibility()) continue;
      for (const name of names.filter((one) => node.textContent?.includes(one))) {
        const alone = element.closest("bdi, [dir=auto]") !== null;
        const marked = node.textContent?.includes(`\u2068${name}\u2069`) ?? false;
        texts.push({ name: name.slice(0, 12), isolated: alone || marked });
      }
    }
    return { texts, foreign: document.querySelectorAll("img[src='x'], body script").length, title: document.title, wide: document.documentElement.scrollWidth > innerWidth };
  }, names);
  await expect.poll(async () => (await look()).texts.length, { message: "a name is shown" }).toBeGreaterThan(0);
  const found = await look();
  expect(found.texts.filter(({ isolated }) => !isolated), "names outside of an isolate").toEqual([]);
  expect(found).toMatchObject({ foreign: 0, wide: false });
  expect(found.title).not.toContain("run");
}

async function called(person: Person, name: string) {
  await person.call("PATCH", "/me", { body: { name } });
}

test("names of every kind stay text, in their place", async ({ person }) => {
  const [{ person: mallory, page }, shira, squid] = await Promise.all([person("Mallory"), account("Shira"), account("Squid")]);
  await Promise.all([called(mallory, NAMES.script), called(shira, NAMES.rtl), called(squid, NAMES.emoji)]);
  await mallory.workspace(NAMES.emoji);
  await mallory.workspace(NAMES.rtl);
  const all = Object.values(NAMES);
  const workspace = await test.step("a workspace is created with such a name", async () => {
    await page.goto("/workspaces");
    await page.getByRole("button", { name: "New workspace" }).click();
    await page.getByLabel("Name").fill(NAMES.script);
    await page.getByRole("button", { name: "Create workspace" }).click();
    await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
    await expect(page.getByText("is ready", { exact: false })).toContainText(NAMES.script);
    await expectInert(page, ...all);
    return /\/w\/(ws_\w+)/.exec(page.url())?.[1] ?? "";
  });
  // Members with names of their own, by way of invitations of which the inviter has one, too.
  await shira.joins(workspace, mallory, "admin");
  await squid.call("PATCH", "/me", { body: { language: "en" } });
  await mallory.call("POST", "/team/invite", { workspace, body: { email: squid.email, role: "viewer" } });

  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });

    await test.step(`workspaces, ${width} wide`, async () => {
      await page.goto("/workspaces");
      for (const name of all) await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
      await expectInert(page, ...all);
      await shot(page, `names-workspaces-${width}`);
    });

    await test.step(`the menu of workspaces, ${width} wide`, async () => {
      await page.goto(`/w/${workspace}`);
      await page.getByRole("button", { name: /: switch$/ }).click();
      await expect(page.getByRole("link", { name: NAMES.rtl })).toBeVisible();
      await expectInert(page, ...all);
      await page.keyboard.press("Escape");
    });

    await test.step(`the overview and what happened, ${width} wide`, async () => {
      await expect(page.getByRole("listitem").filter({ hasText: NAMES.rtl }).first()).toBeVisible();
      await expectInert(page, ...all);
      await shot(page, `names-overview-${width}`);
    });

    await test.step(`the settings, ${width} wide`, async () => {
      await page.goto(`/w/${workspace}/settings`);
      await expect(page.getByLabel("Name", { exact: true })).toHaveValue(NAMES.script);
      await expectInert(page, ...all);
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await expect(page.getByRole("dialog")).toContainText(NAMES.script);
      await expectInert(page, ...all);
      await shot(page, `names-delete-${width}`);
    });

    await test.step(`the team, ${width} wide`, async () => {
      await page.goto(`/w/${workspace}/settings/team`);
      for (const name of [NAMES.script, NAMES.rtl]) await expect(page.getByRole("listitem").filter({ hasText: name })).toBeVisible();
      await expectInert(page, ...all);
      await page.getByRole("button", { name: /^Remove .*שלום/ }).click();
      await expect(page.getByRole("dialog")).toContainText(NAMES.rtl);
      await expectInert(page, ...all);
      await shot(page, `names-team-${width}`);
      await page.goto(`/w/${workspace}/settings/team?tab=invitations`);
      await expect(page.getByRole("listitem").filter({ hasText: squid.email })).toContainText(`by \u2068${NAMES.script}\u2069`);
      await expectInert(page, ...all);
    });
  }
});

test("the name of the person who invites is inert", async ({ person }) => {
  const [{ person: squid, page }, mallory] = await Promise.all([person("Squid"), account("Mallory")]);
  await Promise.all([called(mallory, NAMES.script), called(squid, NAMES.emoji)]);
  const workspace = await mallory.workspace(NAMES.rtl);
  await mallory.call("POST", "/team/invite", { workspace, body: { email: squid.email, role: "viewer" } });
  const letter = await mailTo(squid.email, /\/signup\?invite=/);
  await page.goto(linkIn(letter, /\/signup\?invite=/));
  await expect(page.getByRole("heading", { level: 1, name: /^Join/ })).toContainText(NAMES.rtl);
  await expect(page.getByText("invites you to work in this workspace.")).toContainText(NAMES.script);
  await expectInert(page, NAMES.script, NAMES.rtl);
  await shot(page, "names-invited");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByText(/^Welcome to/)).toContainText(NAMES.rtl);
  await expectInert(page, NAMES.script, NAMES.rtl);
  await page.goto("/account");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(NAMES.emoji);
});
