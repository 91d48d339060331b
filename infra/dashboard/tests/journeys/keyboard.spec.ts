// The customer's way by keyboard alone: every step is a key, the focus is seen, and it is never lost.

import type { Locator, Page } from "@playwright/test";
import { account, expect, freshAddress, outputs, shot, test } from "./cloud";

/** Presses Tab, or Shift+Tab, until `wanted` has the focus; each stop on the way is one that people see. */
async function tabTo(page: Page, wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab") {
  await expect(wanted).toBeVisible();
  const way: string[] = [];
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press(key);
    const { name, seen } = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth, opacity } = getComputedStyle(at);
      const { width, height, bottom, top } = at.getBoundingClientRect();
      const shown = width > 0 && height > 0 && bottom > 0 && top < innerHeight && opacity !== "0";
      return { name: `${at.tagName} ${at.textContent?.slice(0, 40) ?? ""}`, seen: at === document.body || (shown && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) };
    });
    way.push(name);
    expect(seen, `the focus shows at ${name}`).toBe(true);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not reached by ${key}: ${way.join(" → ")}`);
}

/** Something has the focus, and it is not the page as a whole. */
async function expectFocus(page: Page, on?: Locator) {
  if (on) await expect(on).toBeFocused();
  expect(await page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body), "something has the focus").toBe(true);
}

test("the customer's way by keyboard alone", async ({ visitor }) => {
  const [hana, { page }] = await Promise.all([account("Hana Sato"), visitor()]);
  const title = (name: string) => page.getByRole("heading", { level: 1, name });
  const type = (text: string) => page.keyboard.type(text);
  const press = (key: string) => page.keyboard.press(key);

  await test.step("sign in", async () => {
    await page.goto("/");
    await expectFocus(page, title("Sign in"));
    await tabTo(page, page.getByLabel("E-mail address"));
    await type(hana.email);
    await tabTo(page, page.getByLabel("Password", { exact: true }));
    await type(hana.password);
    await press("Enter");
    await expectFocus(page, title("Workspaces"));
  });

  await test.step("the skip link leads to the content", async () => {
    await tabTo(page, page.getByRole("link", { name: "Skip to content" }), "Shift+Tab");
    await press("Enter");
    await expectFocus(page, page.getByRole("main"));
  });

  await test.step("create a workspace", async () => {
    await tabTo(page, page.getByLabel("Name"));
    await type("Sato Weather");
    await press("Enter");
    await expectFocus(page, title("Overview"));
  });

  await test.step("invite", async () => {
    await tabTo(page, page.getByRole("link", { name: "Invite someone" }));
    await press("Enter");
    const dialog = page.getByRole("dialog", { name: "Invite people" });
    await expectFocus(page, dialog.getByLabel("E-mail addresses"));
    await press("Escape");
    await expect(dialog).toBeHidden();
    await expectFocus(page);
    const open = page.getByRole("button", { name: "Invite people" }).first();
    await tabTo(page, open);
    await press("Enter");
    await expectFocus(page, dialog.getByLabel("E-mail addresses"));
    await type(freshAddress("ken"));
    await tabTo(page, dialog.getByRole("radio", { name: "Member" }));
    await press("ArrowUp");
    await expect(dialog.getByRole("radio", { name: "Viewer" })).toBeChecked();
    await tabTo(page, dialog.getByRole("button", { name: "Send 1 invitation" }));
    await press("Enter");
    await expect(page.getByText("1 invitation is on its way.")).toBeVisible();
    await expect(dialog).toBeHidden();
    await expectFocus(page, open);
  });

  await test.step("choose a plan", async () => {
    await tabTo(page, page.getByRole("link", { name: "Billing" }), "Shift+Tab");
    await press("Enter");
    await expectFocus(page, title("Billing"));
    const choose = page.getByRole("button", { name: "Choose Pro" });
    await tabTo(page, choose);
    await press("Enter");
    const dialog = page.getByRole("dialog", { name: "Choose Pro" });
    await expect(dialog.getByText("Due now")).toBeVisible();
    await expectFocus(page);
    await press("Escape");
    await expect(dialog).toBeHidden();
    await expectFocus(page, choose);
    await press("Space");
    await tabTo(page, dialog.getByRole("button", { name: "Continue to payment" }));
    await shot(page, "keyboard-choose");
    await press("Enter");
  });

  await test.step("pay", async () => {
    await expect(page).toHaveURL((url) => url.origin === outputs.stripe_url);
    const pay = page.getByRole("button", { name: "Pay", exact: true });
    await expect(pay).toBeVisible();
    for (let stop = 0; stop < 20 && !(await pay.evaluate((button) => button === document.activeElement)); stop++) await press("Tab");
    await press("Enter");
    await expect(page.getByText("You are on Pro now")).toBeVisible();
    await expectFocus(page, title("Billing"));
    await tabTo(page, page.getByRole("button", { name: "Close" }));
    await press("Enter");
    await expect(page.getByText("You are on Pro now")).toBeHidden();
    await expectFocus(page);
  });

  await test.step("start the container, and stop it", async () => {
    await tabTo(page, page.getByRole("link", { name: "Overview" }), "Shift+Tab");
    await press("Enter");
    await expectFocus(page, title("Overview"));
    const container = page.getByRole("region", { name: "Container" });
    const button = (name: string) => container.getByRole("button", { name, exact: true });
    await tabTo(page, button("Start"));
    await press("Enter");
    await expect(container.getByText(/^\WRunning$/)).toBeVisible({ timeout: 30_000 });
    await expectFocus(page, button("Start"));
    await tabTo(page, button("Stop"));
    await press("Enter");
    const dialog = page.getByRole("dialog", { name: "Stop the container?" });
    await expect(dialog).toBeVisible();
    await press("Escape");
    await expect(dialog).toBeHidden();
    await expectFocus(page, button("Stop"));
    await press("Enter");
    await tabTo(page, dialog.getByRole("button", { name: "Stop" }));
    await press("Enter");
    await expect(dialog).toBeHidden();
    await expectFocus(page, button("Stop"));
  });

  await test.step("switch the theme", async () => {
    const menu = page.getByRole("button", { name: /^Account menu/ });
    await tabTo(page, menu, "Shift+Tab");
    await press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Dark" }));
    await press("Enter");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expectFocus(page, menu);
    await shot(page, "keyboard-dark");
    await press("Enter");
    await expect(page.getByRole("link", { name: "Account", exact: true })).toBeVisible();
    await press("Escape");
    await expect(page.getByRole("link", { name: "Account", exact: true })).toBeHidden();
    await expectFocus(page, menu);
  });

  await test.step("sign out", async () => {
    await press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Sign out" }));
    await press("Enter");
    await expectFocus(page, title("Sign in"));
    await page.goBack();
    await expect(page, "nothing is left to come back to").toHaveURL(/\/sign-in/);
  });
});
