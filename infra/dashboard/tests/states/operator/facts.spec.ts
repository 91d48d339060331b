import { expect, test, type Page } from "@playwright/test";
import { seen, seenEverywhere, WORKSPACE } from "../stage";
import { empty, facts, full, gone, open, ready, refused } from "./console";

const PATH = `/operator/workspaces/${WORKSPACE}`;
const card = (page: Page, title: string) => page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

test("the_facts_of_a_full_workspace_are_a_page", async ({ page }) => {
  const { of } = await open(page, PATH, { facts: facts(full) });
  await ready(page, /Acme Research/);
  await expect(page.getByText("Suspended since Nov 20, 2026, 8:00 AM")).toBeVisible();
  await expect(page.getByText("⁨olga@example.com⁩: An invoice is disputed. <b>Call us</b>")).toBeVisible();
  for (const [title, said] of [
    ["Workspace", ["Owners2", "Members1,234", "Seats in use1,240"]],
    ["Standing", ["Planenterprise/2", "Container may runyes", "4,096 CPU units, 8,192 MiB", "integrationsno limit"]],
    ["Contract", ["Paidyearly", "audit_export, sso", "members2,000", "executionsno limit"]],
    ["Billing", ["cus_QmV4bX9aT2", "Planpro, monthly", "past_due", "starter, yearly", "business, monthly", "cs_test_a1b2c3", "Your card was declined.", "resource_missing (attempt 3)", "Granted trial14 days", "Next comparisonDec 1, 2026"]],
    ["Usage", ["executions83,200no limitDecember 1, 2026", "gateways310never"]],
    ["Container", ["Statusstopping", "Last stopped because ofsuspended"]],
  ] as const) {
    for (const part of said) await expect(card(page, title), part).toContainText(part);
  }
  await expect(page.getByRole("link", { name: "Returned letters" }).last()).toHaveAttribute("href", `/operator/letters?workspace=${WORKSPACE}`);
  expect(of("facts")).toHaveLength(1);
  await seenEverywhere(page, "operator-facts");
});

test("an_empty_workspace_in_german", async ({ page }) => {
  const emoji = { ...empty, workspace: { ...empty.workspace, name: "🦑".repeat(200), live: false } };
  await open(page, PATH, { facts: { ...facts(emoji), delay: 500 } }, {}, { language: "de", theme: "dark" });
  await expect(page.getByRole("status", { name: "Wird geladen" })).toBeVisible();
  await ready(page, /🦑/u);
  await expect(page.getByText("Konsole des Betreibers")).toBeVisible();
  for (const said of ["Kein Vertrag", "Kein Abonnement", "Nichts wird gezählt", "Er wurde nie gestartet", "Dieser Arbeitsbereich wird gelöscht"]) await expect(page.getByText(said, { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sperren" })).toHaveAccessibleDescription("Der Arbeitsbereich wird gelöscht.");
  await expect(page.getByRole("button", { name: "Vertrag entfernen" })).toHaveCount(0);
  await seenEverywhere(page, "operator-facts-empty");
});

test("a_contract_without_an_interval_has_none_agreed", async ({ page }) => {
  await open(page, PATH, { facts: facts({ ...full, contract: { ...full.contract, interval: null } }) });
  await expect(card(page, "Contract")).toContainText("Paidnot agreed");
});

test("a_workspace_that_is_gone_and_facts_that_fail", async ({ page }) => {
  await open(page, PATH, { facts: (_, count) => (count <= 3 ? refused(500, "internal") : gone) });
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await seen(page, "operator-facts-failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await ready(page, "There is no such workspace");
  await seenEverywhere(page, "operator-gone");
  await page.getByRole("link", { name: "To the search" }).click();
  await ready(page, "Find a workspace");
});
