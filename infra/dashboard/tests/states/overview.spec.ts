import { expect, test, type Page } from "@playwright/test";
import { access, frame, head, list, member, NAMES, subscription } from "./parts";
import { other } from "./catalogue";
import { gate, NOW, open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "./stage";

const path = `/w/${WORKSPACE}`;
const ana = member(1, "Ana Lima", "owner").id;

function runtime(more: object = {}, resources: object = {}) {
  return {
    status: "running",
    checking: false,
    generation: 3,
    container_id: "7f3c1d2e9a8b4c5d8e7f6a5b4c3d2e1f",
    plan_size: "pro",
    uptime: 7_510,
    last_stop_reason: "restarted by a member",
    deadline: null,
    resources: { ram_used_mb: 1210, ram_limit_mb: 4096, cpu_percent: 37.25, cpu_units: 2048, ...resources },
    ...more,
  };
}

const stopped = runtime({ status: "stopped", uptime: null, container_id: null, last_stop_reason: "stopped by a member" }, { ram_used_mb: null, cpu_percent: null });
const silent = { ram_used_mb: null, cpu_percent: null };

const steps = (...done: string[]) => ({
  steps: ["create_workspace", "invite_member", "choose_plan", "start_runtime", "connect_integration"].map((id) => ({ id, done: done.includes(id) })),
  billing: { has_pending_checkout: false },
});

function record(id: number, action: string, before: object, after: object, more: object = {}) {
  const at = new Date(Date.parse(NOW) - id * 47 * 60_000).toISOString();
  return { id: `aud_${id}`, at, actor: ana, actor_name: "Ana Lima", action, target: ana, before, after, request_id: `req-${id}`, ...more };
}

const activity = [
  record(0, "invitation.created", {}, { email: "carl@example.com", role: "member" }),
  record(1, "runtime.restarted", {}, {}, { actor_name: NAMES.script }),
  record(2, "workspace.updated", { name: "Acme" }, { name: NAMES.rtl }),
  record(9, "billing.changed", { plan: "starter" }, { plan: "pro" }, { actor_name: NAMES.long }),
  record(40, "integration.disabled", {}, { cause: "failing" }, { target: "slack" }),
  record(80, "trial.granted", {}, { days: 14, operator: "Olga" }),
];

const near = [
  { resource: "members", used: 10, limit: 10, resets_at: null },
  { resource: "executions", used: 83_412, limit: 100_000, resets_at: "2026-12-01T00:00:00Z" },
];

function first(more: object = {}): Answers {
  return {
    ...frame(),
    "GET /overview": { body: { onboarding: steps("create_workspace", "invite_member"), runtime: runtime(), near_limits: near, recent_activity: activity, ...more } },
    "GET /workspace/status": { body: runtime() },
  };
}

const onlyRuntime = (view: object, more: Answers = {}): Answers => ({
  ...first({ runtime: view, onboarding: steps("create_workspace", "invite_member", "choose_plan", "start_runtime", "connect_integration"), near_limits: [] }),
  "GET /workspace/status": { body: view },
  ...more,
});

const container = (page: Page) => page.getByRole("region", { name: "Container" });
/** The badge: its mark and its word. */
const badge = (page: Page, word: string) => container(page).getByText(new RegExp(`^.${word}$`));

test("everything at a glance, painted from one request", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  const asked = await open(page, path, first());
  await expect(page.getByText("2 of 5 done")).toBeVisible();
  await expect(page.getByRole("link", { name: "Choose a plan" })).toHaveAttribute("href", `${path}/settings/billing`);
  await expect(badge(page, "Running")).toBeVisible();
  await expect(container(page).getByRole("meter", { name: "Memory" })).toHaveAttribute("aria-valuetext", "1,210 / 4,096 MiB");
  await expect(container(page).getByText("2 hr 5 min")).toBeVisible();
  await expect(page.getByRole("meter", { name: "Seats" })).toBeVisible();
  await expect(page.getByText("Ana Lima invited carl@example.com as Member")).toBeVisible();
  await expect(page.getByText(`${NAMES.script} restarted the container`)).toBeVisible();
  await expect(page.getByText("Olga granted a trial of 14 days")).toBeVisible();
  const paths = asked.map(({ path }) => path);
  expect(paths.filter((path) => ["/onboarding", "/team/activity", "/billing/usage", "/workspace/status"].includes(path))).toEqual([]);
  await seenEverywhere(page, "overview");
});

