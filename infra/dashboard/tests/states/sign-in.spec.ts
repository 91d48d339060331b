import { expect, test } from "@playwright/test";
import { open, seen, seenEverywhere } from "./stage";

/** The stack's own user pool, answering by `said`. */
async function withPool(page: import("@playwright/test").Page, path: string, said: (target: string, body: Record<string, unknown>) => { status?: number; body: unknown }) {
  await open(page, "/sign-in", {}, { signedIn: false });
  await page.route("**/config.json", (route) =>
    route.fulfill({
      json: {
        product: "Acme",
        api: "https://api.example.com",
        identity: { kind: "cognito", userPoolId: "eu-central-1_pool", clientId: "client", endpoint: "https://pool.example.com/" },
      },
    }),
  );
  await page.route("https://pool.example.com/**", (route) => {
    const target = (route.request().headers()["x-amz-target"] ?? "").split(".").at(-1) ?? "";
    const { status = 200, body } = said(target, route.request().postDataJSON() ?? {});
    return route.fulfill({
      status,
      headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(body),
    });
  });
  await page.goto(path);
}

const refused = (type: string, message = "") => ({ status: 400, body: { __type: type, message } });

test("a provider of one's own is one button away", async ({ page }) => {
  await open(page, "/sign-in", {}, { signedIn: false });
  await expect(page.getByRole("heading", { name: "Sign in to Acme" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Continue to sign-in" })).toBeVisible();
  await seen(page, "sign-in-provider");
});

test("pages of signed-in people lead to sign-in and back", async ({ page }) => {
  await open(page, "/w/ws_1/settings/team", {}, { signedIn: false });
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("another site is no path to go on at", async ({ page }) => {
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
    await withPool(page, `/sign-in?next=${encodeURIComponent(next)}`, () => refused("NotAuthorizedException"));
    const link = page.getByRole("link", { name: "Create an account" });
    await expect(link).toHaveAttribute("href", /next=%2F(&|$)/);
  }
});

test("a wrong password is said, and the form keeps the address", async ({ page }) => {
  await withPool(page, "/sign-in", () => refused("NotAuthorizedException", "Incorrect username or password."));
  await page.getByLabel("E-mail address").fill("ana@example.com");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await seenEverywhere(page, "sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText(/The address or the password is wrong/);
  await expect(page.getByLabel("E-mail address")).toHaveValue("ana@example.com");
  await seen(page, "sign-in-wrong");
});

test("a weak password is refused before it is sent", async ({ page }) => {
  const targets: string[] = [];
  await withPool(page, "/sign-up", (target) => {
    targets.push(target);
    return { body: { UserConfirmed: false, UserSub: "sub" } };
  });
  await page.getByLabel("Your name").fill("Ana");
  await page.getByLabel("E-mail address").fill("ana@example.com");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("alert")).toHaveText(/not strong enough/);
  expect(targets).toEqual([]);
  await seenEverywhere(page, "sign-up");
  await page.getByLabel("Password", { exact: true }).fill("Correct horse 1");
  await expect(page.getByRole("alert"), "what was refused is changed").toHaveCount(0);
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { name: "Confirm your address" })).toBeFocused();
  expect(targets).toEqual(["SignUp"]);
  await expect(page.getByRole("button", { name: "Send the code again" })).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "confirm");
});

test("an expired code says what to do", async ({ page }) => {
  await withPool(page, "/confirm?email=ana@example.com", () => refused("ExpiredCodeException"));
  await page.getByLabel("Code").fill("123456");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toHaveText(/Have another one sent/);
});

test("a forgotten password leads to a new one", async ({ page }) => {
  await withPool(page, "/forgot", () => ({ body: { CodeDeliveryDetails: {} } }));
  await page.getByLabel("E-mail address").fill("ana@example.com");
  await seenEverywhere(page, "forgot");
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await seenEverywhere(page, "reset");
});

test("the pages speak German", async ({ page }) => {
  await withPool(page, "/sign-in", () => refused("NotAuthorizedException"));
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByRole("heading", { name: "Bei Acme anmelden" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await seen(page, "sign-in-german");
});
