// Every act: what it says, what it sends, its refusal, and that it is sent once.

import { expect, test, type Page } from "@playwright/test";
import { gate, NOW, seen, seenEverywhere, WORKSPACE } from "../stage";
import { empty, facts, found, full, gone, open, OTHER, ready, refused, STAFF, type Commands } from "./console";

const PATH = `/operator/workspaces/${WORKSPACE}`;
const dialog = (page: Page) => page.getByRole("dialog");
const confirm = (page: Page, name: string) => dialog(page).getByRole("button", { name, exact: true });
const reason = (page: Page) => dialog(page).getByLabel("Reason", { exact: true });

async function at(page: Page, one: object, commands: Commands) {
  const opened = await open(page, PATH, { facts: facts(one), ...commands });
  await ready(page, /Acme Research/);
  return opened;
}

const begin = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

interface Case {
  button: string;
  action: string;
  done: string;
  /** What the dialog says will happen. */
  says: string;
  fill?: (page: Page) => Promise<void>;
  /** Why it cannot be sent before that. */
  why?: string;
  command: Record<string, unknown>;
  refusal: [code: string, sentence: string];
}

const cases: Record<string, Case> = {
  suspend: {
    button: "Change the reason",
    action: "Change the reason",
    done: "The reason is changed.",
    says: "The workspace stays suspended.",
    command: { replaces: full.workspace.suspended },
    refusal: ["suspension_changed", "Somebody else is suspending"],
  },
  unsuspend: {
    button: "Unsuspend",
    action: "End the suspension",
    done: "The suspension has ended.",
    says: "The container starts again",
    command: { replaces: full.workspace.suspended },
    refusal: ["suspension_replaced", "Somebody else has suspended this workspace, ended that"],
  },
  set_owner: {
    button: "Set an owner",
    action: "Make them an owner",
    done: "The member is an owner.",
    says: "Owners who are there stay.",
    why: "Enter this first: E-mail address or id of the member.",
    fill: (page) => dialog(page).getByLabel("E-mail address or id of the member").fill(" ben@example.com "),
    command: { email: "ben@example.com" },
    refusal: ["member_not_found", "Nobody with a seat here"],
  },
  grant_trial: {
    button: "Grant a trial",
    action: "Grant the trial",
    done: "The trial is granted.",
    says: "without payment",
    fill: (page) => dialog(page).getByLabel("Days").fill("30"),
    command: { days: 30 },
    refusal: ["already_subscribed", "A trial can be granted after it has ended."],
  },
  return_usage: {
    button: "Return usage",
    action: "Return it",
    done: "The usage is returned.",
    says: "in the current month",
    why: "This must be a whole number: Amount.",
    fill: async (page) => {
      await dialog(page).getByLabel("Meter").selectOption("gateways");
      await dialog(page).getByLabel("Amount").fill("300");
      await dialog(page).getByLabel("Key").fill("ticket-4711");
    },
    command: { meter: "gateways", amount: 300, key: "ticket-4711" },
    refusal: ["meter_unknown", "it was refused"],
  },
  remove_contract: {
    button: "Remove the contract",
    action: "Remove the contract",
    done: "The contract is removed.",
    says: "Nothing is deleted",
    command: { replaces: full.contract },
    refusal: ["contract_changed", "Somebody else has changed the contract since this page read it."],
  },
  set_contract: {
    button: "Replace the contract",
    action: "Set the contract",
    done: "The contract is set.",
    says: "The contract holds at once",
    fill: async (page) => {
      await dialog(page).getByLabel("Limit of members").selectOption("no limit");
      await dialog(page).getByLabel("Limit of traces").selectOption("this number");
      await expect(confirm(page, "Set the contract")).toHaveAccessibleDescription("This must be a whole number: Number for traces.");
      await dialog(page).getByLabel("Number for traces").fill("500");
      await dialog(page).getByLabel("Limit of executions").selectOption("as in the plan");
      await dialog(page).getByLabel("Memory (MiB)").fill("");
      await expect(confirm(page, "Set the contract")).toHaveAccessibleDescription("CPU units and memory go together.");
      await dialog(page).getByLabel("Memory (MiB)").fill("16 GB");
      await expect(confirm(page, "Set the contract")).toHaveAccessibleDescription("This must be a whole number: Memory (MiB).");
      await dialog(page).getByLabel("Memory (MiB)").fill("16384");
      await dialog(page).getByLabel("Paid").selectOption("monthly");
      await dialog(page).getByLabel("Features").fill("sso");
    },
    command: { contract: { plan: "enterprise/2", limits: { members: null, traces: 500 }, features: ["sso"], interval: "month", runtime: { cpu_units: 4096, memory_mib: 16_384 } }, replaces: full.contract },
    refusal: ["invalid_command", "it was refused"],
  },
};

