// The doctor in one workspace, and its rounds through all.

import { expect, test, type Page } from "@playwright/test";
import { gate, seen, seenEverywhere, WORKSPACE } from "../stage";
import { empty, facts, found, gone, open, OTHER, ready, refused, rounds } from "./console";

const PATH = `/operator/workspaces/${WORKSPACE}/doctor`;
const dialog = (page: Page) => page.getByRole("dialog", { name: "Repair the workspace?" });
const difference = (code: string, subject: string, recorded: unknown, found: unknown, repair: string | null = null) => ({ code, subject, recorded, found, repair });

const differences = [
  difference("counter", "seat_count", 7, 3),
  difference("customer", "cus_QmV4bX9aT2", { status: "present" }, { status: "unknown" }),
  difference("second_subscription", "cus_QmV4bX9aT2", { counts: "sub_1Qm" }, { renews: "sub_2Xy" }),
];
const differing = (some: object[]) => rounds({ differing: [{ workspace: WORKSPACE, healthy: false, differences: some }] });

test("staff_repair_more_than_owners", async ({ page }) => {
  const repaired = differences.map((one, place) => ({ ...one, repair: place < 2 ? "done" : "by_hand" }));
  const answered = gate();
  const { asked, of } = await open(page, PATH, { facts: facts(empty), doctor: ({ command }) => (command["repair"] ? { ...differing(repaired), after: answered.opened } : differing(differences)) });
  await ready(page, /Acme Research/);
  await expect(page.getByRole("status").filter({ hasText: "3 differences found" })).toBeVisible();
  await expect(page.getByText("The recorded number of seats in use (with invitations) is wrong.")).toBeVisible();
  await expect(page.getByText("Cancel the one that does not count in Stripe")).toBeVisible();
  await expect(page.getByText("contact support"), "support is meant to read this").toHaveCount(0);
  await seenEverywhere(page, "operator-doctor");
  await page.getByRole("button", { name: "Repair", exact: true }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveText(["The numbers are corrected."]);
  await expect(dialog(page)).toContainText("A customer whom Stripe does not know is removed, and the subscription ends with it.");
  await expect(dialog(page)).toContainText("1 difference is left");
  await expect(dialog(page).getByRole("button", { name: "Repair" })).toHaveAccessibleDescription("Give a reason first.");
  await dialog(page).getByLabel("Reason").fill("Ticket 4711");
  await seen(page, "operator-doctor-ask");
  await dialog(page).getByRole("button", { name: "Repair" }).dblclick();
  await page.keyboard.press("Escape");
  await expect(dialog(page), "a repair on its way cannot be left").toBeVisible();
  answered.open();
  await expect(page.getByRole("status").filter({ hasText: "2 differences are repaired" })).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText(/^.Needs a decision$/)).toHaveCount(1);
  expect(of("doctor").map(({ command, reason }) => ({ command, reason }))).toEqual([
    { command: { command: "doctor", workspace: WORKSPACE }, reason: undefined },
    { command: { command: "doctor", workspace: WORKSPACE, repair: true }, reason: "Ticket 4711" },
  ]);
  expect(asked.filter(({ path }) => !path.startsWith("/operator")), "nothing is asked as a customer").toEqual([]);
});

test("a_repair_says_what_it_does_about_a_customer", async ({ page }) => {
  const customer = (status: string) => difference("customer", "cus_QmV4bX9aT2", { status: "present" }, { status });
  let found = [customer("deleted")];
  const { of } = await open(page, PATH, { facts: facts(empty), doctor: ({ command }) => (command["repair"] ? refused(503, "unavailable") : differing(found)) });
  const repair = page.getByRole("button", { name: "Repair", exact: true });
  const warning = dialog(page).getByText("A customer whom Stripe does not know");
  await repair.click();
  await expect(dialog(page).getByRole("listitem")).toHaveText(["The billing account is removed. The workspace goes on without a paid plan."]);
  await expect(warning).toBeHidden();
  await page.keyboard.press("Escape");
  found = [customer("unknown")];
  await page.getByRole("button", { name: "Examine again" }).click();
  await expect(page.getByText("Stripe does not know the billing account")).toBeVisible();
  await repair.click();
  await expect(warning).toBeVisible();
  await expect(dialog(page).getByRole("list")).toHaveCount(0);
  await dialog(page).getByLabel("Reason").fill("Ticket 4711");
  await dialog(page).getByRole("button", { name: "Repair" }).click();
  await expect(dialog(page)).toContainText("It is not known whether it was done.");
  expect(of("facts")).toHaveLength(1);
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect.poll(() => of("facts").length, { message: "closing after a failure reads the facts again" }).toBe(2);
});

