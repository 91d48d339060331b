// On paper: only the content, black on white, with the workspace, its zone and the date.

import { expect, test, type Page } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import * as audit from "../audit";
import * as billing from "../billing";
import { open, seen } from "../stage";

/** The colours of texts and grounds that are not black, white or clear. */
async function colours(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const plain = new Set(["rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"]);
    const shown = [...document.querySelectorAll("body, body *")].filter((one) => one.checkVisibility());
    return shown.flatMap((one) => {
      const { color, backgroundColor } = getComputedStyle(one);
      return [color, backgroundColor].filter((value) => !plain.has(value)).map((value) => `${one.tagName} ${value}`);
    });
  });
}

async function onPaper(page: Page, name: string) {
  await page.emulateMedia({ media: "print" });
  // The width of A4 without its margins.
  await page.setViewportSize({ width: 673, height: 1000 });
  for (const hidden of [page.getByRole("banner"), page.getByRole("navigation"), page.getByRole("button"), page.getByRole("link"), page.getByRole("textbox"), page.getByRole("combobox")]) {
    await expect(hidden.locator("visible=true")).toHaveCount(0);
  }
  expect(await colours(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut off").toBe(true);
  await seen(page, name);
  if (process.env["SHOTS"] === "1") await writeFile(`shots/${name}.pdf`, await page.pdf({ format: "A4" }));
}

for (const theme of ["light", "dark"] as const) {
  test(`invoices_print_alone_from_a_${theme}_page`, async ({ page }) => {
    await open(page, billing.PATH, billing.answers(), { theme });
    await expect(page.getByRole("row", { name: /ACME-0003/ })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Plans" })).toBeVisible();
    await onPaper(page, `print-invoices-${theme}`);
    await expect(page.getByRole("main").getByText("Harbour", { exact: true })).toBeVisible();
    await expect(page.getByText(/^Times in Europe\/Lisbon\. Printed \w{3} \d+, \d{4}, \d+:\d\d/)).toBeVisible();
    for (const column of ["Period", "Number", "Status", "Amount"]) await expect(page.getByRole("columnheader", { name: column })).toBeVisible();
    await expect(page.getByRole("row", { name: /ACME-0002/ })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Plans" })).toBeHidden();
    await expect(page.getByRole("meter").locator("visible=true")).toHaveCount(0);
  });

  test(`the_audit_log_prints_from_a_${theme}_page`, async ({ page }) => {
    await open(page, `${audit.PATH}?from=2026-11-27`, audit.stage(), { theme });
    await expect(page.getByRole("rowheader").first()).toBeVisible();
    await onPaper(page, `print-audit-${theme}`);
    await expect(page.getByRole("main").getByText("Acme Research", { exact: true }).first()).toBeVisible();
    await expect(page.getByText(/^Times in Europe\/Berlin\. Printed /)).toBeVisible();
    await expect(page.getByText("From: ⁨November 27, 2026⁩")).toBeVisible();
    await expect(page.getByRole("columnheader", { name: "Time" })).toBeVisible();
  });
}

test("a_list_that_goes_on_says_so_on_paper", async ({ page }) => {
  const more = page.getByText("There may be more: load the rest of the list before you print it.");
  await open(page, audit.PATH, audit.stage({ size: 2 }));
  await expect(page.getByRole("button", { name: "Load more" })).toBeVisible();
  await expect(more).toBeHidden();
  await onPaper(page, "print-part");
  await expect(more).toBeVisible();
});

test("a_whole_list_says_nothing_of_more", async ({ page }) => {
  await open(page, billing.PATH, billing.answers());
  await expect(page.getByRole("row", { name: /ACME-0003/ })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(/There may be more/)).toHaveCount(0);
});

test("in_german", async ({ page }) => {
  await open(page, billing.PATH, billing.answers(), { language: "de" });
  await expect(page.getByRole("row", { name: /ACME-0003/ })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(/^Zeiten gelten für Europe\/Lisbon\. Gedruckt am \d/)).toBeVisible();
});
