// Another plan: up at once, down with everything that would be over the limits, and a cancellation that is taken back.

import type { Locator } from "@playwright/test";
import { expect, freshAddress, shot, test, type Person } from "./cloud";

test("a plan goes up, is to go down, ends, and continues", async ({ person }) => {
  const { person: mona, page, count } = await person("Mona Reyes");
  const workspace = await mona.workspace("Reyes Analytics");
  await mona.pays(workspace, "pro");
  await fill(mona, workspace);
  const changes = () => count("PUT /billing/plan") + count("DELETE /billing/subscription");
  const card = (plan: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: plan, exact: true }) });
  await page.goto(`/w/${workspace}/settings/billing`);
  let ends = "";

  await test.step("up: the amount is shown before the click, and the plan is in force after it", async () => {
    await card("Business").getByRole("button", { name: "Upgrade to Business" }).click();
    const dialog = page.getByRole("dialog", { name: "Upgrade to Business" });
    const due = await row(dialog, "Due now");
    expect(due).toMatch(/^\$\d+\.\d\d$/);
    expect(await row(dialog, "Then")).toBe("$79.00 per month");
    await shot(page, "7-upgrade");
    expect(changes()).toBe(0);
    await dialog.getByRole("button", { name: `Pay ${due} and upgrade` }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("You are on Business now.")).toBeVisible();
    await expect(card("Business").getByText("This is your plan.")).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: due })).toContainText("Paid");
    expect(count("PUT /billing/plan")).toBe(1);
  });

  await test.step("down: everything over the limits, what happens to it, amounts and date, before the click", async () => {
    await card("Starter").getByRole("button", { name: "Downgrade to Starter" }).click();
    const dialog = page.getByRole("dialog", { name: "Downgrade to Starter" });
    await expect(dialog.getByRole("heading", { name: "9 things are over the limits of Starter" })).toBeVisible();
    const over = dialog.getByRole("listitem").filter({ hasText: "allowed" });
    await expect(over).toHaveText([
      /Members6 used, 5 allowed.*Nobody can be invited/,
      /Integrations4 used, 3 allowed.*Nothing can be added/,
      /API keys6 used, 5 allowed.*Nothing can be added/,
      /Storage20 GB used, 10 GB allowed.*Nothing can be added/,
      /Gateways4 used, 3 allowed.*Nothing can be added/,
      /Plugins11 used, 10 allowed.*Nothing can be added/,
      /Executions10,001 used, 10,000 allowed.*No more is given until the count resets/,
      /Traces100,001 used, 100,000 allowed.*No more is given until the count resets/,
      /AI credits101 used, 100 allowed.*No more is given until the count resets/,
    ]);
    expect(await row(dialog, "Due now")).toBe("$0.00");
    expect(await row(dialog, "Then")).toBe("$9.00 per month");
    ends = await row(dialog, "Takes effect");
    expect(ends).toMatch(/^\w+ \d+, \d{4}$/);
    for (const also of ["Activity is shown for 30 days.", "The container has 0.5 vCPU, 1 GB.", "without work"]) {
      await expect(dialog.getByText(also)).toBeVisible();
    }
    await shot(page, "7-downgrade");
    expect(changes(), "nothing is ordered before the click").toBe(1);
    await dialog.getByRole("button", { name: `Change on ${ends}` }).click();
    await expect(dialog).toBeHidden();
    await expect(card("Starter").getByText("Follows by itself. Undo it above.")).toBeVisible();
    await expect(card("Business").getByText("Current")).toBeVisible();
    await expect(page.getByText("Changes on", { exact: true })).toBeVisible();
    await shot(page, "7-scheduled");
  });

  await test.step("the change is taken back", async () => {
    await page.getByRole("button", { name: "Keep Business" }).click();
    await expect(page.getByText("Business continues.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Keep Business" })).toBeHidden();
    await expect(card("Starter").getByRole("button", { name: "Downgrade to Starter" })).toBeVisible();
    await expect(page.getByText("Renews on", { exact: true })).toBeVisible();
  });

  await test.step("a cancellation says when it ends and what is over the limits of Free", async () => {
    await page.getByRole("button", { name: "Cancel plan" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel Business" });
    await expect(dialog.getByRole("heading", { name: "9 things are over the limits of Free" })).toBeVisible();
    expect(await row(dialog, "Then")).toBe("Free of charge");
    expect(await row(dialog, "Takes effect")).toBe(ends);
    await shot(page, "7-cancel");
    await dialog.getByRole("button", { name: "Keep Business" }).click();
    expect(changes(), "who keeps the plan sends nothing").toBe(2);
    await page.getByRole("button", { name: "Cancel plan" }).click();
    await dialog.getByRole("button", { name: `Cancel for ${ends}` }).click();
    await expect(page.getByRole("button", { name: "Resume Business" })).toBeVisible();
    await expect(page.getByText(`Your plan ends on ${ends}`).first()).toBeVisible();
    await expect(page.getByText("Ends on", { exact: true })).toBeVisible();
    await shot(page, "7-cancelled");
  });

  await test.step("it is resumed", async () => {
    await page.getByRole("button", { name: "Resume Business" }).click();
    await expect(page.getByText("Business continues.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Resume Business" })).toBeHidden();
    await expect(page.getByText("Renews on", { exact: true })).toBeVisible();
    const standing = await mona.call<Record<string, unknown>>("GET", "/billing/subscription", { workspace });
    expect(standing).toMatchObject({ plan: "business", status: "active" });
    expect(standing["cancel_at"] ?? standing["scheduled_plan"] ?? null).toBeNull();
  });
});

/** The value of a line of the dialog. */
async function row(dialog: Locator, label: string): Promise<string> {
  const value = dialog.getByText(label, { exact: true }).locator("xpath=following-sibling::dd");
  await expect(value).not.toBeEmpty();
  return (await value.textContent()) ?? "";
}

/** Uses one more of everything than Starter allows. */
async function fill(person: Person, workspace: string): Promise<void> {
  const used = { executions: 10_001, traces: 100_001, ai_credits: 101, gateways: 4, plugins: 11, storage_mb: 20_480 };
  for (const [meter, amount] of Object.entries(used)) {
    await person.call("POST", "/usage/consume", { workspace, body: { meter, amount, key: meter } });
  }
  for (let key = 0; key < 6; key += 1) {
    await person.call("POST", "/api-keys", { workspace, body: { name: `Program ${key}`, scopes: ["team:read"] } });
  }
  for (let seat = 0; seat < 5; seat += 1) {
    await person.call("POST", "/team/invite", { workspace, body: { email: freshAddress("guest"), role: "viewer" } });
  }
  const integrations = {
    datadog: { config: {}, secret: "0123456789abcdef0123456789abcdef" },
    pagerduty: { config: {}, secret: "0123456789abcdef0123456789abcdef" },
    webhook: { config: { url: "https://hooks.example.com/berth" }, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
    slack: { config: {}, secret: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" },
  };
  for (const [type, body] of Object.entries(integrations)) await person.call("PUT", `/integrations/${type}`, { workspace, body });
}
