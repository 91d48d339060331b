// The operator's console: hidden from customers, open to staff. Staff suspend a workspace, and its owner reads who did and why.

import { account, enter, expect, mailTo, outputs, Person, pool, shot, signIn, test } from "./cloud";

/** Puts someone into the stack's group of staff. Their next sign-in has it in their token. */
async function hire({ email }: Person): Promise<void> {
  await pool("AdminAddUserToGroup", { UserPoolId: outputs.user_pool_id, Username: email, GroupName: "staff" });
}

test("a workspace is suspended in the console, and its owner reads why", async ({ person, visitor, allow }) => {
  // The operator's API is hidden from customers.
  allow(/status of 404 .*\/operator\/session/);
  const [{ person: olga, page: pageOfOlga }, jane] = await Promise.all([person("Olga Owns"), account("Jane Support")]);
  const name = `Suspended & Co ${olga.email.slice(0, 18)}`;
  const workspace = await olga.workspace(name);
  const { page, count } = await visitor();
  const reason = "An invoice is disputed: ticket 4711";

  await test.step("to a customer the console's address leads nowhere", async () => {
    await pageOfOlga.goto("/operator");
    await expect(pageOfOlga.getByRole("heading", { level: 1, name: "There is no such page" })).toBeFocused();
    expect((await olga.ask("GET", "/operator/session")).status).toBe(404);
    const { status } = await olga.ask("POST", "/operator/commands", { body: { reason, command: { command: "suspend", workspace } } });
    expect(status, "no command is taken from a customer").toBe(404);
  });

  await test.step("staff who are signed out sign in and come back", async () => {
    await hire(jane);
    await page.goto("/operator");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await signIn(page, jane);
    await expect(page.getByRole("heading", { level: 1, name: "Find a workspace" })).toBeFocused();
    await expect(page.getByRole("banner")).toContainText(jane.email);
  });

  await test.step("the workspace is found by its owner's address", async () => {
    await page.getByLabel("What to look for").fill(olga.email);
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("list", { name: "Workspaces found" }).getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
    await expect(page.getByText(workspace, { exact: true })).toBeVisible();
    await shot(page, "operator-facts");
  });

  await test.step("it is suspended with a reason, once", async () => {
    await page.getByRole("button", { name: "Suspend", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("button", { name: "Suspend the workspace" })).toHaveAccessibleDescription("Give a reason first.");
    await dialog.getByLabel("Reason").fill(reason);
    const before = count("POST /operator/commands");
    await dialog.getByRole("button", { name: "Suspend the workspace" }).dblclick();
    await expect(page.getByText("The workspace is suspended.")).toBeVisible();
    await expect(dialog).toBeHidden();
    expect(count("POST /operator/commands") - before).toBe(1);
    await expect(page.getByText(reason)).toBeVisible();
    await shot(page, "operator-suspended");
  });

  await test.step("the owner reads the reason, and in the audit log who gave it", async () => {
    await mailTo(olga.email, /suspended/);
    await pageOfOlga.goto(`/w/${workspace}/settings/audit`);
    await expect(pageOfOlga.getByText("This workspace is suspended", { exact: true })).toBeVisible();
    await expect(pageOfOlga.getByRole("rowheader").filter({ hasText: jane.email }).filter({ hasText: `suspended the workspace: ${reason}` })).toBeVisible();
    await pageOfOlga.getByRole("button", { name: new RegExp(`^Details: .*${jane.email}`) }).click();
    await expect(pageOfOlga.getByText("workspace.suspended")).toBeVisible();
    await shot(pageOfOlga, "operator-audit");
  });

  await test.step("the suspension ends", async () => {
    await page.getByRole("button", { name: "Unsuspend" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("It is paid");
    await page.getByRole("dialog").getByRole("button", { name: "End the suspension" }).click();
    await expect(page.getByText("The suspension has ended.")).toBeVisible();
    await pageOfOlga.reload();
    await expect(pageOfOlga.getByRole("rowheader").filter({ hasText: jane.email })).toHaveCount(2);
    await expect(pageOfOlga.getByText("This workspace is suspended", { exact: true })).toHaveCount(0);
  });

  await test.step("the doctor finds nothing, and no message has failed", async () => {
    await page.getByRole("link", { name: "Doctor", exact: true }).click();
    await expect(page.getByText("Nothing differs")).toBeVisible();
    await page.getByRole("link", { name: "Returned letters" }).last().click();
    await expect(page.getByText("No letter came back")).toBeVisible();
    await page.getByRole("link", { name: "Queues" }).click();
    await expect(page.getByRole("heading", { level: 2, name: "Stripe’s events" })).toBeVisible();
  });
});

test("a customer who becomes staff is let in with their next sign-in", async ({ visitor, allow }) => {
  allow(/status of 404 .*\/operator\/session/);
  const [jane, { page }] = await Promise.all([account("Jane Later"), visitor()]);
  await enter(page, jane);
  await hire(jane);
  await page.goto("/operator/alarms");
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeFocused();
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/operator/alarms");
  await signIn(page, jane);
  await expect(page.getByRole("heading", { level: 1, name: "Alarms" })).toBeFocused();
});