test("without the one request, each part is read by itself", async ({ page }) => {
  await open(page, path, {
    ...frame(),
    "GET /workspace/status": { body: runtime() },
    "GET /onboarding": { body: steps("create_workspace") },
    "GET /billing/usage": { status: 500, body: problem(500, "internal", "It failed.") },
    "GET /team/activity": { body: { activity: activity.map(({ actor_name: _, ...rest }) => rest), pagination: { has_more: false } } },
    "GET /team/members": list("members", [member(1, "Ana Lima", "owner")]),
  });
  await expect(page.getByText("1 of 5 done")).toBeVisible();
  await expect(page.getByText("Ana Lima invited carl@example.com as Member")).toBeVisible();
  await expect(badge(page, "Running")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("req-0123456789", { timeout: 8000 });
  await seenEverywhere(page, "overview-part-failed");
});

test("the checklist is gone when all of it is done", async ({ page }) => {
  await open(page, path, onlyRuntime(runtime()));
  await expect(page.getByText("Nothing is near its limit.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Get started" })).toBeHidden();
  await seen(page, "overview-settled-light");
});

test("loading", async ({ page }) => {
  await open(page, path, { ...first(), "GET /overview": { delay: 3000, body: {} } });
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await seenEverywhere(page, "overview-loading");
});

test("a viewer sees why the commands are not theirs", async ({ page }) => {
  await open(page, path, { ...onlyRuntime(stopped, { "GET /access": access("viewer") }), "GET /overview": { body: { onboarding: steps(), runtime: stopped, near_limits: [], recent_activity: null } } });
  const start = container(page).getByRole("button", { name: "Start", exact: true });
  await expect(start).toHaveAccessibleDescription("Only people with the role Member or a higher one can do this.");
  await expect(page.getByText("Admins and owners see what happened in the workspace.")).toBeVisible();
  await start.click({ force: true });
  await seenEverywhere(page, "overview-viewer");
});

test("a viewer's page never requests what they may not read", async ({ page }) => {
  const asked = await open(page, path, {
    ...onlyRuntime(stopped),
    "GET /access": { body: access("viewer").body, delay: 500 },
    "GET /overview": { body: { onboarding: steps(), runtime: stopped, near_limits: [], recent_activity: null } },
  });
  await expect(page.getByText("Admins and owners see what happened in the workspace.")).toBeVisible();
  expect(asked.map(({ path }) => path)).not.toContain("/team/activity");
});

test("starting sends once, and is followed every two seconds", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  let view: object = stopped;
  const starting = runtime({ status: "starting", uptime: null, deadline: "2026-11-28T10:10:00Z" }, silent);
  const asked = await open(page, path, {
    ...onlyRuntime(stopped),
    "GET /workspace/status": async (route) => route.fulfill({ headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "date" }, json: view }),
    "POST /workspace/start": { status: 202, body: starting, delay: 100 },
  });
  await expect(container(page).getByText("Stopped by a member.")).toBeVisible();
  await seenEverywhere(page, "overview-stopped");
  view = starting;
  await container(page).getByRole("button", { name: "Start", exact: true }).dblclick();
  await expect(badge(page, "Starting")).toBeVisible();
  await expect(container(page).getByText(/Starting: in .+ at the latest/)).toBeVisible();
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  await seenEverywhere(page, "overview-starting");
  view = runtime({ uptime: 3 }, silent);
  await page.clock.runFor(2_100);
  await expect(badge(page, "Running")).toBeVisible();
  await expect(container(page).getByText("It has not reported its figures yet.")).toBeVisible();
  await seen(page, "overview-fresh-light");
});