for (const [command, one] of Object.entries(cases)) {
  test(`${command}_needs_a_reason_and_is_sent_once`, async ({ page }) => {
    const after = { ...full, workspace: { ...full.workspace, name: "Acme, changed" } };
    const { of } = await at(page, full, { [command]: (_, count) => (count === 1 ? refused(409, one.refusal[0]) : { ...facts(after), delay: 300 }) });
    await begin(page, one.button);
    await expect(dialog(page)).toContainText(one.says);
    await expect(dialog(page)).toContainText("The customer’s owners see your name and this reason in their audit log.");
    await reason(page).fill(" ");
    if (one.why) await expect(confirm(page, one.action)).toHaveAccessibleDescription(one.why);
    await one.fill?.(page);
    await expect(confirm(page, one.action)).toHaveAccessibleDescription("Give a reason first.");
    await confirm(page, one.action).click({ force: true });
    expect(of(command), "nothing is sent without a reason").toHaveLength(0);
    await reason(page).fill("  They have asked for it\nin ticket 4711 ");
    await confirm(page, one.action).click();
    await expect(dialog(page).getByRole("alert")).toContainText(one.refusal[1]);
    await expect(dialog(page).getByRole("alert")).toContainText("req-0123456789");
    await expect(dialog(page)).toContainText("Nothing was changed.");
    if (command === "set_contract") await seenEverywhere(page, `operator-act-${command}`);
    else await seen(page, `operator-act-${command}`);
    await expect(reason(page), "what was typed stays").toHaveValue("  They have asked for it\nin ticket 4711 ");
    await confirm(page, one.action).dblclick();
    await expect(page.getByText(`⁨Acme, changed⁩: ${one.done}`)).toBeVisible();
    await expect(dialog(page)).toBeHidden();
    await ready(page, /Acme, changed/);
    const sent = of(command);
    expect(sent, "two clicks are one command").toHaveLength(2);
    expect(sent[1]).toEqual({ command: { command, workspace: WORKSPACE, ...one.command }, reason: "They have asked for it\nin ticket 4711", key: expect.stringMatching(/^[\w-]{36}$/) });
  });
}

test("a_contract_that_somebody_else_changed_is_not_overwritten", async ({ page }) => {
  const later = { ...full, contract: full.contract && { ...full.contract, features: ["sso"] } };
  let isChanged = false;
  const { of } = await at(page, full, {
    set_contract: (_, count) => {
      isChanged = true;
      return count === 1 ? refused(409, "contract_changed") : facts(later);
    },
    facts: () => facts(isChanged ? later : full),
  });
  await begin(page, "Replace the contract");
  await reason(page).fill("A new contract");
  await confirm(page, "Set the contract").click();
  await expect(dialog(page).getByRole("alert")).toContainText("Somebody else has changed the contract since this page read it.");
  await expect(dialog(page)).toContainText("Nothing was changed.");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("main").getByText("sso"), "the present one is shown").toBeVisible();
  await begin(page, "Replace the contract");
  await expect(dialog(page).getByLabel("Features")).toHaveValue("sso");
  await reason(page).fill("A new contract");
  await confirm(page, "Set the contract").click();
  await expect(page.getByText("The contract is set.")).toBeVisible();
  expect(of("set_contract").map(({ command }) => command["replaces"])).toEqual([full.contract, later.contract]);
});

test("a_workspace_is_suspended", async ({ page }) => {
  const suspended = { ...empty, workspace: { ...empty.workspace, suspended: { reason: "Spam", at: "2026-11-28T10:00:00Z", by: "jane@example.com" } } };
  const { of } = await at(page, empty, { suspend: facts(suspended) });
  await begin(page, "Suspend");
  await expect(page.getByRole("dialog", { name: /^Suspend .*Acme Research/ })).toBeVisible();
  await reason(page).fill("🦑".repeat(501));
  await expect(confirm(page, "Suspend the workspace")).toHaveAccessibleDescription("The reason has 501 characters; it may have 500.");
  await reason(page).fill("Spam");
  await seenEverywhere(page, "operator-suspend");
  await confirm(page, "Suspend the workspace").click();
  await expect(page.getByText("⁨Acme Research⁩: The workspace is suspended.")).toBeVisible();
  await expect(page.getByText("Suspended since Nov 28, 2026, 10:00 AM")).toBeVisible();
  await expect(page.getByRole("button", { name: "Change the reason" }), "the focus is back").toBeFocused();
  expect(of("suspend")[0]).toMatchObject({ command: { command: "suspend", workspace: WORKSPACE }, reason: "Spam" });
  await begin(page, "Change the reason");
  await expect(page.getByRole("dialog", { name: "Change the reason of ⁨Acme Research⁩’s suspension?" })).toContainText("the owners get a letter");
  await expect(reason(page)).toHaveValue("Spam");
});

