import { expect, test, type Route } from "@playwright/test";
import { frame } from "../parts";
import { open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "../stage";
import { json } from "./inbox";

const PATH = `/w/${WORKSPACE}/settings/notifications`;
const types = ["system", "billing", "agent", "workflow", "team", "kb"];

/** Preferences that answer as the API does. */
function stored(locked: string[] = []) {
  const off = new Set<string>(["workflow"]);
  const state = () => ({ types: types.map((type) => ({ type, in_app: locked.includes(type) || !off.has(type), locked: locked.includes(type) })) });
  const answers: Answers = {
    "GET /notifications/preferences": (route) => json(route, state()),
    "POST /notifications/preferences": (route: Route) => {
      const { in_app } = route.request().postDataJSON() as { in_app: Record<string, boolean> };
      for (const [type, on] of Object.entries(in_app)) if (on) off.delete(type);
      else off.add(type);
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
  await expect(page.getByRole("switch")).toHaveCount(6);
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
  await page.getByRole("button", { name: "Nochmals versuchen" }).click();
  await expect(page.getByRole("switch", { name: "Abrechnung" })).toBeChecked();
  await seenEverywhere(page, "preferences-german");
});
