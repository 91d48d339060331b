// Who is let in, and what the others see.

import { expect, test, type Page } from "@playwright/test";
import { list, summary } from "../parts";
import { open as openPage, problem, seen, seenEverywhere, WORKSPACE } from "../stage";
import { open, ready, session, STAFF } from "./console";

const workspaces = { "GET /workspaces": list("workspaces", [summary()]), "GET /invitations": list("invitations", []) };
const hidden = { ...workspaces, "GET /operator/session": { status: 404, body: problem(404, "route_not_found", "there is no such route") } };

/** Everything on the page, but for ids that React makes. */
const written = (page: Page) => page.locator("#root").innerText();

test("to_others_the_address_leads_nowhere", async ({ page }) => {
  await openPage(page, "/nowhere", workspaces);
  await ready(page, "There is no such page");
  const unknown = { text: await written(page), title: await page.title() };
  for (const path of ["/operator", "/operator/queues", `/operator/workspaces/${WORKSPACE}`, "/operator/nowhere", "/operator/callback"]) {
    const asked = await openPage(page, path, hidden);
    await ready(page, "There is no such page");
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    expect({ text: await written(page), title: await page.title() }, path).toEqual(unknown);
    expect(asked.filter((one) => one.path.startsWith("/operator")).map((one) => one.path), path).toEqual(["/operator/session"]);
  }
  await seenEverywhere(page, "operator-hidden");
});

test("nobody_is_led_there", async ({ page }) => {
  await openPage(page, "/workspaces", { ...workspaces, ...session });
  await ready(page, "Workspaces");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("operator");
  await expect(page.getByRole("option")).toHaveCount(0);
  await expect(page.locator('a[href*="operator"]')).toHaveCount(0);
});

test("the_console_says_what_it_is_and_who_acts", async ({ page }) => {
  await open(page, "/operator");
  await ready(page, "Find a workspace");
  await expect(page).toHaveTitle("Find a workspace · Acme");
  await expect(page.getByRole("banner")).toContainText("Operator’s console");
  await expect(page.getByRole("banner")).toContainText(`You act as ⁨${STAFF}⁩`);
  const parts = page.getByRole("navigation", { name: "Parts of the console" });
  await expect(parts.getByRole("link")).toHaveText(["Workspaces", "Doctor’s rounds", "Returned letters", "Queues", "Alarms"]);
  await expect(parts.getByRole("link", { name: "Workspaces" })).toHaveAttribute("href", "/operator");
  await expect(parts.getByRole("link", { name: "Workspaces" })).toHaveAttribute("aria-current", "page");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("button", { name: `Account menu of ${STAFF}` }).click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goto("/operator/nowhere");
  await ready(page, "There is no such page");
  await expect(page.getByRole("banner"), "staff stay in the console").toContainText("Operator’s console");
  await seen(page, "operator-lost");
});

test("a_session_that_cannot_be_read_says_so", async ({ page }) => {
  let isDown = true;
  await open(page, "/operator/alarms", {}, {
    "GET /operator/session": async (route) => {
      const json = isDown ? problem(503, "unavailable", "down") : { email: STAFF, name: STAFF };
      await route.fulfill({ status: isDown ? 503 : 200, headers: { "access-control-allow-origin": "*" }, json });
    },
  });
  await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
  await ready(page, "This page could not be loaded");
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByText("Operator’s console")).toHaveCount(0);
  await seenEverywhere(page, "operator-session-error");
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await ready(page, "Alarms");
});

test("people_who_are_signed_out_sign_in_and_come_back", async ({ page }) => {
  await openPage(page, "/operator/queues", {}, { signedIn: false });
  await expect(page).toHaveURL(/\/sign-in\?next=%2Foperator%2Fqueues$/);
});