test("stopping and restarting ask first", async ({ page }) => {
  const asked = await open(page, path, { ...onlyRuntime(runtime()), "POST /workspace/restart": { status: 202, body: runtime({ status: "starting", deadline: "2026-11-28T10:10:00Z" }, silent) } });
  await container(page).getByRole("button", { name: "Stop", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Stop the container?" })).toBeVisible();
  await seenEverywhere(page, "overview-stop");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(container(page).getByRole("button", { name: "Stop", exact: true })).toBeFocused();
  await container(page).getByRole("button", { name: "Restart" }).click();
  await dialog.getByRole("button", { name: "Restart" }).click();
  await expect(badge(page, "Starting")).toBeVisible();
  expect(asked.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual(["/workspace/restart"]);
});

test("a late answer to one command leaves the key of the next", async ({ page }) => {
  const { open: answer, opened } = gate();
  let isDown = true;
  const asked = await open(page, path, {
    ...onlyRuntime(runtime()),
    "POST /workspace/restart": async (route) => {
      await opened;
      await route.fulfill({ status: 202, headers: { "access-control-allow-origin": "*" }, json: runtime({ status: "starting", deadline: "2026-11-28T10:10:00Z" }, silent) });
    },
    "POST /workspace/stop": async (route) => {
      const [status, json] = isDown ? [503, problem(503, "unavailable", "no answer")] : [202, stopped];
      await route.fulfill({ status, headers: { "access-control-allow-origin": "*" }, json });
    },
  });
  const dialog = page.getByRole("dialog");
  await container(page).getByRole("button", { name: "Restart" }).click();
  await dialog.getByRole("button", { name: "Restart" }).click();
  await page.keyboard.press("Escape");
  await container(page).getByRole("button", { name: "Stop", exact: true }).click();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  const answered = page.waitForResponse("**/workspace/restart");
  answer();
  await (await answered).finished();
  isDown = false;
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog).toBeHidden();
  const [restart, first, second] = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
  expect(first).toBe(second);
  expect(restart).not.toBe(first);
});

test("never reported, and silent for two minutes", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  let view: object = runtime({ uptime: 3600 }, silent);
  await open(page, path, {
    ...onlyRuntime(view),
    "GET /workspace/status": async (route) => route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: view }),
  });
  await expect(container(page).getByText("It has never reported its figures.")).toBeVisible();
  await seen(page, "overview-never-reported-light");
  view = runtime({ uptime: 3615 });
  await page.clock.runFor(15_100);
  await expect(container(page).getByRole("meter", { name: "CPU" })).toBeVisible();
  view = runtime({ uptime: 3800 }, silent);
  await page.clock.runFor(180_000);
  await expect(container(page).getByText(/silent for more than two minutes. Last report 2 minutes ago|Last report 3 minutes ago/)).toBeVisible();
  await seenEverywhere(page, "overview-silent");
});

test("uptime counts by itself", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  await open(page, path, onlyRuntime(runtime({ uptime: 50 })));
  await expect(container(page).getByText("50 sec")).toBeVisible();
  await page.clock.runFor(5_000);
  await expect(container(page).getByText("55 sec")).toBeVisible();
});

test("reading pauses after ten minutes without input", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  const asked = await open(page, path, onlyRuntime(runtime()));
  await expect(badge(page, "Running")).toBeVisible();
  const reads = () => asked.filter(({ path }) => path === "/workspace/status").length;
  for (const count of [1, 2]) {
    await page.clock.runFor(15_100);
    await expect.poll(reads).toBe(count);
  }
  await page.clock.runFor(10 * 60_000);
  await expect(container(page).getByText("Updates pause after ten minutes without input.")).toBeVisible();
  const before = reads();
  await page.clock.runFor(120_000);
  expect(reads()).toBe(before);
  await seenEverywhere(page, "overview-paused");
  await container(page).getByRole("button", { name: "Refresh" }).click();
  await expect.poll(reads).toBe(before + 1);
  await expect(container(page).getByText("Updates pause")).toBeHidden();
});