test("a_service_that_does_not_answer_is_asked_again_under_the_same_key", async ({ page }) => {
  const { of } = await at(page, empty, {
    grant_trial: (_, count) => (count === 1 ? refused(503, "unavailable") : count === 2 ? refused(400, "invalid_request", "no", { errors: [{ field: "reason", message: "has a line that is too long" }, { field: "command.days", message: "is too many" }] }) : facts(empty)),
  });
  await begin(page, "Grant a trial");
  await reason(page).fill("A mistake of ours");
  await confirm(page, "Grant the trial").click();
  await expect(dialog(page)).toContainText("It is not known whether it was done.");
  await confirm(page, "Try again").click();
  await expect(reason(page)).toHaveAccessibleDescription(/has a line that is too long/);
  await expect(dialog(page).getByRole("listitem")).toHaveText("command.days: is too many");
  const [first, second] = of("grant_trial");
  expect(first?.key).toBe(second?.key);
  expect(of("facts")).toHaveLength(1);
  await page.keyboard.press("Escape");
  await expect.poll(() => of("facts").length, { message: "closing after a failure reads the facts again" }).toBe(2);
  await begin(page, "Grant a trial");
  await expect(dialog(page).getByRole("alert"), "another try begins from the start").toHaveCount(0);
});

test("an_act_on_its_way_cannot_be_left", async ({ page }) => {
  const { open: answer, opened } = gate();
  await at(page, empty, { grant_trial: { ...facts(empty), after: opened } });
  await begin(page, "Grant a trial");
  await reason(page).fill("A mistake of ours");
  await confirm(page, "Grant the trial").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await confirm(page, "Cancel").click();
  await confirm(page, "Close").click();
  await expect(dialog(page)).toBeVisible();
  await expect(reason(page)).toHaveValue("A mistake of ours");
  answer();
  await expect(page.getByText("⁨Acme Research⁩: The trial is granted.")).toBeVisible();
  await expect(dialog(page)).toBeHidden();
});

test("a_late_answer_names_its_workspace", async ({ page }) => {
  const { open: answer, opened } = gate();
  const other = { ...empty, workspace: { ...empty.workspace, id: OTHER, name: "Borealis" } };
  const after = { ...empty, workspace: { ...empty.workspace, suspended: { reason: "Spam", at: NOW, by: STAFF } }, standing: { ...empty.standing, plan: "pro" } };
  const { of } = await open(page, "/operator", {
    find: { body: { found: [found(0, { name: "Acme Research", plan: "free" }), found(1, { workspace: OTHER, name: "Borealis", plan: "free" })], next: null } },
    facts: ({ command }) => facts(command["workspace"] === OTHER ? other : empty),
    suspend: { ...facts(after), after: opened },
  });
  await page.getByLabel("Search by").selectOption("Name");
  await page.getByLabel("What to look for").fill("a");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("link", { name: "Acme Research" }).click();
  await ready(page, /Acme Research/);
  await begin(page, "Suspend");
  await reason(page).fill("Spam");
  await confirm(page, "Suspend the workspace").click();
  await page.goBack();
  await page.getByRole("link", { name: "Borealis" }).click();
  await ready(page, /Borealis/);
  await begin(page, "Suspend");
  answer();
  await expect(page.getByText("⁨Acme Research⁩: The workspace is suspended.")).toBeVisible();
  await expect(page.getByRole("dialog", { name: "Suspend ⁨Borealis⁩?" }), "it closes nothing here").toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Suspended since")).toBeHidden();
  await page.goBack();
  const entries = page.getByRole("list", { name: "Workspaces found" }).getByRole("listitem");
  await expect(entries.nth(0), "the search shows it, too").toContainText(/Suspended.*pro/);
  await expect(entries.nth(1)).not.toContainText("Suspended");
  await entries.nth(0).getByRole("link").click();
  await expect(page.getByText("Suspended since")).toBeVisible();
  expect(of("find")).toHaveLength(1);
});

test("a_workspace_that_is_deleted_meanwhile", async ({ page }) => {
  let isGone = false;
  await open(page, PATH, { facts: () => (isGone ? gone : facts(empty)), suspend: gone });
  await ready(page, /Acme Research/);
  isGone = true;
  await begin(page, "Suspend");
  await reason(page).fill("Spam");
  await confirm(page, "Suspend the workspace").click();
  await expect(dialog(page).getByRole("alert")).toContainText("There is no such workspace, or it is being deleted.");
  await seen(page, "operator-act-gone");
  await confirm(page, "Cancel").click();
  await ready(page, "There is no such workspace");
});
