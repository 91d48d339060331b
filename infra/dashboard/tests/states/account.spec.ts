import { expect, test, type Page } from "@playwright/test";
import { NAMES } from "./parts";
import { open, problem, seen, seenEverywhere, type Answers } from "./stage";

const me = { id: "usr_01K9ZX3V8Q4M7N2P5R6S8T9W01", email: "ana@example.com", email_verified: true, name: "Ana Lima", language: "en", timezone: "Europe/Lisbon", is_ending: false };
const POOL = "https://pool.example.com/";
const identity = { kind: "cognito", userPoolId: "eu-west-1_Abcdefghi", clientId: "client", endpoint: POOL };

const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims: object) => `${coded({ alg: "RS256", kid: "k" })}.${coded({ exp: 4e9, iat: 1, sub: "ana", ...claims })}.c2ln`;
const key = "CognitoIdentityServiceProvider.client";
const session = {
  [`${key}.LastAuthUser`]: "ana",
  [`${key}.ana.idToken`]: jwt({ email: "ana@example.com", name: "Ana Lima", token_use: "id" }),
  [`${key}.ana.accessToken`]: jwt({ token_use: "access", scope: "aws.cognito.signin.user.admin" }),
  [`${key}.ana.refreshToken`]: "refresh",
  [`${key}.ana.clockDrift`]: "0",
  [`${key}.ana.signInDetails`]: JSON.stringify({ loginId: "ana@example.com" }),
};

