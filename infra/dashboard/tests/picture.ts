// Pictures of pages for people, in `shots/`. They take a third of the time of the states, so they are made if SHOTS=1 asks for them.

import type { Page } from "@playwright/test";
import { writeFile } from "node:fs/promises";

const ASKED = process.env["SHOTS"] === "1";

/** The whole page. */
export async function picture(page: Page, name: string): Promise<void> {
  if (ASKED) await page.screenshot({ path: `shots/${name}.png`, fullPage: true });
}

/** What the window shows, by a call of `capture`. */
export async function pictureBy(capture: () => Promise<{ data: string }>, name: string): Promise<void> {
  if (ASKED) await writeFile(`shots/${name}.png`, Buffer.from((await capture()).data, "base64"));
}
