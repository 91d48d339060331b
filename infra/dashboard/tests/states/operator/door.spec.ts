// Who is let in, and what the others see.

import { expect, test, type Page } from "@playwright/test";
import { list, summary } from "../parts";
import { open as openPage, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "../stage";
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

const PROVIDER = "https://staff.example.com";
const profile = { sub: "jane", iss: PROVIDER, aud: "console", exp: 4e9, iat: 0, email: STAFF };

/** Opens the sign-in of a dashboard whose staff have a provider of their own, with a page for each of its addresses. */
async function openWithProvider(page: Page, answers: Answers = {}, endpoints: object = {}) {
  await page.route(`${PROVIDER}/**`, (route) => {
    if (route.request().url().includes(".well-known")) {
      return route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { issuer: PROVIDER, authorization_endpoint: `${PROVIDER}/authorize`, token_endpoint: `${PROVIDER}/token`, jwks_uri: `${PROVIDER}/keys`, ...endpoints } });
    }
    return route.fulfill({ contentType: "text/html", body: "<h1>Sign in at the provider</h1>" });
  });
  const opened = await open(page, "/sign-in", {}, { ...workspaces, ...answers });
  const staff = { kind: "oidc", issuer: PROVIDER, clientId: "console" };
  await page.route("**/config.json", (route) => route.fulfill({ json: { product: "Acme", api: "https://api.example.com", identity: { kind: "oidc", issuer: "https://id.example.com", clientId: "dashboard" }, staff } }));
  return opened;
}

async function signInStaff(page: Page, claims: object = profile) {
  const user = JSON.stringify({ id_token: "of-staff", access_token: "access", token_type: "Bearer", scope: "openid", profile: claims, expires_at: 4e9 });
  await page.addInitScript(([key, value]) => sessionStorage.setItem(key, value), [`berth.staff.user:${PROVIDER}:console`, user] as const);
}

test("the_whole_address_survives_signing_in", async ({ page }) => {
  await openWithProvider(page, { "GET /operator/queues": { body: { queues: [{ queue: "mail", messages: 1, redriving: false, gave_up: null, redrivable: true }] } }, "GET /operator/queues/{queue}/messages": { body: { messages: [] } } });
  await page.route(`${PROVIDER}/authorize?**`, (route) => {
    const { searchParams } = new URL(route.request().url());
    return route.fulfill({ status: 302, headers: { location: `${searchParams.get("redirect_uri")}?code=1&state=${searchParams.get("state")}` } });
  });
  const token = [{ alg: "none" }, profile, {}].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  await page.route(`${PROVIDER}/token`, (route) => route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { id_token: token, access_token: "access", token_type: "Bearer", expires_in: 3600 } }));
  await page.goto("/operator/queues?queue=mail");
  await page.getByRole("button", { name: "Continue to sign-in" }).click();
  await ready(page, "Queues");
  await expect(page).toHaveURL(/\/operator\/queues\?queue=mail$/);
  await expect(page.getByText("No message can be seen at the moment")).toBeVisible();
});

test("signing_out_ends_the_session_at_the_provider_too", async ({ page }) => {
  await openWithProvider(page, {}, { end_session_endpoint: `${PROVIDER}/logout` });
  await signInStaff(page);
  await page.goto("/operator/alarms");
  await page.getByRole("button", { name: `Account menu of ${STAFF}` }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${PROVIDER}/logout?**`);
  const { searchParams } = new URL(page.url());
  expect(searchParams.get("id_token_hint")).toBe("of-staff");
  expect(new URL(searchParams.get("post_logout_redirect_uri") ?? "").pathname).toBe("/operator");
});

test("the_end_of_a_customers_session_leaves_that_of_staff", async ({ page }) => {
  const { asked } = await openWithProvider(page);
  await signInStaff(page);
  await page.goto("/operator/alarms");
  await ready(page, "Alarms");
  await page.evaluate(() => history.pushState({}, "", "/workspaces"));
  await ready(page, "Workspaces");
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.evaluate(() => history.pushState({}, "", "/operator/alarms"));
  await ready(page, "Alarms");
  expect(asked.filter(({ path }) => path === "/operator/session"), "what was read for staff is kept").toHaveLength(1);
});

test("a_provider_for_staff_has_a_session_of_its_own", async ({ page }) => {
  await test.step("a customer's session does not open the console", async () => {
    const { asked } = await openWithProvider(page);
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
    await signInStaff(page);
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
    await expect(page.getByText(`⁨${STAFF}⁩ may not use the console. It takes a place in the group of staff, and an e-mail address that your provider has verified.`)).toBeVisible();
    await seenEverywhere(page, "operator-denied");
    await page.getByRole("button", { name: "Sign out" }).click();
    await ready(page, "Sign in to the operator’s console");
  });

  await test.step("an account may have no address", async () => {
    await signInStaff(page, { ...profile, email: undefined });
    await page.goto("/operator/alarms");
    await expect(page.getByText("This account may not use the console.")).toBeVisible();
  });
});