/** A user pool that answers by the name of the operation; its calls are returned as they come. */
async function pool(page: Page, answers: Record<string, { status?: number; body: object }>) {
  const calls: { name: string; body: Record<string, unknown> }[] = [];
  await page.route(`${POOL}**`, async (route) => {
    const request = route.request();
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-expose-headers": "x-amzn-errortype" };
    if (request.method() === "OPTIONS") return route.fulfill({ status: 204, headers });
    const name = request.headers()["x-amz-target"]?.split(".")[1] ?? "";
    calls.push({ name, body: request.postDataJSON() });
    const { status = 200, body } = answers[name] ?? { status: 400, body: { __type: "InternalErrorException", message: name } };
    return route.fulfill({ status, headers: { ...headers, "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(body) });
  });
  return calls;
}

const answers: Answers = { "GET /me": { body: me } };
const off = { GetUser: { body: { Username: "ana", UserAttributes: [], UserMFASettingList: [] } } };
const on = { GetUser: { body: { Username: "ana", UserAttributes: [], UserMFASettingList: ["SOFTWARE_TOKEN_MFA"], PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" } } };

test("with a provider, sign-in is managed there", async ({ page }) => {
  await open(page, "/account", answers);
  await expect(page.getByLabel("Name")).toHaveValue("Ana Lima");
  await expect(page.getByText("managed by your organization's sign-in service:")).toBeVisible();
  await expect(page.getByText("id.example.com")).toBeVisible();
  await expect(page.getByLabel("Current password")).toBeHidden();
  await seenEverywhere(page, "account");
});

test("name, language and zone are saved, and the language changes", async ({ page }) => {
  const asked = await open(page, "/account", { ...answers, "PATCH /me": { body: { ...me, name: NAMES.rtl, language: "de", timezone: "Pacific/Kiritimati" }, delay: 200 } });
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveAccessibleDescription("There is nothing to save yet.");
  await page.getByLabel("Name").fill(NAMES.rtl);
  await page.getByLabel("Language").selectOption("de");
  await page.getByLabel("Time zone").fill("Pacific/Kiritimati");
  await page.getByRole("button", { name: "Save changes" }).dblclick();
  await expect(page.getByText("Ihr Profil ist gespeichert.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Konto", exact: true })).toBeVisible();
  expect(asked.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([{ name: NAMES.rtl, language: "de", timezone: "Pacific/Kiritimati" }]);
  await seenEverywhere(page, "account-german");
});

test("wrong fields, an unconfirmed address, and a failure", async ({ page }) => {
  const errors = [{ in: "body", field: "timezone", message: "is no time zone of the IANA database" }];
  await open(page, "/account", {
    "GET /me": { body: { ...me, name: NAMES.long, email: `${"a".repeat(60)}@example.com`, email_verified: false } },
    "PATCH /me": { status: 400, body: problem(400, "invalid_request", "the request is invalid", { errors }) },
  });
  await expect(page.getByText("Not confirmed")).toBeVisible();
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel("Time zone")).toHaveAccessibleDescription(/IANA/);
  await seenEverywhere(page, "account-fields");
});

test("a profile that cannot be read leaves the rest", async ({ page }) => {
  await open(page, "/account", { "GET /me": { status: 403, body: problem(403, "forbidden", "You may not read this.") } });
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByRole("main").getByRole("button", { name: "Sign out" })).toBeVisible();
  await seen(page, "account-error-light");
});

test("the theme is chosen", async ({ page }) => {
  await open(page, "/account", answers);
  await page.getByRole("radio", { name: "Dark" }).check();
  expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
});

test("the account is deleted after its address was typed", async ({ page }) => {
  const owned = [
    { id: "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", name: NAMES.long, reason: "paid" },
    { id: "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Z", name: "Anvils", reason: "has_members" },
  ];
  let kept = true;
  const deletion = { id: "del_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", requested_at: "2026-11-21T12:00:00Z", status: "leaving", blocked_by: [], completed_at: null };
  await open(page, "/account", {
    ...answers,
    "GET /me/deletion": { body: deletion },
    "DELETE /me": (route) => {
      const headers = { "access-control-allow-origin": "*" };
      return kept
        ? route.fulfill({ status: 409, headers, json: problem(409, "account_owns_workspaces", "no", { workspaces: owned }) })
        : route.fulfill({ status: 202, headers, json: deletion });
    },
  });
  await page.getByRole("button", { name: "Delete account" }).click();
  const dialog = page.getByRole("dialog");
  const action = dialog.getByRole("button", { name: "Delete account" });
  await expect(action).toHaveAccessibleDescription(/ana@example\.com/);
  await dialog.getByRole("textbox").fill("ana@example.com");
  await action.click();
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await seenEverywhere(page, "account-delete-kept");
  kept = false;
  await action.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Your account is being deleted").first()).toBeVisible();
  await seenEverywhere(page, "account-deleting");
});

test("the password is changed by the present one", async ({ page }) => {
  const calls = await pool(page, { ...off, ChangePassword: { status: 400, body: { __type: "NotAuthorizedException", message: "Incorrect username or password." } } });
  await open(page, "/account", answers, { identity, session });
  const change = page.getByRole("button", { name: "Change password" });
  await expect(change).toHaveAccessibleDescription("Enter both passwords first.");
  await page.getByLabel("Current password").fill("Old-password-1");
  await page.getByLabel("New password").fill("short");
  await change.click();
  await expect(page.getByRole("alert")).toContainText("not strong enough");
  await page.getByLabel("New password").fill("New-password-12");
  await change.click();
  await expect(page.getByRole("alert")).toContainText("The current password is wrong.");
  expect(calls.find(({ name }) => name === "ChangePassword")?.body).toMatchObject({ PreviousPassword: "Old-password-1", ProposedPassword: "New-password-12" });
  await seenEverywhere(page, "account-password");
});

test("two-step sign-in is turned on with a code", async ({ page }) => {
  const calls = await pool(page, {
    ...off,
    AssociateSoftwareToken: { body: { SecretCode: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPABCD" } },
    VerifySoftwareToken: { body: { Status: "SUCCESS" } },
    SetUserMFAPreference: { body: {} },
  });
  await open(page, "/account", answers, { identity, session });
  await page.getByRole("button", { name: "Turn on" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Secret", { exact: true })).toContainText("JBSW Y3DP");
  await expect(dialog.getByRole("link", { name: "Open in an app on this device" })).toHaveAttribute("href", /^otpauth:\/\/totp\/Acme:ana@example\.com\?secret=JBSW/);
  await seenEverywhere(page, "account-two-steps");
  await dialog.getByLabel("Code").fill("123456");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByText("Two-step sign-in is on.")).toBeVisible();
  expect(calls.find(({ name }) => name === "VerifySoftwareToken")?.body["UserCode"]).toBe("123456");
  await expect(page.getByRole("button", { name: "Turn off" })).toBeVisible();
});

test("two-step sign-in is turned off after a question", async ({ page }) => {
  await pool(page, { ...on, SetUserMFAPreference: { body: {} } });
  await open(page, "/account", answers, { identity, session });
  await page.getByRole("button", { name: "Turn off" }).click();
  await seen(page, "account-turn-off-light");
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByText("Two-step sign-in is off.")).toBeVisible();
});

test("a pool that does not answer says so in its place", async ({ page }) => {
  await pool(page, {});
  await open(page, "/account", answers, { identity, session });
  await expect(page.getByText("Your sign-in settings could not be read")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByLabel("Name")).toHaveValue("Ana Lima");
});
