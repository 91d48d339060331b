// What axe finds on a page. It runs in the page itself: the pages have no frames, and @axe-core/playwright opens a second page for
// each run, which takes ten times as long.

import type { Page } from "@playwright/test";
import axe from "axe-core";

const options: axe.RunOptions = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  resultTypes: ["violations"],
};

/** Each rule that is broken, and where. */
export async function findings(page: Page): Promise<string[]> {
  if (page.frames().length > 1) throw new Error("axe runs in the main frame only, and the page has others");
  if (await page.evaluate(() => !("axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (options) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }, options);
}
