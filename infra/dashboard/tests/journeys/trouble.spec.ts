// The service in trouble, on the real pages: what fails says so in its place, says what to do, and works again when it is over.

import type { Page, Route } from "@playwright/test";
import { expect, outputs, pool, shot, signIn, test, type Opened, type Person } from "./cloud";

const cors = { "access-control-allow-origin": outputs.dashboard_url, "access-control-expose-headers": "date, retry-after, apigw-requestid" };

test.describe.configure({ mode: "parallel" });

/** The API at its address, whatever name the page calls it by. */
const ofApi = (url: URL) => url.pathname.startsWith("/api/v1/");

/** Answers instead of the API, except to what a browser asks before. */
async function instead(page: Page, answer: (route: Route) => Promise<void>, wanted = ofApi) {
  await page.route(wanted, (route) => (route.request().method() === "OPTIONS" ? route.continue() : answer(route)));
  return () => page.unroute(wanted);
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { ...cors, "content-type": "application/problem+json", ...headers },
  body: JSON.stringify({ type: `urn:berth:problem:${code}`, title: "Error", status, detail: "Something is wrong.", instance: "req-7f3a9c", code }),
});

/** Nothing loads forever: no skeleton and no spinner is left. */
async function expectSettled(page: Page) {
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
  await expect(page.locator("[aria-busy=true], .skeleton")).toHaveCount(0);
}

const pages = [
  ["Overview", ""],
  ["Usage", "/usage"],
  ["General", "/settings"],
  ["Team", "/settings/team"],
  ["Billing", "/settings/billing"],
  ["Audit log", "/settings/audit"],
  ["Integrations", "/settings/integrations"],
  ["API keys", "/settings/api-keys"],
  ["Doctor", "/settings/doctor"],
  ["Notifications", "/settings/notifications"],
] as const;

async function enterWorkspace({ person, page }: { person: Person } & Opened) {
  const workspace = await person.workspace("Trouble & Co");
  await page.goto(`/w/${workspace}`);
  await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
  return workspace;
}

test("the API is down: pages say so, and work when it is back", async ({ person, allow }) => {
  allow(/net::ERR_CONNECTION_REFUSED/);
  const { person: dina, page } = await person("Dina Down", { stay: true });
  const workspace = await dina.workspace("Trouble & Co");
  const down = (route: Route) => route.abort("connectionrefused");
  // Each page in a tab of its own, so that they wait for their repetitions together.
  await Promise.all(
    pages.map(async ([title, path]) => {
      const tab = await page.context().newPage();
      await instead(tab, down);
      await tab.goto(`/w/${workspace}${path}`);
      await expect(tab.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(tab.getByRole("alert").first()).toContainText("The service cannot be reached. Check your connection and try again.");
      await expect(tab.getByRole("button", { name: "Try again" }).first()).toBeVisible();
      await expectSettled(tab);
      await expect(tab, "nobody is signed out by it").toHaveURL(new RegExp(`/w/${workspace}${path}$`));
      await shot(tab, `down-${title.toLowerCase()}`);
      await tab.unrouteAll();
      for (const again = tab.getByRole("button", { name: "Try again" }).first(); await again.isVisible(); ) {
        await again.click();
        await expectSettled(tab);
      }
      await expect(tab.getByRole("alert")).toHaveCount(0);
      await tab.close();
    }),
  );
  await test.step("a change fails in its place", async () => {
    await page.goto(`/w/${workspace}/settings`);
    await page.getByLabel("Name", { exact: true }).fill("Better times");
    const up = await instead(page, down);
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByRole("alert")).toContainText("The service cannot be reached.");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Better times");
    await up();
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("The changes are saved.")).toBeVisible();
    await expectSettled(page);
  });
});

test("the API is slow: pages say so after eight seconds", async ({ person }) => {
  const opened = await person("Sven Slow");
  const { page } = opened;
  const workspace = await enterWorkspace(opened);
  await page.clock.install();
  const held: Route[] = [];
  await instead(page, async (route) => void held.push(route));
  for (const [title, path] of pages) {
    await test.step(title, async () => {
      await page.goto(`/w/${workspace}${path}`);
      await expect(page.getByRole("status", { name: "Loading" }).first()).toBeVisible();
      await expect(page.getByText("This takes longer than usual.")).toHaveCount(0);
      await page.clock.fastForward(8100);
      await expect(page.getByText("This takes longer than usual. It is still loading.").first()).toBeVisible();
    });
  }
  await shot(page, "slow");
  await page.unrouteAll();
  await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
  await expect(page.getByRole("heading", { name: "What you are notified of" })).toBeVisible();
  await expectSettled(page);
});

test("too many requests: the page says when, and sends none before", async ({ person, allow }) => {
  allow(/status of 429 /);
  const opened = await person("Tess Toomany");
  const { page } = opened;
  const workspace = await enterWorkspace(opened);
  const asked: string[] = [];
  const over = await instead(page, async (route) => {
    asked.push(`${route.request().method()} ${new URL(route.request().url()).pathname.replace("/api/v1", "")}`);
    await route.fulfill(problem(429, "budget_exhausted", { "retry-after": "7" }));
  });
  await page.goto(`/w/${workspace}/settings/team`);
  const alert = page.getByRole("alert").last();
  await expect(alert).toContainText("This workspace asked for too much in a short time.");
  await expect(alert).toContainText("You can try again in 7 s.");
  await expect(alert).toContainText("req-7f3a9c");
  await expectSettled(page);
  expect(asked.filter((call, place) => asked.indexOf(call) !== place), "no request is repeated by itself").toEqual([]);
  await shot(page, "too-many");
  await over();
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("list", { name: "Members" })).toBeVisible();
});

