// The doctor in one workspace, and its rounds through all.

import { expect, test, type Page } from "@playwright/test";
import { seen, seenEverywhere, WORKSPACE } from "../stage";
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
  const { of } = await open(page, PATH, { facts: facts(empty), doctor: ({ command, reason }) => (command["repair"] ? { ...differing(repaired), delay: reason === "Ticket 4711" ? 300 : 0 } : differing(differences)) });
  await ready(page, /Acme Research/);
  await expect(page.getByRole("status").filter({ hasText: "3 differences found" })).toBeVisible();
  await expect(page.getByText("The recorded number of seats in use (with invitations) is wrong.")).toBeVisible();
  await expect(page.getByText("Cancel the one that does not count in Stripe")).toBeVisible();
  await expect(page.getByText("contact support"), "support is meant to read this").toHaveCount(0);
  await seenEverywhere(page, "operator-doctor");
  await page.getByRole("button", { name: "Repair", exact: true }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveText(["The numbers are corrected."]);
  await expect(dialog(page)).toContainText("A customer whom Stripe does not know is removed as well");
  await expect(dialog(page)).toContainText("1 difference is left");
  await expect(dialog(page).getByRole("button", { name: "Repair" })).toHaveAccessibleDescription("Give a reason first.");
  await dialog(page).getByLabel("Reason").fill("Ticket 4711");
  await seen(page, "operator-doctor-ask");
  await dialog(page).getByRole("button", { name: "Repair" }).dblclick();
  await expect(page.getByRole("status").filter({ hasText: "2 differences are repaired" })).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText(/^.Needs a decision$/)).toHaveCount(1);
  expect(of("doctor").map(({ command, reason }) => ({ command, reason }))).toEqual([
    { command: { command: "doctor", workspace: WORKSPACE }, reason: undefined },
    { command: { command: "doctor", workspace: WORKSPACE, repair: true }, reason: "Ticket 4711" },
  ]);
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