test("after_a_repair_only_decisions_are_left", async ({ page }) => {
  const after = [
    difference("counter", "seat_count", 7, 3, "done"),
    difference("runtime", WORKSPACE, { status: "running" }, { wanted: { status: "stopped" } }, "ask_again"),
    difference("second_subscription", "cus_1", { counts: "sub_1" }, { renews: "sub_2" }, "by_hand"),
    difference("second_subscription", "cus_1", { counts: "sub_1" }, { renews: "sub_3" }, "by_hand"),
  ];
  await open(page, PATH, { facts: facts(empty), doctor: ({ command }) => differing(command["repair"] ? after : differences) });
  await page.getByRole("button", { name: "Repair", exact: true }).click();
  await dialog(page).getByLabel("Reason").fill("Ticket 4711");
  await dialog(page).getByRole("button", { name: "Repair" }).click();
  await expect(page.getByText("sub_3")).toBeVisible();
  await page.getByRole("button", { name: "Repair the rest" }).click();
  await expect(dialog(page)).toContainText("2 differences are left");
});

test("a_healthy_workspace_and_one_that_cannot_be_examined", async ({ page }) => {
  await open(page, PATH, { facts: facts(empty), doctor: (_, count) => (count === 1 ? rounds() : count === 2 ? refused(503, "unavailable") : gone) });
  await expect(page.getByRole("status").filter({ hasText: "Nothing differs" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Repair", exact: true })).toHaveAccessibleDescription("There is nothing to repair.");
  await page.getByRole("button", { name: "Examine again" }).click();
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await seen(page, "operator-doctor-failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toContainText("There is no such workspace, or it is being deleted.");
});

test("the_rounds_go_on_to_the_end", async ({ page }) => {
  const price = difference("price", "pro month usd", { amount: 2900 }, { price: "price_1", amount: 3900 });
  let isHeld = true;
  const { of } = await open(page, "/operator/rounds", {
    facts: facts(empty),
    doctor: ({ command }, count) =>
      command["workspace"]
        ? rounds()
        : count === 1
          ? rounds({ examined: 800, prices: [price], differing: [{ workspace: WORKSPACE, healthy: false, differences }], next: found(800).workspace })
          : isHeld
            ? refused(409, "internal_conflict", "it stopped here")
            : rounds({ examined: 434, failed: [{ workspace: OTHER, code: "unavailable" }] }),
  });
  await ready(page, "Doctor’s rounds");
  await expect(page.getByText("The rounds have not begun")).toBeVisible();
  await seenEverywhere(page, "operator-rounds");
  await page.getByRole("button", { name: "Begin" }).click();
  await expect(page.getByRole("alert")).toContainText("it stopped here");
  await expect(page.getByText("The rounds go on where they stopped.")).toBeVisible();
  await seen(page, "operator-rounds-stopped");
  isHeld = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("status").filter({ hasText: "All workspaces were examined" })).toBeVisible();
  await expect(page.getByText("1,234 workspaces examined.")).toBeVisible();
  await expect(page.getByText("3 differences")).toBeVisible();
  await expect(page.getByText("pro month usd")).toBeVisible();
  await seenEverywhere(page, "operator-rounds-done");
  expect(of("doctor").map(({ command }) => command["after"])).toEqual([undefined, found(800).workspace, found(800).workspace]);
  await page.getByRole("link", { name: WORKSPACE }).click();
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
});

test("a_result_can_be_followed_and_the_rounds_go_on_later", async ({ page }) => {
  const { of } = await open(page, "/operator/rounds", {
    facts: facts(empty),
    doctor: ({ command }) =>
      command["workspace"] ? rounds() : command["after"] ? rounds({ examined: 5 }) : rounds({ examined: 10, prices: [], differing: [{ workspace: WORKSPACE, healthy: false, differences }], next: OTHER }),
  });
  const { open: answer, opened } = gate();
  let isHeld = true;
  await page.route("https://api.example.com/api/v1/operator/commands", async (route) => {
    if (isHeld && route.request().postData()?.includes("after")) await opened;
    await route.fallback();
  });
  const result = page.getByRole("link", { name: WORKSPACE });
  const goOn = page.getByRole("button", { name: "Go on" });
  await page.getByRole("button", { name: "Begin" }).click();
  await result.click();
  await ready(page, /Acme Research/);
  isHeld = false;
  answer();
  await page.goBack();
  await expect(page.getByRole("status").filter({ hasText: "The rounds were stopped" })).toBeVisible();
  await expect(page.getByText("10 workspaces examined.")).toBeVisible();
  await expect(result).toBeVisible();
  await goOn.click();
  await expect(page.getByRole("status").filter({ hasText: "All workspaces were examined" })).toBeVisible();
  await expect(page.getByText("15 workspaces examined.")).toBeVisible();
  await expect(page.getByText("Nothing differs."), "something does").toBeHidden();
  await result.click();
  await ready(page, /Acme Research/);
  await page.goBack();
  await expect(page.getByRole("status").filter({ hasText: "All workspaces were examined" })).toBeVisible();
  await expect(goOn).toBeHidden();
  expect(of("doctor").filter(({ command }) => !command["workspace"]).map(({ command }) => command["after"])).toEqual([undefined, OTHER, OTHER]);
  await page.getByRole("button", { name: "Begin again" }).click();
  await expect(page.getByText("15 workspaces examined."), "it begins at none").toBeVisible();
  expect(of("doctor").filter(({ command }) => !command["workspace"]).slice(3).map(({ command }) => command["after"])).toEqual([undefined, OTHER]);
});

test("prices_that_differ_or_were_not_compared_are_not_well", async ({ page }) => {
  const price = difference("price", "pro month usd", { amount: 2900 }, { price: "price_1", amount: 3900 });
  await open(page, "/operator/rounds", { doctor: (_, count) => rounds({ examined: count, prices: [[price], null, []][count - 1] }) });
  await page.getByRole("button", { name: "Begin" }).click();
  for (const count of ["1 workspace", "2 workspaces"]) {
    await expect(page.getByText(`${count} examined.`)).toBeVisible();
    await expect(page.getByText("Nothing differs.")).toBeHidden();
    await page.getByRole("button", { name: "Begin again" }).click();
  }
  await expect(page.getByText("3 workspaces examined. Nothing differs.")).toBeVisible();
});

test("rounds_are_stopped_and_continued_in_german", async ({ page }) => {
  const { of } = await open(page, "/operator/rounds", { doctor: ({ command }) => (command["after"] ? { ...rounds({ examined: 5 }), delay: 1000 } : rounds({ examined: 10, prices: [], next: OTHER })) }, {}, { language: "de" });
  await page.getByRole("button", { name: "Beginnen" }).click();
  await expect(page.getByText("10 Arbeitsbereiche geprüft")).toBeVisible();
  await page.getByRole("button", { name: "Anhalten" }).click();
  await expect(page.getByText("Der Rundgang wurde angehalten")).toBeVisible();
  await seenEverywhere(page, "operator-rounds-de");
  await page.getByRole("button", { name: "Weitermachen" }).click();
  await expect(page.getByText("15 Arbeitsbereiche geprüft.")).toBeVisible();
  await expect(page.getByText("Nichts weicht ab.")).toBeVisible();
  expect(of("doctor").map(({ command }) => command["after"])).toEqual([undefined, OTHER, OTHER]);
});
