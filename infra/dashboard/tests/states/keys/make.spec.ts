import { expect, test, type Page } from "@playwright/test";
import { json, violations } from "../audit";
import { other } from "../catalogue";
import { open, seen, seenEverywhere, WORKSPACE } from "../stage";
import { button, dialog, keys, PATH, refuse, row, SECRET, stage } from "./keys";

interface Sent {
  method: string;
  path: string;
  body: unknown;
  key: string | undefined;
}

const made = (asked: Sent[]) => asked.filter(({ method, path }) => method === "POST" && path === "/api-keys");
const box = (page: Page, name: string) => dialog(page).getByRole("checkbox", { name });
const submit = (page: Page) => dialog(page).getByRole("button", { name: "Create the key" });

async function fill(page: Page) {
  await button(page, "Create a key").click();
  await dialog(page).getByLabel("Name").fill("Nightly export");
  await button(page, "Report usage").click();
}

test.beforeEach(({ context }) => context.grantPermissions(["clipboard-read", "clipboard-write"]));

test("a_key_is_made_and_its_secret_copied", async ({ page }) => {
  const found = await violations(page);
  const asked: Sent[] = [];
  await open(page, PATH, stage({ asked }));
  await button(page, "Create a key").click();
  await expect(dialog(page).getByLabel("Name")).toBeFocused();
  await seenEverywhere(page, "keys-create");
  await dialog(page).getByLabel("Name").fill("Nightly export");
  await button(page, "Report usage").click();
  await expect(button(page, "Report usage")).toHaveAttribute("aria-pressed", "true");
  await box(page, "Workspace: read").check();
  await expect(button(page, "Report usage")).toHaveAttribute("aria-pressed", "false");
  await expect(dialog(page).getByText("Until February 26, 2027.")).toBeVisible();
  await submit(page).dblclick();
  await expect(dialog(page)).toHaveCount(1);
  await expect(dialog(page).getByLabel("Secret")).toHaveValue(SECRET);
  await expect(dialog(page).getByLabel("Secret")).toBeFocused();
  expect(made(asked)).toEqual([{ method: "POST", path: "/api-keys", body: { name: "Nightly export", scopes: ["workspace:read", "usage:write"], expires_in_days: 90 }, key: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  await seenEverywhere(page, "keys-secret");
  await button(page, "Copy the secret").click();
  await expect(dialog(page).getByText("Copied. Keep it in a secret store")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(SECRET);
  await seen(page, "keys-secret-copied");
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(row(page, "Nightly export")).toBeVisible();
  expect(await page.content()).not.toContain(SECRET);
  expect(found).toEqual([]);
});

test("everything_that_narrows_a_key_is_sent", async ({ page }) => {
  const asked: Sent[] = [];
  await open(page, PATH, stage({ asked }));
  await fill(page);
  await dialog(page).getByLabel("Valid for").selectOption({ label: "Another number of days" });
  await dialog(page).getByLabel("Days, 1 to 366").fill("14");
  await expect(dialog(page).getByText("Until December 12, 2026.")).toBeVisible();
  await dialog(page).getByText("Networks, budgets, service key").click();
  await dialog(page).getByLabel("Networks").fill("203.0.113.0/24\n2001:db8::/32");
  await dialog(page).getByLabel("Executions").fill("1000");
  await box(page, "Notifications: read").check();
  await dialog(page).getByRole("switch", { name: "Service key" }).check();
  await expect(box(page, "Notifications: read"), "a service key has no inbox").not.toBeChecked();
  await expect(box(page, "Notifications: read")).toHaveAccessibleDescription("A service key belongs to nobody, so it has no notifications.");
  await seenEverywhere(page, "keys-create-limits");
  await submit(page).click();
  await expect(dialog(page).getByLabel("Secret")).toBeVisible();
  expect(made(asked)[0]?.body).toEqual({ name: "Nightly export", scopes: ["usage:write"], expires_in_days: 14, networks: ["203.0.113.0/24", "2001:db8::/32"], budgets: { executions: 1000 }, service: true });
});

test("budgets_are_for_keys_that_report_usage", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /billing/plans": { body: other } });
  await button(page, "Create a key").click();
  await dialog(page).getByText("Networks, budgets, service key").click();
  await expect(dialog(page).getByText("Budgets limit the permission to report usage.")).toBeVisible();
  await box(page, "Usage: write").check();
  await expect(dialog(page).getByLabel("Hours of GPU")).toBeVisible();
  await expect(dialog(page).getByLabel("Berths <b>at the quay</b>")).toBeVisible();
  await expect(dialog(page).getByLabel("Crew")).toHaveCount(0);
});

test("an_admin_makes_no_service_key", async ({ page }) => {
  await open(page, PATH, stage({ role: "admin" }));
  await button(page, "Create a key").click();
  await dialog(page).getByText("Networks, budgets, service key").click();
  const service = dialog(page).getByRole("switch", { name: "Service key" });
  await expect(service).toHaveAccessibleDescription(/Only people with the role Owner can do this\./);
  await service.click({ force: true });
  await expect(service).not.toBeChecked();
});

test("what_is_missing_is_said_at_its_field", async ({ page }) => {
  const asked: Sent[] = [];
  await open(page, PATH, stage({ asked }));
  await button(page, "Create a key").click();
  await dialog(page).getByLabel("Valid for").selectOption({ label: "Another number of days" });
  await dialog(page).getByLabel("Days, 1 to 366").fill("400");
  await submit(page).click();
  await expect(dialog(page).getByLabel("Name")).toHaveAccessibleDescription(/Give it a name\./);
  await expect(dialog(page).getByLabel("Name")).toBeFocused();
  await expect(dialog(page).getByLabel("Days, 1 to 366")).toHaveAccessibleDescription("Must be a whole number from 1 to 366.");
  await expect(dialog(page).getByText("Choose at least one permission.")).toBeVisible();
  await seenEverywhere(page, "keys-create-missing");
  expect(made(asked)).toEqual([]);
});

test("the_api_names_wrong_fields", async ({ page }) => {
  const errors = [
    { in: "body", field: "networks[0]", message: "must be an address or a network in CIDR notation" },
    { in: "body", field: "name", message: "must have at most 100 characters" },
  ];
  await open(page, PATH, { ...stage(), "POST /api-keys": (route) => refuse(route, 400, "invalid_request", { errors }) });
  await fill(page);
  await submit(page).click();
  await expect(dialog(page).getByLabel("Name")).toHaveAccessibleDescription(/must have at most 100 characters/);
  await expect(dialog(page).getByLabel("Networks"), "what is wrong is unfolded").toHaveAccessibleDescription(/must be an address or a network/);
  await seen(page, "keys-create-refused-fields");
});

test("the_limit_that_is_met_leads_to_the_plan", async ({ page }) => {
  await open(page, PATH, { ...stage(), "POST /api-keys": (route) => refuse(route, 402, "workspace_key_limit", { meter: "api_keys", limit: 20, used: 20, upgrade_to: "business" }) });
  await fill(page);
  await submit(page).click();
  await expect(dialog(page).getByRole("alert")).toContainText("20");
  await expect(dialog(page).getByRole("link", { name: "Upgrade to Business" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing?plan=business`);
  await seenEverywhere(page, "keys-create-limit");
});

test("an_unpaid_plan_leads_to_pay", async ({ page }) => {
  await open(page, PATH, { ...stage(), "POST /api-keys": (route) => refuse(route, 402, "workspace_past_due") });
  await fill(page);
  await submit(page).click();
  await expect(dialog(page).getByRole("link", { name: "Pay in Billing" })).toBeVisible();
  await seen(page, "keys-create-past-due");
});

test("a_role_taken_away_leaves_the_reason_in_the_dialog", async ({ page }) => {
  let asked = 0;
  const [before, after] = [stage({ role: "admin" }), stage({ role: "member" })];
  await open(page, PATH, {
    ...before,
    "GET /access": (route) => json(route, (((asked++ === 0 ? before : after)["GET /access"]) as { body: object }).body),
    "POST /api-keys": (route) => refuse(route, 403, "role_required", { required_role: "admin" }),
  });
  await fill(page);
  await submit(page).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Your role does not allow this.");
  await expect(submit(page)).toHaveAccessibleDescription("Only people with the role Admin or a higher one can do this.");
  await seen(page, "keys-create-role");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("API keys are not shown to you")).toBeVisible();
});

test("an_unanswered_request_is_sent_again_under_its_key", async ({ page }) => {
  const sent: (string | undefined)[] = [];
  const answers = stage();
  await open(page, PATH, {
    ...answers,
    "POST /api-keys": (route) => {
      sent.push(route.request().headers()["idempotency-key"]);
      if (sent.length === 1) return refuse(route, 503, "unavailable");
      return json(route, { ...keys[0], name: "Nightly export", secret: null }, 201);
    },
  });
  await fill(page);
  await submit(page).click();
  await dialog(page).getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(dialog(page).getByRole("heading", { name: "The secret was not received" })).toBeVisible();
  expect(sent[1]).toBe(sent[0]);
  await expect(dialog(page)).toContainText("no answer repeats a secret. Rotate the key");
  await seenEverywhere(page, "keys-secret-lost");
  await dialog(page).getByRole("button", { name: "Rotate now" }).click();
  await expect(dialog(page).getByRole("heading", { name: "Your new key" })).toBeVisible();
  await expect(dialog(page).getByLabel("Secret")).toHaveValue(SECRET);
});

test("a_lost_secret_can_wait", async ({ page }) => {
  await open(page, PATH, { ...stage(), "POST /api-keys": (route) => json(route, { ...keys[0], secret: null }, 201) });
  await fill(page);
  await submit(page).click();
  await dialog(page).getByRole("button", { name: "Later" }).click();
  await expect(dialog(page)).toHaveCount(0);
});

test("nobody_closes_it_unaware_that_the_secret_is_lost", async ({ page }) => {
  await open(page, `/w/${WORKSPACE}/settings`, stage());
  await page.getByRole("link", { name: "API keys" }).click();
  await fill(page);
  await submit(page).click();
  await expect(dialog(page).getByLabel("Secret")).toBeVisible();
  // After a few in a row, Chromium lets no page refuse Escape.
  const escapes = Array.from({ length: 6 }, () => () => page.keyboard.press("Escape"));
  for (const leave of [...escapes, () => dialog(page).getByRole("button", { name: "Close", exact: true }).click(), () => page.goBack()]) {
    await leave();
    await expect(dialog(page).getByRole("alert")).toContainText("You have not copied the secret");
    await expect(dialog(page).getByLabel("Secret")).toHaveValue(SECRET);
  }
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
  await seenEverywhere(page, "keys-secret-leaving");
  await dialog(page).getByRole("button", { name: "Close without it" }).click();
  await expect(dialog(page)).toHaveCount(0);
});

test("leaving_can_copy_first", async ({ page }) => {
  await open(page, PATH, stage());
  await fill(page);
  await submit(page).click();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).getByRole("button", { name: "Copy and close" }).click();
  await expect(dialog(page)).toHaveCount(0);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(SECRET);
});

test("a_refused_clipboard_leaves_the_keyboard", async ({ page, context }) => {
  await context.clearPermissions();
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) } }));
  await open(page, PATH, stage());
  await fill(page);
  await submit(page).click();
  await button(page, "Copy the secret").click();
  await expect(dialog(page).getByText("The browser refused to copy. The secret is selected")).toBeVisible();
  await expect(dialog(page).getByLabel("Secret")).toBeFocused();
  expect(await page.evaluate(() => getSelection()?.toString() || (document.activeElement as HTMLTextAreaElement).value.slice((document.activeElement as HTMLTextAreaElement).selectionStart, (document.activeElement as HTMLTextAreaElement).selectionEnd))).toBe(SECRET);
  await seen(page, "keys-secret-clipboard");
  await button(page, "Copy: curl").click();
  await expect(button(page, "Refused: copy it by hand")).toBeVisible();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await expect(dialog(page).getByRole("alert"), "it is not copied yet").toContainText("You have not copied the secret");
  await dialog(page).getByLabel("Secret").focus();
  await page.keyboard.press("Control+c");
  await expect(dialog(page).getByText("Copied. Keep it in a secret store")).toBeVisible();
});

test("programs_are_shown_in_four_languages", async ({ page }) => {
  await open(page, PATH, stage());
  await fill(page);
  await submit(page).click();
  const code = dialog(page).getByRole("tabpanel");
  await expect(code).toContainText('curl --fail-with-body "https://api.example.com/v1/usage/consume"');
  await dialog(page).getByRole("tab", { name: "curl" }).focus();
  for (const [language, line] of [
    ["Python", "requests.post("],
    ["TypeScript", 'await fetch("https://api.example.com/v1/usage/consume"'],
    ["Rust", '.bearer_auth(std::env::var("API_KEY")?)'],
  ] as const) {
    await page.keyboard.press("ArrowRight");
    await expect(dialog(page).getByRole("tab", { name: language })).toBeFocused();
    await expect(dialog(page).getByRole("tab", { name: language })).toHaveAttribute("aria-selected", "true");
    await expect(code).toContainText(line);
    await seen(page, `keys-program-${language.toLowerCase()}`);
  }
  await expect(code).not.toContainText(SECRET);
  await button(page, "Copy: Rust").click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("/v1/usage/consume");
});

test("the_dialogs_speak_german", async ({ page }) => {
  await open(page, PATH, stage(), { language: "de" });
  await button(page, "Schlüssel erstellen").click();
  await dialog(page).getByLabel("Name").fill("Nächtlicher Export");
  await button(page, "Alles lesen").click();
  await dialog(page).getByText("Netze, Budgets, Dienstschlüssel").click();
  await seenEverywhere(page, "keys-create-german");
  await dialog(page).getByRole("button", { name: "Schlüssel erstellen" }).click();
  await expect(dialog(page).getByLabel("Geheimnis")).toHaveValue(SECRET);
  await seenEverywhere(page, "keys-secret-german");
});
