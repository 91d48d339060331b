import { expect, test, type Route } from "@playwright/test";
import { list, NAMES, summary } from "./parts";
import { usual } from "./catalogue";
import { NOW, open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "./stage";

const id = (n: number) => `ws_01K9ZX3V8Q4M7N2P5R6S8T9W${String(n).padStart(2, "0")}`;
const none = list("invitations", []);
const several = list("workspaces", [
  summary(),
  summary({ id: id(2), name: NAMES.script, role: "admin", plan: "free", runtime_status: "stopped", member_count: 1 }),
  summary({ id: id(3), name: NAMES.rtl, role: "viewer", plan: "business", runtime_status: "failed", member_count: 1204 }),
  summary({ id: id(4), name: NAMES.emoji, role: "member", plan: "starter", runtime_status: "resizing" }),
  summary({ id: id(5), name: NAMES.long, role: "owner", plan: "free", runtime_status: "starting", suspended: { reason: "Abuse", at: NOW } }),
]);
const invitation = { id: "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", workspace_id: id(9), workspace_name: "Blue Harbour", role: "admin", created_at: NOW, expires_at: "2026-12-05T10:00:00Z" };

test("cards say role, plan, members and how the container is", async ({ page }) => {
  await open(page, "/workspaces", { "GET /workspaces": several, "GET /invitations": none, "GET /billing/plans": { body: usual } });
  const card = page.getByRole("listitem").filter({ hasText: "Acme Research" });
  await expect(card).toContainText("Pro");
  await expect(card).toContainText("Owner");
  await expect(card).toContainText("4 members");
  await expect(card).toContainText("Running");
  await expect(page.getByText(NAMES.script)).toBeVisible();
  await expect(page.getByText("Suspended")).toBeVisible();
  await expect(page.getByText("1,204 members")).toBeVisible();
  await seenEverywhere(page, "workspaces");
});

test("the first one is made in place", async ({ page }) => {
  const answers: Answers = {
    "GET /workspaces": { body: { workspaces: [], pagination: { has_more: false, next_cursor: null } } },
    "GET /invitations": none,
    "POST /workspaces": { status: 201, body: { ...summary(), timezone: "UTC", settings: {}, updated_at: NOW }, delay: 300 },
  };
  const asked = await open(page, "/workspaces", answers);
  await expect(page.getByRole("heading", { name: "Create your first workspace" })).toBeVisible();
  await expect(page.getByLabel("Time zone")).not.toHaveValue("");
  await seenEverywhere(page, "workspaces-first");
  await page.getByLabel("Name").fill("Acme Research");
  await page.getByRole("button", { name: "Create workspace" }).dblclick();
  await page.waitForURL(`**/w/${WORKSPACE}`);
  const sent = asked.filter(({ method }) => method === "POST");
  expect(sent.map(({ body }) => (body as { name: string }).name)).toEqual(["Acme Research"]);
  expect(sent[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("a limit of free workspaces names those that could make room", async ({ page }) => {
  const detail = "you hold 3 of 3 free workspaces";
  await open(page, "/workspaces", {
    "GET /workspaces": several,
    "GET /billing/plans": { body: usual },
    "GET /invitations": none,
    "POST /workspaces": { status: 402, body: problem(402, "free_workspace_limit_reached", detail, { limit: 3, used: 3, upgrade_to: "starter" }) },
  });
  await page.getByRole("button", { name: "New workspace" }).click();
  await page.getByLabel("Name").fill("One more");
  await page.getByRole("button", { name: "Create workspace" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toContainText("3 of 3");
  await expect(dialog.getByRole("link", { name: `Upgrade \u2068${NAMES.long}\u2069` })).toHaveAttribute("href", `/w/${id(5)}/settings/billing`);
  await seenEverywhere(page, "workspaces-limit");
});

test("a repetition after no answer has the same key", async ({ page }) => {
  let tries = 0;
  const asked = await open(page, "/workspaces", {
    "GET /workspaces": several,
    "GET /invitations": none,
    "POST /workspaces": async (route) => {
      tries += 1;
      await route.fulfill({ status: 503, headers: { "access-control-allow-origin": "*" }, json: problem(503, "unavailable", "try again") });
    },
  });
  await page.getByRole("button", { name: "New workspace" }).click();
  await page.getByLabel("Name").fill("One more");
  const submit = page.getByRole("button", { name: "Create workspace" });
  await submit.click();
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await submit.click();
  await expect.poll(() => tries).toBe(2);
  await page.getByLabel("Name").fill("Another");
  await submit.click();
  await expect.poll(() => tries).toBe(3);
  const keys = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

test("wrong fields are named at their fields", async ({ page }) => {
  const errors = [{ in: "body", field: "timezone", message: "is no time zone of the IANA database" }];
  await open(page, "/workspaces", {
    "GET /workspaces": several,
    "GET /invitations": none,
    "POST /workspaces": { status: 400, body: problem(400, "invalid_request", "the request is invalid", { errors }) },
  });
  await page.getByRole("button", { name: "New workspace" }).click();
  await page.getByLabel("Name").fill("One more");
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await page.getByRole("button", { name: "Create workspace" }).click();
  await expect(page.getByText("is no time zone of the IANA database")).toBeVisible();
  await seen(page, "workspaces-fields-light");
});

test("invitations are accepted and declined by id", async ({ page }) => {
  const asked = await open(page, "/workspaces", {
    "GET /workspaces": several,
    "GET /invitations": list("invitations", [invitation]),
    "POST /team/invitations/{token}/decline": { status: 204 },
    "POST /team/invitations/{token}/accept": { status: 402, body: problem(402, "workspace_member_limit", "the workspace is full", { limit: 10, used: 10, upgrade_to: "business" }) },
  });
  await expect(page.getByText("Open until December 5, 2026")).toBeVisible();
  await page.getByRole("button", { name: "Accept the invitation to Blue Harbour" }).click();
  await expect(page.getByText("Ask the person who invited you")).toBeVisible();
  await seenEverywhere(page, "workspaces-invitations");
  await page.getByRole("button", { name: "Decline the invitation to Blue Harbour" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Decline" }).click();
  await expect(page.getByText("The invitation is declined.")).toBeVisible();
  const sent = asked.filter(({ method }) => method === "POST");
  expect(sent.map(({ path }) => path)).toEqual([`/team/invitations/${invitation.id}/accept`, `/team/invitations/${invitation.id}/decline`]);
  expect(sent.every(({ headers }) => headers["x-workspace-id"] === id(9) && headers["idempotency-key"])).toBe(true);
});

test("more are loaded on demand, and failures stay in their place", async ({ page }) => {
  const cors = { "access-control-allow-origin": "*" };
  await open(page, "/workspaces", {
    "GET /workspaces": async (route) => {
      const cursor = new URL(route.request().url()).searchParams.get("cursor");
      const body = cursor ? list("workspaces", [summary({ id: id(7), name: "Second page" })]).body : list("workspaces", [summary()], "next").body;
      await route.fulfill({ headers: cors, json: body });
    },
    "GET /invitations": { status: 403, body: problem(403, "role_required", "no") },
  });
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByText("Second page")).toBeVisible();
});

/** `count` workspaces in pages as the API has them; one has a name that breaks pages, and one of emoji. */
function many(count: number, asked: string[]) {
  const named = (n: number) => (n === 400 ? NAMES.script : n === 401 ? "🦑".repeat(200) : `Workspace ${n}`);
  const all = Array.from({ length: count }, (_, n) => summary({ id: `ws_01K9ZX3V8Q4M7N2P5R6S8T${String(n).padStart(4, "0")}`, name: named(n) }));
  return async (route: Route) => {
    const { searchParams } = new URL(route.request().url());
    const [from, size] = [Number(searchParams.get("cursor") ?? 0), Number(searchParams.get("limit"))];
    asked.push(`${from}+${size}`);
    const next = from + size;
    await route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: list("workspaces", all.slice(from, next), next < count ? String(next) : null).body });
  };
}

test("five hundred workspaces are searched, and shown step by step", async ({ page }) => {
  const asked: string[] = [];
  await open(page, "/workspaces", { "GET /workspaces": many(500, asked), "GET /invitations": none, "GET /billing/plans": { body: usual } });
  const cards = page.getByRole("region", { name: "Your workspaces" }).getByRole("listitem");
  await expect(cards).toHaveCount(24);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(cards).toHaveCount(48);
  expect(asked, "one page of the API has both").toEqual(["0+100"]);
  await seenEverywhere(page, "workspaces-many");
  const search = page.getByRole("searchbox", { name: "Search your workspaces" });
  await search.fill("workspace 49");
  await expect(page.getByText("15 of 500 shown")).toBeVisible();
  await expect(cards.first()).toContainText("Workspace 49");
  await expect(page).toHaveURL(/\?q=workspace\+49$|\?q=workspace%2049$/);
  expect(asked).toEqual(["0+100", "100+100", "200+100", "300+100", "400+100"]);
  await search.fill("onerror");
  await expect(page.getByRole("heading", { level: 2, name: NAMES.script })).toBeVisible();
  await search.fill("🦑");
  await expect(cards).toHaveCount(1);
  await seenEverywhere(page, "workspaces-found");
  const began = Date.now();
  await search.fill("");
  await expect(cards, "as many as before").toHaveCount(48);
  expect(Date.now() - began, "milliseconds until all are back").toBeLessThan(1000);
  await search.fill("nothing like it");
  await expect(page.getByText("No workspace matches")).toBeVisible();
  await seenEverywhere(page, "workspaces-no-match");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(search).toHaveValue("");
  await expect(page).toHaveURL(/\/workspaces$/);
});

test("a search in the address is taken up, and says that it reads", async ({ page }) => {
  let release: () => void = () => undefined;
  const pages = many(300, []);
  await open(page, "/workspaces?q=workspace%20250", {
    "GET /workspaces": async (route) => {
      if (route.request().url().includes("cursor=200")) await new Promise<void>((done) => (release = done));
      await pages(route);
    },
    "GET /invitations": none,
  });
  await expect(page.getByText("Reading the rest of the list")).toBeVisible();
  await seen(page, "workspaces-searching");
  release();
  await expect(page.getByText("1 of 300 shown")).toBeVisible();
});

test("a new workspace is offered by the address", async ({ page }) => {
  await open(page, "/workspaces?create=true", { "GET /workspaces": several, "GET /invitations": none });
  await expect(page.getByRole("dialog", { name: "New workspace" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/workspaces$/);
});

test("loading and failing", async ({ page }) => {
  await open(page, "/workspaces", { "GET /workspaces": { status: 403, body: problem(403, "role_required", "no"), delay: 1500 }, "GET /invitations": none });
  await expect(page.getByRole("heading", { name: "Workspaces" })).toBeVisible();
  await seen(page, "workspaces-loading-light");
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await seenEverywhere(page, "workspaces-error");
});

test("in German", async ({ page }) => {
  await open(page, "/workspaces", { "GET /workspaces": several, "GET /invitations": list("invitations", [invitation]) }, { language: "de" });
  await expect(page.getByRole("heading", { name: "Arbeitsbereiche", exact: true })).toBeVisible();
  await seen(page, "workspaces-german-light");
});

test("a dialog that is closed and opened at once stays open", async ({ page }) => {
  await open(page, "/workspaces", { "GET /workspaces": several, "GET /invitations": none, "GET /billing/plans": { body: usual } });
  await page.getByRole("button", { name: "New workspace" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "New workspace" });
  for (let time = 0; time < 10; time++) {
    await expect(dialog).toBeVisible();
    await Promise.all(["Escape", "Space"].map((key) => page.keyboard.press(key)));
  }
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  await expect(dialog).toBeVisible();
});

test("nothing is asked of the API once the session is gone", async ({ page }) => {
  const asked = await open(page, "/workspaces", { "GET /workspaces": several, "GET /invitations": none, "GET /billing/plans": { body: usual }, "GET /me": { status: 401 } });
  await expect(page.getByText("4 members").first()).toBeVisible();
  await page.evaluate(() => sessionStorage.clear());
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
  expect(asked.filter(({ path }) => path === "/me")).toEqual([]);
});
