// Letters as a mail program shows them: each in each language, on a phone and on a desktop, in light and dark. The files are
// written by the tests of shared/mail.

import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import { findings } from "../axe";
import { picture } from "../picture";

const folder = "../../shared/mail/tests/letters";
const logo = readFileSync("public/icon.svg", "utf8").replace("#2457d6", "#0f766e");

for (const language of readdirSync(folder)) {
  for (const file of readdirSync(`${folder}/${language}`).filter((file) => file.endsWith(".html"))) {
    const name = `${language}-${file.replace(".html", "")}`;
    test(`the letter ${name} can be read everywhere`, async ({ page }) => {
      await page.route("**/*", (route) =>
        route.request().url() === "https://app.example.com/logo.png" ? route.fulfill({ body: logo, contentType: "image/svg+xml" }) : route.abort(),
      );
      const html = readFileSync(`${folder}/${language}/${file}`, "utf8");
      for (const [view, width] of [["phone", 360], ["desktop", 700]] as const) {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await page.setContent(html);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          expect(wide, `${view}, ${colorScheme}`).toBe(false);
          for (const link of await page.getByRole("link").all()) await expect(link).toBeVisible();
          expect(await page.getByRole("link").count()).toBe((html.match(/href=/g) ?? []).length);
          expect(await findings(page), `${view}, ${colorScheme}`).toEqual([]);
          await picture(page, `letter-${name}-${view}-${colorScheme}`);
        }
      }
      // Without images, the letter still names its sender.
      await expect(page.getByText("Northwind", { exact: true }).first()).toBeVisible();
    });
  }
}