test("resizing, and failed with its reason", async ({ page }) => {
  await open(page, path, onlyRuntime(runtime({ status: "resizing", deadline: "2026-11-28T10:08:00Z", uptime: null }, silent)));
  await expect(container(page).getByText("It gets the size of your plan.")).toBeVisible();
  await seenEverywhere(page, "overview-resizing");
});

test("failed says why and what to do", async ({ page }) => {
  await open(page, path, onlyRuntime(runtime({ status: "failed", uptime: null, container_id: null, last_stop_reason: "there was no free capacity; start it again later" }, silent)));
  await expect(container(page).getByText("There was no free capacity; start it again later.")).toBeVisible();
  await seenEverywhere(page, "overview-failed");
});

test("off because past due leads to billing", async ({ page }) => {
  const view = { ...stopped, last_stop_reason: "stopped because an invoice is unpaid; it starts again once that is paid" };
  await open(page, path, {
    ...onlyRuntime(view, { "GET /billing/subscription": { body: { ...subscription, plan: "free", status: "unpaid" } } }),
    "POST /workspace/start": { status: 402, body: problem(402, "workspace_past_due", "the workspace has an unpaid invoice") },
  });
  await expect(container(page).getByText("Off, because a payment is due")).toBeVisible();
  await container(page).getByRole("button", { name: "Start", exact: true }).click();
  await expect(container(page).getByRole("alert").getByRole("link", { name: "Open billing" })).toHaveAttribute("href", `${path}/settings/billing`);
  await seenEverywhere(page, "overview-past-due");
});

test("suspended", async ({ page }) => {
  const suspended = { reason: "The card was reported stolen.", at: NOW };
  await open(page, path, {
    ...onlyRuntime({ ...stopped, last_stop_reason: "stopped because the workspace is suspended; contact support" }),
    "GET /workspace": { body: { ...head, suspended }, headers: { etag: '"1"' } },
    "GET /access": access("owner", ["control_runtime"]),
  });
  await expect(container(page).getByText("Off, because the workspace is suspended")).toBeVisible();
  await expect(container(page).getByRole("button", { name: "Start", exact: true })).toHaveAccessibleDescription(/Contact support/);
  await seenEverywhere(page, "overview-suspended");
});

