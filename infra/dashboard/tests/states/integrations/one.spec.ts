import { expect, test, type Page } from "@playwright/test";
import { access, member, list, NAMES } from "../parts";
import { violations } from "../audit";
import { gate, open, problem, seen, WORKSPACE } from "../stage";
import { connected, disabled, failing, forbidden, full, json, PATH, Receivers, refused, removed, seenEverywhere, types } from "./receivers";

const save = (page: Page) => page.getByRole("button", { name: "Save changes" });
const event = (page: Page, name: string) => page.getByRole("checkbox", { name });

test("a_webhook_is_connected_with_a_secret_of_ours", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const found = await violations(page);
  const asked = await open(page, `${PATH}/webhook`, new Receivers().answers());
  await expect(page.getByRole("heading", { level: 1, name: "Webhook" })).toBeFocused();
  await expect(page.getByRole("heading", { name: "Deliveries" }), "nothing was sent, so nothing is listed").toHaveCount(0);
  await expect(page.getByRole("radio", { name: "Make one for me" })).toBeChecked();
  await expect(page.getByText("9 of 11 selected")).toBeVisible();
  await expect(event(page, "A record was added to the audit log")).not.toBeChecked();
  await seenEverywhere(page, "integration-new");
  await page.getByLabel("URL", { exact: true }).fill(" https://hooks.example.com/berth ");
  await page.getByLabel("Description").fill("Our chat");
  await event(page, "The plan changed").uncheck();
  await page.getByRole("button", { name: "Connect" }).click();
  const dialog = page.getByRole("dialog", { name: "Your signing secret" });
  await expect(dialog).toContainText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  await dialog.getByRole("button", { name: "Copy" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  await seenEverywhere(page, "integration-secret");
  await page.keyboard.press("Escape");
  await expect(page.getByText("Your new signing secret was closed"), "it is not lost by that").toBeVisible();
  await seen(page, "integration-secret-closed");
  await page.getByRole("button", { name: "Show it" }).click();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByText("MfKQ9r8G"), "it is shown once").toHaveCount(0);
  await expect(page.getByText("It ends in LaSw.")).toBeVisible();
  expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({
    name: "Webhook",
    config: { url: "https://hooks.example.com/berth", description: "Our chat" },
    events: ["member.joined", "member.removed", "payment.failed", "payment.recovered", "runtime.started", "runtime.stopped", "runtime.failed", "limit.reached"],
    generate_secret: true,
  });
  expect(found).toEqual([]);
});

test("each_type_has_the_form_of_its_settings", async ({ page }) => {
  const labels = {
    datadog: ["Name", "Site", "API key"],
    discord: ["Name", "Channel", "URL of the channel's webhook"],
    github: ["Name", "Repository", "Token"],
    microsoft_teams: ["Name", "Channel", "URL of the workflow's webhook"],
    pagerduty: ["Name", "Service region", "Integration key"],
    sentry: ["Name", "Environment", "DSN"],
    slack: ["Name", "Channel", "URL of the webhook"],
    webhook: ["Name", "URL", "Description"],
  };
  await open(page, PATH, new Receivers().answers());
  for (const type of types) {
    await page.goto(`${PATH}/${type}`);
    const form = page.locator("form");
    for (const label of labels[type]) await expect(form.getByLabel(label, { exact: true })).toBeVisible();
    await expect(form.locator("input:not([type=checkbox], [type=radio]), select")).toHaveCount(3);
    await expect(form.getByRole("checkbox")).toHaveCount(type === "webhook" || type === "datadog" ? 11 : 9);
    await seen(page, `integration-form-${type}`);
  }
});