test("a fault of the service shows its request id, and passes", async ({ person, allow }) => {
  allow(/status of 500 /);
  const opened = await person("Finn Fault", { permissions: ["clipboard-read", "clipboard-write"] });
  const { page, sent } = opened;
  const workspace = await enterWorkspace(opened);
  const over = await instead(page, (route) => route.fulfill(problem(500, "internal")), (url) => url.pathname === "/api/v1/team/members");
  await page.goto(`/w/${workspace}/settings/team`);
  const alert = page.getByRole("alert").filter({ hasText: "Request id:" });
  await expect(alert).toContainText("Request id: req-7f3a9c");
  await expect(page.getByRole("meter", { name: "Seats" }), "the rest of the page stays").toBeVisible();
  await expectSettled(page);
  expect(sent.filter(({ call }) => call === "GET /team/members"), "a read is tried three times").toHaveLength(3);
  await alert.getByRole("button", { name: "Copy" }).click();
  await expect(alert.getByRole("button", { name: "Copied" })).toBeVisible();
  await page.getByRole("searchbox").press("ControlOrMeta+V");
  await expect(page.getByRole("searchbox"), "it is in the clipboard").toHaveValue("req-7f3a9c");
  await page.getByRole("searchbox").clear();
  await shot(page, "fault");
  await over();
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("list", { name: "Members" })).toBeVisible();

  await test.step("a change is sent again under its key", async () => {
    const down = await instead(page, (route) => route.fulfill(problem(500, "internal")), (url) => url.pathname === "/api/v1/team/invite");
    await page.getByRole("button", { name: "Invite people" }).first().click();
    await page.getByLabel("E-mail addresses").fill("finja@example.com");
    await page.getByRole("button", { name: "Send 1 invitation" }).click();
    await expect(page.getByRole("dialog").getByRole("alert")).toContainText("req-7f3a9c");
    await down();
    await page.getByRole("dialog").getByRole("button", { name: "Try the rest again" }).click();
    await expect(page.getByText("1 invitation is on its way.")).toBeVisible();
    const keys = sent.filter(({ call }) => call === "POST /team/invite").map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});

test("the gateway refuses the token: it is renewed once", async ({ person, allow }) => {
  allow(/status of 401 |blocked by CORS policy|net::ERR_FAILED/);
  const opened = await person("Rita Renew");
  const { page } = opened;
  const renewals: string[] = [];
  page.on("request", (request) => {
    const target = request.headers()["x-amz-target"] ?? "";
    if (/GetTokensFromRefreshToken|InitiateAuth/.test(target)) renewals.push(target);
  });
  const workspace = await opened.person.workspace("Renewed");
  // As the gateway answers by itself: without the headers that let another origin read it.
  let refused = 0;
  const old = (await opened.person.tokens()).IdToken;
  await instead(page, async (route) => {
    if (route.request().headers()["authorization"] !== `Bearer ${old}`) return route.fallback();
    refused++;
    await route.fulfill({ status: 401, headers: { "content-type": "application/json" }, body: `{"message":"Unauthorized"}` });
  });
  await page.goto(`/w/${workspace}`);
  await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
  await expectSettled(page);
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(refused).toBeGreaterThan(0);
  expect(renewals, "one renewal serves all that waited for it").toHaveLength(1);
});

test("a session that has ended leads to sign-in and back", async ({ person, allow }) => {
  allow(/status of 40[01] /);
  const opened = await person("Ende Ende");
  const { page } = opened;
  const workspace = await enterWorkspace(opened);
  await pool("RevokeToken", { ClientId: outputs.user_pool_client_id, Token: (await opened.person.tokens()).RefreshToken });
  const over = await instead(page, (route) => route.fulfill({ status: 401, headers: { ...cors, "content-type": "application/json" }, body: `{"message":"Unauthorized"}` }));
  await page.goto(`/w/${workspace}/settings/team?role=admin`);
  await expect(page.getByRole("heading", { level: 1, name: /^Sign in/ })).toBeFocused();
  await expect(page).toHaveURL((url) => url.pathname === "/sign-in" && url.searchParams.get("next") === `/w/${workspace}/settings/team?role=admin`);
  await over();
  await signIn(page, opened.person);
  await expect(page, "back where they were").toHaveURL(`${outputs.dashboard_url}/w/${workspace}/settings/team?role=admin`);
  await expect(page.getByText("0 of 1 shown").or(page.getByText("Nobody matches")).first()).toBeVisible();
});

test("a renewed token that is refused leads to sign-in", async ({ person, allow }) => {
  allow(/status of 401 /);
  const opened = await person("Nils Never");
  const { page } = opened;
  const workspace = await enterWorkspace(opened);
  await instead(page, (route) => route.fulfill({ status: 401, headers: { ...cors, "content-type": "application/json" }, body: `{"message":"Unauthorized"}` }));
  await page.goto(`/w/${workspace}/settings/billing`);
  await expect(page.getByRole("heading", { level: 1, name: /^Sign in/ })).toBeFocused();
  expect(new URL(page.url()).searchParams.get("next")).toBe(`/w/${workspace}/settings/billing`);
});