test("a late answer leaves the dialog of the next command open", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  let view: object = stopped;
  let answer = () => {};
  const late = new Promise<void>((resolve) => (answer = resolve));
  const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date" };
  const asked = await open(page, path, {
    ...onlyRuntime(stopped),
    "GET /workspace/status": async (route) => route.fulfill({ headers: cors, json: view }),
    "POST /workspace/start": async (route) => {
      await late;
      await route.fulfill({ status: 202, headers: cors, json: view });
    },
    "POST /workspace/stop": { status: 202, body: stopped },
  });
  await container(page).getByRole("button", { name: "Start", exact: true }).click();
  view = runtime();
  await page.clock.runFor(16_000);
  await expect(badge(page, "Running")).toBeVisible();
  await container(page).getByRole("button", { name: "Stop", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Stop the container?" });
  await expect(dialog).toBeVisible();
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  answer();
  await answered;
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog).toBeHidden();
  expect(asked.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual(["/workspace/start", "/workspace/stop"]);
});

test("too many commands wait for the next one", async ({ page }) => {
  await page.clock.install({ time: new Date(NOW) });
  await open(page, path, {
    ...onlyRuntime(stopped),
    "POST /workspace/start": { status: 429, headers: { "retry-after": "10" }, body: problem(429, "too_many_commands", "this runtime has been commanded too often", { resets_at: "2026-11-28T10:00:10Z" }) },
  });
  await container(page).getByRole("button", { name: "Start", exact: true }).click();
  await expect(container(page).getByRole("alert")).toContainText("You can send the next command in 10 seconds.");
  await expect(container(page).getByRole("button", { name: "Start", exact: true })).toHaveAccessibleDescription(/10 seconds/);
  await seenEverywhere(page, "overview-too-many");
  for (let second = 0; second < 11; second += 1) await page.clock.runFor(1_000);
  await expect(container(page).getByRole("alert")).toBeHidden();
  await expect(container(page).getByRole("button", { name: "Start", exact: true })).toHaveAccessibleDescription("");
});

test("too many commands are said in the dialog that asked", async ({ page }) => {
  await open(page, path, {
    ...onlyRuntime(runtime()),
    "POST /workspace/stop": { status: 429, headers: { "retry-after": "10" }, body: problem(429, "too_many_commands", "this runtime has been commanded too often") },
  });
  await container(page).getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("Too many commands came one after the other.");
  await page.keyboard.press("Escape");
  await expect(container(page).getByRole("button", { name: "Stop", exact: true })).toHaveAccessibleDescription(/next command/);
});

test("by keyboard alone", async ({ page }) => {
  const asked = await open(page, path, { ...onlyRuntime(runtime()), "POST /workspace/stop": { status: 202, body: runtime({ status: "stopping", deadline: "2026-11-28T10:03:00Z" }, silent) } });
  await container(page).getByRole("button", { name: "Restart" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(badge(page, "Stopping")).toBeVisible();
  expect(asked.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual(["/workspace/stop"]);
});

test("a second free container leads to the plan, or to the owners", async ({ page }) => {
  await open(page, path, {
    ...onlyRuntime({ ...stopped, plan_size: "free" }, { "GET /access": access("member") }),
    "GET /team/members": list("members", [member(1, "Ana Lima", "owner"), member(2, NAMES.rtl, "owner")]),
    "POST /workspace/start": { status: 402, body: problem(402, "free_container_limit_reached", "you run 1 of 1", { limit: 1, used: 1, upgrade_to: "starter" }) },
  });
  await container(page).getByRole("button", { name: "Start", exact: true }).click();
  await expect(container(page).getByRole("alert")).toContainText("Ask an owner: Ana Lima");
  await seenEverywhere(page, "overview-free-limit");
});

test("the status cannot be read", async ({ page }) => {
  const status = { status: 403, body: problem(403, "role_required", "no") as object };
  await open(page, path, { ...onlyRuntime(runtime()), "GET /overview": { body: { onboarding: steps(), near_limits: [], recent_activity: [] } }, "GET /workspace/status": status });
  await expect(container(page).getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(page.getByText("Nothing has happened yet")).toBeVisible();
  await seenEverywhere(page, "overview-status-failed");
  Object.assign(status, { status: 200, body: runtime() });
  await container(page).getByRole("button", { name: "Try again" }).click();
  await expect(badge(page, "Running")).toBeVisible();
  await expect(container(page), "the focus outlives its button").toBeFocused();
});

test("in German", async ({ page }) => {
  await open(page, path, first(), { language: "de" });
  await expect(page.getByText("2 von 5 erledigt")).toBeVisible();
  await expect(page.getByText("Von einem Mitglied neu gestartet.")).toBeVisible();
  await seenEverywhere(page, "overview-german");
});

test("another catalogue: its titles, and a plan without a container", async ({ page }) => {
  const near_limits = [{ resource: "gpu_hours", used: 11_000, limit: 12_500, resets_at: "2026-12-01T00:00:00Z" }];
  const recent_activity = [record(1, "billing.changed", { plan: "zaun" }, { plan: "flotte" })];
  const view = { ...stopped, plan_size: "flotte", resources: { ram_used_mb: null, ram_limit_mb: null, cpu_percent: null, cpu_units: null } };
  await open(page, path, {
    ...onlyRuntime(view),
    "GET /overview": { body: { onboarding: steps(), runtime: view, near_limits, recent_activity } },
    "GET /billing/plans": { body: other },
    "POST /workspace/start": { status: 402, body: problem(402, "runtime_not_included", "no container", { upgrade_to: "flotte" }) },
  });
  await expect(page.getByRole("meter", { name: "Hours of GPU" })).toBeVisible();
  await expect(container(page).getByText("Flotte · no container")).toBeVisible();
  await expect(page.getByText("The workspace is now on Flotte")).toBeVisible();
  await container(page).getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("Your plan has no container")).toBeVisible();
  await expect(page.getByRole("link", { name: "Upgrade to Flotte" })).toBeVisible();
  await seenEverywhere(page, "overview-other-catalogue");
});