test("a_choice_begins_with_the_first_and_the_secret_is_masked", async ({ page }) => {
  const asked = await open(page, `${PATH}/pagerduty`, new Receivers().answers());
  await expect(page.getByLabel("Service region")).toHaveValue("us");
  const connect = page.getByRole("button", { name: "Connect" });
  await expect(connect).toHaveAccessibleDescription("Enter the secret first.");
  const key = page.getByLabel("Integration key", { exact: true });
  await key.fill("0123456789abcdef0123456789abcdef");
  await expect(key).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show: Integration key" }).click();
  await expect(key).toHaveAttribute("type", "text");
  await page.getByLabel("Service region").selectOption({ label: "Europe" });
  await connect.click();
  await expect(page.getByText("PagerDuty is saved.")).toBeVisible();
  expect(asked.find(({ method }) => method === "PUT")?.body).toMatchObject({ config: { region: "eu" }, secret: "0123456789abcdef0123456789abcdef" });
  await expect(page.getByText("It ends in cdef.")).toBeVisible();
});

test("one_that_works_shows_its_settings_and_how_it_is", async ({ page }) => {
  const asked = await open(page, `${PATH}/webhook`, new Receivers({ some: [connected("webhook", { integration_name: "Our webhook" })] }).answers());
  await expect(page.getByRole("heading", { level: 2, name: "Our webhook" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Our webhook" })).toContainText("Events delivered1,284");
  await expect(save(page)).toHaveAccessibleDescription("There is nothing to save yet.");
  await expect(page.getByText("Nothing was delivered yet")).toBeVisible();
  await seenEverywhere(page, "integration");
  await page.getByLabel("Name", { exact: true }).fill("Their webhook");
  await event(page, "The plan changed").check();
  await save(page).click();
  await expect(page.getByText("Webhook is saved.")).toBeVisible();
  expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({ name: "Their webhook", config: { url: "https://hooks.example.com/berth" }, events: ["member.joined", "plan.changed", "runtime.failed"] });
  await expect(page.getByRole("heading", { level: 2, name: "Their webhook" })).toBeVisible();
});

test("a_stored_secret_is_replaced_or_kept", async ({ page }) => {
  const asked = await open(page, `${PATH}/webhook`, new Receivers({ some: [connected("webhook")] }).answers());
  await page.getByRole("button", { name: "Replace" }).click();
  await expect(page.getByText("For a day, deliveries are signed with the stored secret and the new one")).toBeVisible();
  await page.getByRole("radio", { name: "Use my own" }).check();
  await page.getByLabel("Signing secret", { exact: true }).fill("whsec_AAAA");
  await seenEverywhere(page, "integration-replace");
  await page.getByRole("button", { name: "Keep the stored one" }).click();
  await expect(save(page)).toHaveAccessibleDescription("There is nothing to save yet.");
  await page.getByRole("button", { name: "Replace" }).click();
  await save(page).click();
  await expect(page.getByRole("dialog", { name: "Your signing secret" })).toBeVisible();
  expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({ config: { url: "https://hooks.example.com/berth" }, generate_secret: true });
});

test("what_is_wrong_is_said_at_its_field", async ({ page }) => {
  const errors = [
    { in: "body", field: "config.url", message: "must name a host on the public Internet" },
    { in: "body", field: "secret", message: "must be whsec_ followed by 24 to 64 bytes in base64" },
    { in: "body", field: "name", message: "must not be empty" },
    { in: "body", field: "events", message: "must be without audit.recorded" },
  ];
  await open(page, `${PATH}/webhook`, { ...new Receivers().answers(), "PUT /integrations/{type}": { status: 400, body: problem(400, "invalid_request", "no", { errors }) } });
  await page.getByLabel("URL", { exact: true }).fill("https://10.0.0.1/");
  await page.getByRole("radio", { name: "Use my own" }).check();
  await page.getByLabel("Signing secret", { exact: true }).fill("secret");
  await page.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByLabel("URL", { exact: true })).toHaveAccessibleDescription(/must name a host on the public Internet/);
  await expect(page.getByLabel("Signing secret", { exact: true })).toHaveAccessibleDescription(/must be whsec_/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription("must not be empty");
  await expect(page.getByText("must be without audit.recorded")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("Look at the marked fields.");
  await seenEverywhere(page, "integration-invalid");
});

test("another_address_needs_the_secret_again", async ({ page }) => {
  const errors = [{ in: "body", field: "secret", message: "is required, since config.url changes: a secret stays where it was entered for" }];
  await open(page, `${PATH}/webhook`, { ...new Receivers({ some: [connected("webhook")] }).answers(), "PUT /integrations/{type}": { status: 422, body: problem(422, "secret_required", "no", { errors }) } });
  await page.getByLabel("URL", { exact: true }).fill("https://other.example.com/");
  await save(page).click();
  await expect(page.getByRole("alert")).toContainText("This change sends the events elsewhere");
  await expect(page.getByRole("radio", { name: "Make one for me" }), "the choice is open").toBeChecked();
  await seen(page, "integration-secret-required");
});

test("a_name_of_emoji_is_counted_as_people_count", async ({ page }) => {
  await open(page, `${PATH}/webhook`, new Receivers({ some: [connected("webhook", { integration_name: NAMES.emoji })] }).answers());
  const name = page.getByLabel("Name", { exact: true });
  await expect(name).toHaveValue(NAMES.emoji);
  await expect(name).toHaveAccessibleDescription("0 characters left");
  await seenEverywhere(page, "integration-emoji");
  await name.fill("🦑".repeat(200));
  await expect(name).toHaveAccessibleDescription(/100 characters too many\./);
  await expect(save(page)).toHaveAccessibleDescription("Shorten what is marked first.");
  await seen(page, "integration-too-long");
});

test("the_plans_limit_leads_to_a_larger_plan", async ({ page }) => {
  await open(page, `${PATH}/slack`, { ...new Receivers({ limit: 1, some: [connected("webhook")] }).answers(), "PUT /integrations/{type}": { status: 402, body: full } });
  await page.getByLabel("URL of the webhook", { exact: true }).fill("https://hooks.slack.com/services/T0/B0/X");
  await page.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByRole("alert")).toContainText("All integrations of your plan are in use");
  await expect(page.getByRole("link", { name: "Upgrade to Starter" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing?plan=starter`);
  await seenEverywhere(page, "integration-over");
});

test("others_changes_are_shown_and_nothing_is_lost", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook", { integration_name: "Ours" })] });
  const asked = await open(page, `${PATH}/webhook`, receivers.answers());
  await page.getByLabel("Description").fill("Mine");
  receivers.change("webhook", { integration_name: "Theirs", secret_hint: "ZZZZ" });
  await save(page).click();
  const conflict = page.getByRole("group", { name: "Somebody else changed this integration in the meantime" });
  await expect(conflict).toContainText("Theirs");
  await expect(conflict).toContainText("Mine");
  await expect(conflict).toContainText("It ends in ZZZZ.");
  expect(receivers.of("webhook").config_data, "nothing is overwritten").toEqual({ url: "https://hooks.example.com/berth", description: null });
  await seenEverywhere(page, "integration-conflict");
  await conflict.getByRole("button", { name: "Use mine" }).click();
  await expect(page.getByText("Webhook is saved.")).toBeVisible();
  const puts = asked.filter(({ method }) => method === "PUT");
  expect(puts.map(({ headers }) => headers["if-match"])).toEqual(['"3"', '"4"']);
  expect(puts[1]?.body).toEqual({ config: { url: "https://hooks.example.com/berth", description: "Mine" } });
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Theirs");
});

test("theirs_can_be_taken", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook")] });
  const asked = await open(page, `${PATH}/webhook`, receivers.answers());
  await page.getByLabel("Description").fill("Mine");
  receivers.change("webhook", { config_data: { url: "https://hooks.example.com/berth", description: "Theirs" } });
  await save(page).click();
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(page.getByLabel("Description")).toHaveValue("Theirs");
  expect(asked.filter(({ method }) => method === "PUT"), "the one that was refused").toHaveLength(1);
});

test("one_that_was_disabled_meanwhile_takes_other_settings", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook")] });
  await open(page, `${PATH}/webhook`, receivers.answers());
  await page.getByLabel("Description").fill("Mine");
  receivers.change("webhook", { is_enabled: false });
  await save(page).click();
  await expect(page.getByText("Webhook is saved.")).toBeVisible();
  expect(receivers.of("webhook")).toMatchObject({ is_enabled: false, config_data: { description: "Mine" } });
});

test("a_change_whose_answer_was_lost_is_no_conflict", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook")] });
  const put = receivers.answers()["PUT /integrations/{type}"];
  let isLost = false;
  await open(page, `${PATH}/webhook`, {
    ...receivers.answers(),
    "PUT /integrations/{type}": async (route) => {
      if (!isLost) {
        isLost = true;
        receivers.change("webhook", { config_data: { url: "https://hooks.example.com/berth", description: "Mine" } });
        return route.abort("connectionreset");
      }
      if (typeof put === "function") await put(route);
    },
  });
  await page.getByLabel("Description").fill("Mine");
  await save(page).click();
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Webhook is saved.")).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Mine");
});

test("a_second_click_saves_once", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook")] });
  const put = receivers.answers()["PUT /integrations/{type}"];
  const asked = await open(page, `${PATH}/webhook`, {
    ...receivers.answers(),
    "PUT /integrations/{type}": async (route) => {
      await new Promise((done) => setTimeout(done, 400));
      if (typeof put === "function") await put(route);
    },
  });
  await page.getByLabel("Description").fill("Once");
  await save(page).dblclick();
  await expect(page.getByText("Webhook is saved.")).toBeVisible();
  expect(asked.filter(({ method }) => method === "PUT")).toHaveLength(1);
});

test("a_lost_answer_is_said_and_what_was_entered_stays", async ({ page }) => {
  await open(page, `${PATH}/webhook`, { ...new Receivers({ some: [connected("webhook")] }).answers(), "PUT /integrations/{type}": (route) => route.abort("connectionrefused") });
  await page.getByLabel("Description").fill("Kept");
  await save(page).click();
  await expect(page.getByRole("alert")).toContainText("The service cannot be reached.");
  await expect(page.getByRole("alert").getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Kept");
});

test("a_test_says_what_the_receiver_answered", async ({ page }) => {
  const asked = await open(page, `${PATH}/webhook`, new Receivers({ some: [connected("webhook", { health_status: "unknown", last_sync_at: null })] }).answers());
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The test arrived")).toBeVisible();
  await expect(page.getByText("The receiver answered with 200. It took 87 ms.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Webhook" })).toContainText("Connected");
  expect(asked.find(({ path }) => path.endsWith("/test"))?.headers["idempotency-key"]).toBeTruthy();
  await seenEverywhere(page, "integration-tested");
  await page.getByLabel("Description").fill("Other");
  await expect(page.getByRole("button", { name: "Send a test" })).toHaveAccessibleDescription("Save the changes first: a test uses what is saved.");
});

test("a_test_that_does_not_arrive_says_why", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook")] });
  await open(page, `${PATH}/webhook`, {
    ...receivers.answers(),
    "POST /integrations/{type}/test": (route) => {
      receivers.change("webhook", failing("webhook", { last_error_message: "there was no complete answer within 5 seconds; answer first, then process the event" }));
      return json(route, { ok: false, status: null, class: "timeout", latency_ms: 5003 });
    },
  });
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The test did not arrive")).toBeVisible();
  await expect(page.getByText("There was no complete answer within 5 seconds. Answer first, then process the event.").first()).toBeVisible();
  await expect(page.getByText("There was no answer. It took 5,003 ms.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Webhook" })).toContainText("Failing");
  await seenEverywhere(page, "integration-test-failed");
});

test("too_many_tests_say_when_the_next_may_be", async ({ page }) => {
  const busy = { status: 429, body: problem(429, "budget_exhausted", "no"), headers: { "retry-after": "42" } };
  await open(page, `${PATH}/webhook`, { ...new Receivers({ some: [connected("webhook")] }).answers(), "POST /integrations/{type}/test": busy });
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("alert")).toContainText("You can try again in 42 s.");
  await seen(page, "integration-test-budget");
});

test("one_that_was_disabled_says_why_and_is_enabled", async ({ page }) => {
  const receivers = new Receivers({ some: [disabled("webhook")] });
  const asked = await open(page, `${PATH}/webhook`, receivers.answers());
  await expect(page.getByText("It was disabled automatically, so nothing is sent")).toBeVisible();
  await expect(page.getByText("The receiver answered with 410, which says that it is gone for good. Disabled: Nov 28, 2026, 9:00 AM.")).toBeVisible();
  await expect(page.getByText(refused.slice(1))).toBeVisible();
  await seenEverywhere(page, "integration-disabled");
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("Webhook is enabled.")).toBeVisible();
  await expect(page.getByText("It was disabled automatically")).toHaveCount(0);
  expect(asked.find(({ path }) => path.endsWith("/enable"))?.headers["idempotency-key"]).toBeTruthy();
});

test("enabling_beyond_the_plan_leads_to_a_larger_one", async ({ page }) => {
  await open(page, `${PATH}/webhook`, { ...new Receivers({ some: [disabled("webhook"), connected("slack")], limit: 1 }).answers(), "POST /integrations/{type}/enable": { status: 402, body: full } });
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByRole("link", { name: "Upgrade to Starter" })).toBeVisible();
  await seen(page, "integration-enable-over");
});

test("one_without_a_secret_asks_for_it", async ({ page }) => {
  await open(page, `${PATH}/slack`, new Receivers({ some: [removed("slack", { config_data: { channel: "#berth" } })] }).answers());
  await expect(page.getByText("It has no secret, so nothing is sent")).toBeVisible();
  await expect(page.getByLabel("Channel")).toHaveValue("#berth");
  await expect(page.getByRole("button", { name: "Send a test" })).toHaveAccessibleDescription("Set it up first.");
  await expect(page.getByRole("button", { name: "Remove" })).toHaveAccessibleDescription("It is not set up.");
  await seenEverywhere(page, "integration-no-secret");
});

test("removing_is_asked_about_and_keeps_the_settings", async ({ page }) => {
  await open(page, `${PATH}/webhook`, new Receivers({ some: [connected("webhook")] }).answers());
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove Webhook?" });
  await expect(dialog).toContainText("Deliveries that wait to be attempted again are given up.");
  await seenEverywhere(page, "integration-remove");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Webhook is removed.")).toBeVisible();
  await expect(page.getByText("It has no secret, so nothing is sent")).toBeVisible();
  await expect(page.getByLabel("URL", { exact: true })).toHaveValue("https://hooks.example.com/berth");
});

test("a_late_answer_to_a_removal_leaves_the_dialog_open", async ({ page }) => {
  const { open: answer, opened } = gate();
  const answers = new Receivers({ some: [connected("webhook")] }).answers();
  await open(page, `${PATH}/webhook`, {
    ...answers,
    "DELETE /integrations/{type}": async (route) => {
      await opened;
      await (answers["DELETE /integrations/{type}"] as (r: typeof route) => Promise<void>)(route);
    },
  });
  const dialog = page.getByRole("dialog", { name: "Remove Webhook?" });
  await page.getByRole("button", { name: "Remove" }).click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Remove" }).click();
  answer();
  await expect(page.getByText("Webhook is removed.")).toBeVisible();
  await expect(dialog).toBeVisible();
});

test("a_role_taken_away_meanwhile_is_said_in_the_dialog", async ({ page }) => {
  let role: "owner" | "viewer" = "owner";
  await open(page, `${PATH}/webhook`, {
    ...new Receivers({ some: [connected("webhook")] }).answers(),
    "GET /access": (route) => json(route, access(role).body),
    "DELETE /integrations/{type}": (route) => {
      role = "viewer";
      return json(route, forbidden, 403);
    },
  });
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove Webhook?" });
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Your role does not allow this.");
  await expect(dialog.getByRole("alert")).toContainText("req-0123456789");
  await seenEverywhere(page, "integration-role-taken");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Remove" }), "what they may do was read again").toHaveAccessibleDescription("Only people with the role Admin or a higher one can do this.");
  await expect(page.getByText("Deliveries are not shown to you")).toBeVisible();
});

test("a_viewer_reads_and_every_control_says_why", async ({ page }) => {
  const asked = await open(page, `${PATH}/webhook`, { ...new Receivers({ role: "viewer", some: [disabled("webhook", { config_data: { url: "https://hooks.example.com" } })] }).answers(), "GET /team/members": list("members", [member(1, "Olga Owner", "owner")]) });
  const why = "Only people with the role Admin or a higher one can do this.";
  for (const name of ["Send a test", "Enable", "Save changes", "Replace", "Remove"]) await expect(page.getByRole("button", { name, exact: true })).toHaveAccessibleDescription(why);
  for (const label of ["Name", "URL", "Description"]) {
    await expect(page.getByLabel(label, { exact: true })).toHaveAttribute("readonly");
    await expect(page.getByLabel(label, { exact: true })).toHaveAccessibleDescription(why);
  }
  const joined = event(page, "A member joined");
  await expect(joined).toHaveAccessibleDescription(why);
  await joined.click({ force: true });
  await expect(joined).toBeChecked();
  await expect(page.getByText("People below the role Admin do not see the whole address.")).toBeVisible();
  await expect(page.getByText("Deliveries are not shown to you")).toBeVisible();
  await expect(page.getByText(/Ask an owner: .*Olga Owner/)).toBeVisible();
  expect(asked.filter(({ path }) => path.endsWith("/deliveries") || path === "/team/activity"), "what they may not read is not asked for").toEqual([]);
  await seenEverywhere(page, "integration-viewer");
});

test("a_suspended_workspace_says_so", async ({ page }) => {
  await open(page, `${PATH}/webhook`, { ...new Receivers({ some: [connected("webhook")] }).answers(), "GET /access": access("owner", ["manage_integrations"]) });
  await expect(page.getByRole("button", { name: "Send a test" })).toHaveAccessibleDescription("This workspace is suspended. Contact support to have the suspension lifted.");
  await seen(page, "integration-suspended");
});

test("a_type_that_does_not_exist_leads_back", async ({ page }) => {
  await open(page, `${PATH}/telegraph`, new Receivers().answers());
  await expect(page.getByRole("heading", { level: 1, name: "There is no such integration" })).toBeVisible();
  await seenEverywhere(page, "integration-gone");
  await page.getByRole("main").getByRole("link", { name: "All integrations" }).last().click();
  await expect(page).toHaveURL(PATH);
});

test("one_that_others_removed_is_noticed", async ({ page }) => {
  const receivers = new Receivers({ some: [connected("webhook")] });
  await open(page, `${PATH}/webhook`, { ...receivers.answers(), "POST /integrations/{type}/test": { status: 409, body: problem(409, "integration_secret_missing", "no") } });
  await expect(page.getByText("It ends in LaSw.")).toBeVisible();
  receivers.change("webhook", { is_enabled: false, has_secret: false, secret_hint: null });
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("alert")).toContainText("The integration has no secret any more.");
  await expect(page.getByText("It has no secret, so nothing is sent")).toBeVisible();
  await seen(page, "integration-gone-meanwhile");
});

test("loading_holds_the_place", async ({ page }) => {
  await open(page, `${PATH}/webhook`, { ...new Receivers().answers(), "GET /integrations": () => new Promise(() => undefined) });
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(2);
  await seen(page, "integration-loading");
});

test("a_failure_is_said_and_tried_again", async ({ page }) => {
  await open(page, `${PATH}/webhook`, { ...new Receivers().answers(), "GET /integrations": { status: 503, body: problem(503, "unavailable", "no") } });
  await expect(page.getByRole("alert")).toContainText("req-0123456789", { timeout: 10_000 });
  await expect(page.getByRole("heading", { level: 1, name: "Webhook" })).toBeVisible();
  await seen(page, "integration-error");
});

test("german_is_complete", async ({ page }) => {
  await open(page, `${PATH}/webhook`, new Receivers({ some: [disabled("webhook", { disabled_cause: "failing" })] }).answers(), { language: "de" });
  await expect(page.getByText("Sie wurde automatisch ausgeschaltet; es wird nichts gesendet")).toBeVisible();
  await page.getByRole("button", { name: "Ersetzen" }).click();
  await expect(page.getByText("Noch wurde nichts zugestellt")).toBeVisible();
  await seenEverywhere(page, "integration-german");
});
