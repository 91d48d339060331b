// The customer's whole way: sign-up, workspace, invitations, the limit of seats, payment, the container, the team, the export, the deletion,
// and its receipt to its end. Each step builds on the last.

import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { expect, freshAddress, linkIn, mailTo, outputs, Person, shot, signUp, sweep, test } from "./cloud";

test("from sign-up to the deletion's receipt", async ({ visitor, allow }) => {
  test.setTimeout(300_000);
  // The invitation for which there is no seat, and the workspace that is deleted in other pages.
  allow(/status of 402 .*\/team\/invite$/);
  allow(/status of 404 /);
  const { page, sent, count } = await visitor();
  const ana = new Person("Ana Lima", freshAddress("ana"));
  const [ben, cleo] = [new Person("Ben Okafor", freshAddress("ben")), freshAddress("cleo")];
  let workspace = "";
  let pageOfBen: Page | undefined;

  await test.step("the page leads to sign-in, and from there to a new account", async () => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByRole("link", { name: "Create an account" }).click();
    await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
  });

  await test.step("a weak password is refused, with what it lacks", async () => {
    const rules = page.getByRole("listitem").filter({ hasText: /letter|digit|characters/ });
    await expect(rules.filter({ hasText: "(missing)" })).toHaveCount(4);
    await page.getByLabel("Your name").fill(ana.name);
    await page.getByLabel("E-mail address").fill(ana.email);
    await page.getByLabel("Password", { exact: true }).fill("berth-1");
    await expect(rules.filter({ hasText: "(met)" })).toHaveText([/a lower-case letter/, /a digit/]);
    await page.getByRole("button", { name: "Create an account" }).click();
    await expect(page.getByRole("alert")).toContainText("not strong enough");
    await page.getByLabel("Password", { exact: true }).fill(ana.password);
    await expect(rules.filter({ hasText: "(met)" })).toHaveCount(4);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await shot(page, "1-sign-up");
  });

  await test.step("the code of the letter confirms the address", async () => {
    await signUp(page, ana);
    await expect(page.getByRole("heading", { name: "Create your first workspace" })).toBeVisible();
    await shot(page, "1-first-workspace");
  });

  await test.step("a workspace is created, with its first steps", async () => {
    await page.getByLabel("Name").fill("Lima Robotics");
    await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Berlin");
    await page.getByRole("button", { name: "Create workspace" }).click();
    await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
    await expect(page.getByText("1 of 5 done")).toBeVisible();
    workspace = /\/w\/(ws_\w+)/.exec(page.url())?.[1] ?? "";
    expect(workspace).not.toBe("");
    await shot(page, "1-onboarding");
  });

  await test.step("two people are invited at once", async () => {
    await page.getByRole("link", { name: "Invite someone" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite people" });
    await dialog.getByLabel("E-mail addresses").fill(`${ben.email}, ${cleo}`);
    await shot(page, "3-invite");
    await dialog.getByRole("button", { name: "Send 2 invitations" }).click();
    await expect(page.getByText("2 invitations are on their way.")).toBeVisible();
    await expect(page.getByRole("list", { name: "Invitations" }).getByRole("listitem")).toHaveCount(2);
    await expect(page.getByRole("meter", { name: "Seats" })).toHaveAttribute("aria-valuetext", "3 / 3");
    expect(count("POST /team/invite")).toBe(2);
  });

  await test.step("one of them opens the letter's link in another browser, signs up, and accepts", async () => {
    const link = linkIn(await mailTo(ben.email, /\/signup\?invite=/), /\/signup\?invite=/);
    const { page: other, count: askedByBen } = await visitor();
    pageOfBen = other;
    await other.goto(link);
    await expect(other.getByRole("heading", { name: "You are invited" })).toBeVisible();
    expect(other.url(), "the token is not in the address").toBe(`${outputs.dashboard_url}/signup`);
    await other.getByRole("link", { name: "Create an account" }).click();
    await signUp(other, ben);
    await expect(other.getByRole("heading", { name: "Join" })).toContainText("Lima Robotics");
    await expect(other.getByText("invites you to work in this workspace.")).toContainText("Ana Lima");
    await shot(other, "3-invited");
    await other.getByRole("button", { name: "Accept" }).click();
    await expect(other.getByText(/^Welcome to .*Lima Robotics.*\.$/)).toBeVisible();
    await expect(other).toHaveURL(new RegExp(`/w/${workspace}/?$`));
    await expect(other.getByText("Admins and owners see what happened in the workspace.")).toBeVisible();
    await other.goto(`/w/${workspace}/settings/team`);
    await expect(other.getByText("Pending invitations hold seats, too; admins see them.")).toBeVisible();
    expect(askedByBen("GET /team/activity") + askedByBen("GET /team/invitations"), "what a member may not read is not asked for").toBe(0);
  });

  await test.step("the first browser shows the seat", async () => {
    await page.reload();
    await expect(page.getByRole("list", { name: "Invitations" }).getByRole("listitem")).toHaveText([new RegExp(cleo)]);
    await page.getByRole("link", { name: "Members" }).click();
    const members = page.getByRole("list", { name: "Members" }).getByRole("listitem");
    await expect(members).toHaveCount(2);
    await expect(members.filter({ hasText: ben.email })).toContainText("Ben Okafor");
    await expect(page.getByText("1 of them is an invitation.")).toBeVisible();
    await shot(page, "3-team");
  });

  await test.step("a fourth seat is refused, and the refusal leads to the plan that has it", async () => {
    await expect(page.getByText("All 3 seats are taken")).toBeVisible();
    await page.getByRole("button", { name: "Invite people" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite people" });
    await dialog.getByLabel("E-mail addresses").fill(`${freshAddress("dan")} ${freshAddress("eve")}`);
    await expect(dialog.getByText("No seat is free")).toBeVisible();
    await dialog.getByRole("button", { name: "Send 2 invitations" }).click();
    await expect(dialog.getByText("0 of 2 invited")).toBeVisible();
    await expect(dialog.getByText("3 of 3 are used.")).toBeVisible();
    expect(count("POST /team/invite"), "the first refusal ends the round").toBe(3);
    await shot(page, "4-seats-taken");
    await dialog.getByRole("link", { name: "Upgrade to Starter" }).click();
    await expect(page).toHaveURL(new RegExp(`/w/${workspace}/settings/billing\\?plan=starter$`));
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Starter" }) });
    await expect(card.getByText("Recommended")).toBeInViewport();
    await shot(page, "4-plans");
    await card.getByRole("button", { name: "Choose Starter" }).click();
  });

  await test.step("a card that is declined pays nothing, the next one pays", async () => {
    const dialog = page.getByRole("dialog", { name: "Choose Starter" });
    await expect(dialog.getByText("$9.00", { exact: true })).toBeVisible();
    await expect(dialog.getByText("$9.00 per month")).toBeVisible();
    await shot(page, "5-choose");
    await dialog.getByRole("button", { name: "Continue to payment" }).click();
    await expect(page).toHaveURL((url) => url.origin === outputs.stripe_url && url.pathname.startsWith("/c/pay/"));
    await page.getByRole("button", { name: "Fail" }).click();
    await expect(page.getByText("Your card was declined.")).toBeVisible();
    expect((await ana.call<{ plan: string }>("GET", "/billing/subscription", { workspace })).plan).toBe("free");
    await page.getByRole("button", { name: "Pay", exact: true }).click();
  });

  await test.step("back on billing, one request brings the plan: no event is waited for", async () => {
    await expect(page.getByText("You are on Starter now")).toBeVisible();
    await expect(page.getByText("Renews on")).toBeVisible();
    await expect(page.getByText("•••• 4242")).toBeVisible();
    await expect(page, "Stripe's parameters leave the address").toHaveURL(`${outputs.dashboard_url}/w/${workspace}/settings/billing`);
    expect(count("POST /billing/sync")).toBe(1);
    const since = sent.slice(sent.findIndex(({ call }) => call === "POST /billing/sync")).map(({ call }) => call);
    const often = since.filter((one) => since.filter((other) => other === one).length > 2);
    expect(often, "each is read as the page opens and after the answer, and not again and again").toEqual([]);
    await shot(page, "5-paid");
  });

  await test.step("the new seats are there", async () => {
    await page.getByRole("link", { name: "Team" }).click();
    await expect(page.getByRole("meter", { name: "Seats" })).toHaveAttribute("aria-valuetext", "3 / 5");
    await expect(page.getByText("2 seats are free.")).toBeVisible();
  });

  await test.step("a colleague becomes an admin", async () => {
    await page.getByRole("button", { name: /^Role of .*Ben Okafor/ }).click();
    await page.getByRole("button", { name: /^Admin/ }).click();
    await expect(page.getByText(/Ben Okafor.* has the role Admin now\./)).toBeVisible();
    await expect.poll(async () => (await ben.call<{ role: string }>("GET", "/access", { workspace })).role).toBe("admin");
  });

  await test.step("the container starts", async () => {
    await page.getByRole("link", { name: "Overview" }).click();
    const container = page.getByRole("region", { name: "Container" });
    await container.getByRole("button", { name: "Start", exact: true }).click();
    await expect(container.getByText(/^\WRunning$/)).toBeVisible();
    await shot(page, "12-running");
  });

  await test.step("the workspace is exported", async () => {
    await page.goto(`/w/${workspace}/settings`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export", exact: true }).click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^workspace-${workspace}-\\d{4}-\\d{2}-\\d{2}\\.ndjson$`));
    const items = readFileSync(await download.path(), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { type: string });
    expect(items.map(({ type }) => type)).toEqual(expect.arrayContaining(["workspace", "member", "invitation", "billing"]));
    await expect(page.getByText("The export is complete")).toBeVisible();
    await shot(page, "12-exported");
  });

  await test.step("it is deleted once its name is typed", async () => {
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Delete this workspace?" });
    await expect(dialog).toContainText("1 other person loses access at once.");
    const confirm = dialog.getByRole("button", { name: "Delete for all 2 members" });
    await dialog.getByRole("textbox").fill("Lima Robot");
    await expect(confirm).toHaveAccessibleDescription(/^Type .*Lima Robotics.* first\.$/);
    await dialog.getByRole("textbox").fill("Lima Robotics");
    await shot(page, "12-delete");
    await confirm.click();
    await expect(page).toHaveURL(/\/deletions\/del_\w+$/);
    await expect(page.getByRole("heading", { level: 1, name: "Deletion of" })).toContainText("Lima Robotics");
    await shot(page, "12-receipt");
  });

  await test.step("the pages of others say so", async () => {
    await expect(pageOfBen!.getByRole("heading", { level: 1, name: "This workspace is gone, or you are no longer a member of it." })).toBeFocused();
  });

  await test.step("the receipt is found again while it runs", async () => {
    await page.getByRole("link", { name: "To your workspaces" }).click();
    const row = page.getByRole("region", { name: "Deletions" });
    await expect(row).toContainText("Lima Robotics");
    await page.goto(`/w/${workspace}`);
    await expect(page.getByRole("heading", { level: 1, name: "You have deleted" })).toContainText("Lima Robotics");
    await page.getByRole("link", { name: "Show the receipt" }).click();
    await expect(page).toHaveURL(/\/deletions\/del_\w+$/);
  });

  await test.step("it is followed to its end, without a reload", async () => {
    const done = page.getByText("The workspace is deleted", { exact: true });
    // The container takes its time to stop, and each part takes a run of the sweeper.
    await expect
      .poll(async () => (await sweep(), done.isVisible()), { timeout: 180_000, intervals: [3000] })
      .toBe(true);
    await expect(page.getByText("4 of 4 parts are deleted")).toBeVisible();
    for (const part of ["Container", "Subscription", "Secrets", "Members and data"]) {
      await expect(page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: part }) })).toContainText("Deleted");
    }
    await shot(page, "12-complete");
    const asked = sent.filter(({ call }) => call.startsWith("GET /deletions/")).length;
    await page.waitForTimeout(6_000);
    expect(sent.filter(({ call }) => call.startsWith("GET /deletions/")), "nothing is asked after the end").toHaveLength(asked);
  });

  await test.step("nothing is left of it, and the receipt stays", async () => {
    expect((await ana.ask("GET", "/workspace", { workspace })).status).toBe(404);
    await page.getByRole("link", { name: "To your workspaces" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeFocused();
    await expect(page.getByRole("heading", { name: "Lima Robotics" })).toHaveCount(0);
    await page.goBack();
    await expect(page.getByText("The workspace is deleted", { exact: true })).toBeVisible();
  });
});
