import { expect, test, type Route } from "@playwright/test";
import { frame } from "../parts";
import { open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "../stage";
import { json } from "./inbox";

const PATH = `/w/${WORKSPACE}/settings/notifications`;
const types = ["system", "billing", "agent", "workflow", "team", "kb"];

interface Sent {
  in_app?: Record<string, boolean>;
  email?: Record<string, string>;
  quiet_hours?: { from: string; to: string } | null;
}

/** Preferences that answer as the API does. */
function stored(locked: string[] = []) {
  const off = new Set<string>(["workflow"]);
  const email: Record<string, string> = { agent: "off", kb: "off" };
  let quiet_hours: Sent["quiet_hours"] = null;
  const state = () => ({
    types: types.map((type) => ({ type, in_app: locked.includes(type) || !off.has(type), email: email[type] ?? "digest", locked: locked.includes(type) })),
    quiet_hours,
    timezone: "Europe/Berlin",
  });
  const answers: Answers = {
    "GET /notifications/preferences": (route) => json(route, state()),
    "POST /notifications/preferences": (route: Route) => {
      const sent = route.request().postDataJSON() as Sent;
      for (const [type, on] of Object.entries(sent.in_app ?? {})) if (on) off.delete(type);
      else off.add(type);
      Object.assign(email, sent.email);
      if (sent.quiet_hours !== undefined) quiet_hours = sent.quiet_hours;
      return json(route, state());
    },
  };
  return answers;
}

test("an_owner_chooses_what_can_be_chosen", async ({ page }) => {
  const asked = await open(page, PATH, { ...frame("owner"), ...stored(["system", "billing"]) });
  const billing = page.getByRole("switch", { name: "Billing" });
  await expect(billing).toBeChecked();
  await expect(billing).toHaveAttribute("aria-disabled", "true");
  await expect(billing).toHaveAccessibleDescription(/Owners are always notified of this\. It cannot be turned off\.$/);
  await expect(page.getByRole("switch", { name: "Integrations" })).not.toBeChecked();
  await seenEverywhere(page, "preferences");
  await billing.click({ force: true });
  await expect(billing).toBeChecked();
  await page.getByText("Container", { exact: true }).click();
  await page.getByRole("switch", { name: "Integrations" }).press("Space");
  await expect(page.getByRole("switch", { name: "Container" })).not.toBeChecked();
  await expect(page.getByRole("switch", { name: "Integrations" })).toBeChecked();
  const sent = () => asked.filter(({ method }) => method === "POST");
  await expect.poll(() => sent().map(({ body }) => body)).toEqual([{ in_app: { agent: false } }, { in_app: { workflow: true } }]);
  for (const { headers } of sent()) expect(headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  await page.reload();
  await expect(page.getByRole("switch", { name: "Container" })).not.toBeChecked();
});

test("a_viewer_chooses_all_of_them", async ({ page }) => {
  await open(page, PATH, { ...frame("viewer"), ...stored() });
  await expect(page.getByRole("switch")).toHaveCount(7);
  await expect(page.getByRole("switch", { disabled: true })).toHaveCount(0);
  await page.getByRole("switch", { name: "Workspace" }).click();
  await expect(page.getByRole("switch", { name: "Workspace" })).not.toBeChecked();
  await expect(page.getByRole("link", { name: "Notifications" })).toHaveAttribute("aria-current", "page");
});

test("a_switch_that_was_not_saved_goes_back_and_says_so", async ({ page }) => {
  let refusals = 1;
  const answers = stored();
  const asked = await open(page, PATH, {
    ...frame("admin"),
    ...answers,
    "POST /notifications/preferences": (route) =>
      refusals-- > 0 ? json(route, problem(503, "unavailable", "no"), 503) : (answers["POST /notifications/preferences"] as (r: Route) => Promise<void>)(route),
  });
  const team = page.getByRole("switch", { name: "Team" });
  await team.click();
  await expect(page.getByRole("alert")).toContainText("“Team” was not turned off");
  await expect(team).toBeChecked();
  await seenEverywhere(page, "preferences-failed");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(team).not.toBeChecked();
  await expect(page.getByRole("alert")).toHaveCount(0);
  const keys = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toBe(keys[1]);
});

test("preferences_load_fail_and_speak_german", async ({ page }) => {
  let down = true;
  const answers = stored(["system", "billing"]);
  await open(
    page,
    PATH,
    {
      ...frame("owner"),
      "GET /notifications/preferences": async (route) => {
        await new Promise((done) => setTimeout(done, 300));
        return down ? json(route, problem(404, "odd", "Etwas stimmt nicht."), 404) : (answers["GET /notifications/preferences"] as (r: Route) => Promise<void>)(route);
      },
    },
    { language: "de" },
  );
  await expect(page.getByRole("status", { name: "Wird geladen" })).toBeVisible();
  await seen(page, "preferences-loading");
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await seen(page, "preferences-refused");
  down = false;
  await page.getByRole("button", { name: "Erneut versuchen" }).click();
  await expect(page.getByRole("switch", { name: "Abrechnung" })).toBeChecked();
  await seenEverywhere(page, "preferences-german");
});

test("mail_is_chosen_by_type", async ({ page }) => {
  const asked = await open(page, PATH, { ...frame("owner"), ...stored(["system", "billing"]) });
  const mail = (type: string) => page.getByRole("combobox", { name: `E-mail about “${type}”` });
  await expect(mail("Billing").getByRole("option")).toHaveText(["E-mail soon", "E-mail once a day"]);
  await expect(mail("Team").getByRole("option")).toHaveText(["E-mail soon", "E-mail once a day", "No e-mail"]);
  await expect(mail("Container")).toHaveValue("off");
  await expect(mail("Integrations"), "what is not in the list is not mailed").toHaveCount(0);
  await mail("Team").selectOption("E-mail soon");
  await page.getByRole("switch", { name: "Integrations" }).click();
  await mail("Integrations").selectOption("No e-mail");
  await expect(mail("Team")).toHaveValue("instant");
  const sent = () => asked.filter(({ method }) => method === "POST").map(({ body }) => body);
  await expect.poll(sent).toEqual([{ email: { team: "instant" } }, { in_app: { workflow: true } }, { email: { workflow: "off" } }]);
});

test("a_mode_that_was_not_saved_goes_back_and_says_so", async ({ page }) => {
  await open(page, PATH, { ...frame("admin"), ...stored(), "POST /notifications/preferences": (route) => json(route, problem(503, "unavailable", "no"), 503) });
  const mail = page.getByRole("combobox", { name: "E-mail about “Team”" });
  await mail.selectOption("No e-mail");
  await expect(page.getByRole("alert")).toContainText("The e-mail about “Team” was not changed");
  await expect(mail).toHaveValue("digest");
});

test("quiet_hours_begin_and_end_at_different_times", async ({ page }) => {
  const asked = await open(page, PATH, { ...frame("member"), ...stored() });
  const quiet = page.getByRole("switch", { name: "Quiet hours" });
  await expect(quiet).toHaveAccessibleDescription(/Times are in Europe\/Berlin\./);
  await expect(page.getByLabel("From")).toHaveCount(0);
  await quiet.click();
  const [from, to, save] = [page.getByLabel("From"), page.getByLabel("To", { exact: true }), page.getByRole("button", { name: "Save changes" })];
  await expect(from).toHaveValue("22:00");
  await expect(save).toHaveAccessibleDescription("There is nothing to save yet.");
  await to.fill("22:00");
  await expect(save).toHaveAccessibleDescription("The hours must begin and end at different times.");
  await to.fill("");
  await expect(save).toHaveAccessibleDescription("Enter both times.");
  await to.fill("06:30");
  await seenEverywhere(page, "preferences-quiet");
  await save.click();
  await expect(save).toHaveAccessibleDescription("There is nothing to save yet.");
  await page.reload();
  await expect(to).toHaveValue("06:30");
  await quiet.click();
  await expect(from).toHaveCount(0);
  const sent = asked.filter(({ method }) => method === "POST").map(({ body }) => (body as Sent).quiet_hours);
  expect(sent).toEqual([{ from: "22:00", to: "07:00" }, { from: "22:00", to: "06:30" }, null]);
});