test("staff_who_are_none_any_more_see_nothing_of_it", async ({ page }) => {
  let isStaff = true;
  await open(page, "/operator/queues", {}, {
    ...workspaces,
    "GET /operator/session": async (route) => route.fulfill({ status: isStaff ? 200 : 404, headers: { "access-control-allow-origin": "*" }, json: isStaff ? { email: STAFF, name: STAFF } : problem(404, "route_not_found", "no") }),
    "GET /operator/queues": async (route) => route.fulfill({ status: isStaff ? 200 : 404, headers: { "access-control-allow-origin": "*" }, json: isStaff ? { queues: [] } : problem(404, "route_not_found", "no") }),
  });
  await ready(page, "Queues");
  isStaff = false;
  await page.getByRole("button", { name: "Read again" }).click();
  await ready(page, "There is no such page");
  await expect(page.getByText("Operator’s console")).toHaveCount(0);
});

test("a_provider_for_staff_has_a_session_of_its_own", async ({ page }) => {
  const PROVIDER = "https://staff.example.com";
  const staff = { kind: "oidc", issuer: PROVIDER, clientId: "console" };
  const user = (token: string) => JSON.stringify({ id_token: token, access_token: "access", token_type: "Bearer", scope: "openid", profile: { sub: "jane", iss: PROVIDER, aud: "console", exp: 4e9, iat: 0, email: STAFF }, expires_at: 4e9 });
  await page.route(`${PROVIDER}/**`, (route) => {
    if (route.request().url().includes(".well-known")) {
      return route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { issuer: PROVIDER, authorization_endpoint: `${PROVIDER}/authorize`, token_endpoint: `${PROVIDER}/token`, jwks_uri: `${PROVIDER}/keys` } });
    }
    return route.fulfill({ contentType: "text/html", body: "<h1>Sign in at the provider</h1>" });
  });
  const config = (page: Page) => page.route("**/config.json", (route) => route.fulfill({ json: { product: "Acme", api: "https://api.example.com", identity: { kind: "oidc", issuer: "https://id.example.com", clientId: "dashboard" }, staff } }));

  await test.step("a customer's session does not open the console", async () => {
    const { asked } = await open(page, "/sign-in", {}, workspaces);
    await config(page);
    await page.goto("/operator/alarms");
    await ready(page, "Sign in to the operator’s console");
    expect(asked.filter(({ path }) => path.startsWith("/operator"))).toEqual([]);
    await seenEverywhere(page, "operator-sign-in");
  });

  await test.step("the provider is asked to come back to the console", async () => {
    await page.getByRole("button", { name: "Continue to sign-in" }).click();
    await expect(page.getByRole("heading", { name: "Sign in at the provider" })).toBeVisible();
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(["client_id", "code_challenge_method", "scope"].map((name) => [name, searchParams.get(name)]))).toEqual({ client_id: "console", code_challenge_method: "S256", scope: "openid email profile" });
    expect(new URL(searchParams.get("redirect_uri") ?? "").pathname).toBe("/operator/callback");
  });

  await test.step("a sign-in that was not finished says so", async () => {
    await page.goto("/operator/callback?state=unknown&code=1");
    await expect(page.getByText("The sign-in was not finished.")).toBeVisible();
    await seen(page, "operator-callback-lost");
    await page.getByRole("link", { name: "To the console" }).click();
    await ready(page, "Sign in to the operator’s console");
  });

  await test.step("its session opens it, and the customer's stays", async () => {
    await page.addInitScript(([key, value]) => sessionStorage.setItem(key, value), [`berth.staff.user:${PROVIDER}:console`, user("of-staff")] as const);
    const tokens: (string | undefined)[] = [];
    page.on("request", (request) => {
      if (request.method() === "GET" && request.url().endsWith("/operator/session")) tokens.push(request.headers()["authorization"]);
    });
    await page.goto("/operator/alarms");
    await ready(page, "Alarms");
    expect(tokens).toEqual(["Bearer of-staff"]);
    await page.goto("/workspaces");
    await ready(page, "Workspaces");
  });

  await test.step("who is none of the staff there can sign out again", async () => {
    await page.route("https://api.example.com/api/v1/operator/session", (route) => route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" }, json: problem(404, "route_not_found", "no") }));
    await page.goto("/operator/alarms");
    await ready(page, "You are not staff here");
    await expect(page.getByText(STAFF)).toBeVisible();
    await seenEverywhere(page, "operator-denied");
    await page.getByRole("button", { name: "Sign out" }).click();
    await ready(page, "Sign in to the operator’s console");
  });
});
