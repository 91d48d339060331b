import { expect, test, type Route } from "@playwright/test";
import { NOW, WORKSPACE, open, problem, seenEverywhere, type Answers } from "./stage";

const ID = "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z";
const TOKEN = `${WORKSPACE}.${ID}.1.c2VjcmV0LW1hYw`;
const LINK = `/signup?invite=${encodeURIComponent(TOKEN)}`;
const pagination = { has_more: false };

const offer = {
  id: ID,
  workspace_id: WORKSPACE,
  workspace_name: "Harbour works",
  role: "admin",
  invited_by_name: "Ben Ode",
  created_at: "2026-11-27T10:00:00Z",
  expires_at: "2026-12-04T10:00:00Z",
};

function stage({ invitations = [offer] as object[], workspaces = [] as object[], verified = true } = {}): Answers {
  return {
    "GET /me": { body: { id: "usr_1", email: "ana@example.com", email_verified: verified, timezone: "Europe/Lisbon" } },
    "GET /invitations": { body: { invitations, pagination } },
    "GET /workspaces": { body: { workspaces, pagination } },
  };
}

const mine = { id: WORKSPACE, name: "Harbour works", role: "admin", plan: "pro", runtime_status: "stopped", member_count: 2, created_at: NOW };

test("the_token_leaves_the_address_bar_and_outlasts_signing_in", async ({ page }) => {
  await open(page, LINK, {}, { signedIn: false });
  await expect(page).toHaveURL(/\/signup$/);
  await expect(page.getByRole("heading", { name: "You are invited" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in?next=%2Fsignup");
  expect(await page.evaluate(() => Object.values(sessionStorage))).toContain(TOKEN);
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  expect(await page.content()).not.toContain(TOKEN);
  await seenEverywhere(page, "invited-signed-out");
  await page.reload();
  await expect(page.getByRole("heading", { name: "You are invited" })).toBeVisible();
});

test("accepting_opens_the_workspace", async ({ page }) => {
  const asked = await open(page, LINK, { ...stage(), "POST /team/invitations/{token}/accept": { body: {}, delay: 200 } });
  await expect(page.getByRole("heading", { name: /Join .*Harbour works/ })).toBeVisible();
  await expect(page.getByText("⁨Ben Ode⁩ invites you to work in this workspace.")).toBeVisible();
  await expect(page.getByText("4 Dec 2026").or(page.getByText("Dec 4, 2026"))).toBeVisible();
  await seenEverywhere(page, "invited");
  await page.getByRole("button", { name: "Accept" }).dblclick();
  await expect(page).toHaveURL(new RegExp(`/w/${WORKSPACE}$`));
  const sent = asked.filter(({ method }) => method === "POST");
  expect(sent).toHaveLength(1);
  // The id and the workspace's header: a link of an older e-mail works as well.
  expect(sent[0]?.path).toBe(`/team/invitations/${ID}/accept`);
  expect(sent[0]?.headers["x-workspace-id"]).toBe(WORKSPACE);
  expect(sent[0]?.headers["idempotency-key"]).toBeTruthy();
  expect(await page.evaluate(() => Object.values(sessionStorage))).not.toContain(TOKEN);
});

test("declining_is_asked_first", async ({ page }) => {
  const asked = await open(page, LINK, { ...stage(), "POST /team/invitations/{token}/decline": { status: 204 } });
  await page.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("dialog")).toContainText("you must be invited again");
  await seenEverywhere(page, "invited-decline");
  await page.getByRole("dialog").getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("heading", { name: "You declined the invitation" })).toBeFocused();
  expect(asked.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual([`/team/invitations/${ID}/decline`]);
  await seenEverywhere(page, "invited-declined");
});

test("the_invitation_loads", async ({ page }) => {
  await open(page, LINK, { ...stage(), "GET /invitations": () => new Promise(() => undefined) });
  await expect(page.getByText("Looking for your invitation")).toBeVisible();
  await seenEverywhere(page, "invited-loading");
});

test("the_list_fails_in_its_place", async ({ page }) => {
  let down = true;
  await open(page, LINK, {
    ...stage(),
    "GET /invitations": (route: Route) =>
      route.fulfill({ status: down ? 429 : 200, headers: { "access-control-allow-origin": "*" }, json: down ? problem(429, "too_many_requests", "Wait a moment.") : { invitations: [offer], pagination } }),
  });
  await expect(page.getByRole("alert")).toContainText("Wait a moment.");
  await seenEverywhere(page, "invited-error");
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
});

test("an_invitation_that_is_not_listed_is_tried_by_its_token", async ({ page }) => {
  const asked = await open(page, LINK, { ...stage({ invitations: [] }), "POST /team/invitations/{token}/accept": { status: 403, body: problem(403, "invitation_for_another_address", "no") } });
  await expect(page.getByRole("heading", { name: "We cannot find this invitation" })).toBeVisible();
  await seenEverywhere(page, "invited-unmatched");
  await page.getByRole("button", { name: "Try to accept" }).click();
  await expect(page.getByRole("heading", { name: "This invitation is for another address" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Use another account" })).toBeVisible();
  expect(asked.find(({ method }) => method === "POST")?.path).toBe(`/team/invitations/${TOKEN}/accept`);
  await seenEverywhere(page, "invited-other-address");
  // The token waits for the other account.
  await page.getByRole("button", { name: "Use another account" }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fsignup$/);
  expect(await page.evaluate(() => Object.values(sessionStorage))).toContain(TOKEN);
});

test("a_used_invitation_says_so", async ({ page }) => {
  await open(page, LINK, { ...stage({ invitations: [] }), "POST /team/invitations/{token}/accept": { status: 404, body: problem(404, "invitation_not_found", "no") } });
  await page.getByRole("button", { name: "Try to accept" }).click();
  await expect(page.getByRole("heading", { name: "This invitation is not valid any more" })).toBeVisible();
  await seenEverywhere(page, "invited-gone");
});

test("an_unverified_address_is_confirmed_first", async ({ page }) => {
  await open(page, LINK, stage({ invitations: [], verified: false }));
  await expect(page.getByRole("heading", { name: "Confirm your address first" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in again" })).toBeVisible();
  await seenEverywhere(page, "invited-unverified");
});

test("a_member_is_led_to_the_workspace", async ({ page }) => {
  await open(page, LINK, stage({ invitations: [], workspaces: [mine] }));
  await expect(page.getByRole("heading", { name: /You are a member of .*Harbour works.* already/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "Open the workspace" })).toHaveAttribute("href", `/w/${WORKSPACE}`);
  await seenEverywhere(page, "invited-already");
});

test("a_full_workspace_keeps_the_invitation", async ({ page }) => {
  let full = true;
  const asked = await open(page, LINK, {
    ...stage(),
    "POST /team/invitations/{token}/accept": (route) =>
      route.fulfill({ status: full ? 402 : 200, headers: { "access-control-allow-origin": "*" }, json: full ? problem(402, "workspace_member_limit", "no", { limit: 3, used: 3 }) : {} }),
  });
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("heading", { name: "The workspace is full" })).toBeVisible();
  await seenEverywhere(page, "invited-full");
  full = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page).toHaveURL(new RegExp(`/w/${WORKSPACE}$`));
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
});

test("a_failure_keeps_the_page", async ({ page }) => {
  await open(page, LINK, { ...stage(), "POST /team/invitations/{token}/accept": { status: 500, body: problem(500, "internal", "Something broke.") } });
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("alert")).toContainText("Something went wrong on our side");
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
  await seenEverywhere(page, "invited-failed");
});

test("a_link_without_an_invitation_says_so", async ({ page }) => {
  await open(page, "/signup", {}, { signedIn: false });
  await expect(page.getByRole("heading", { name: "There is no invitation here" })).toBeVisible();
  await seenEverywhere(page, "invited-none");
  await page.goto("/signup?invite=half-a-token");
  await expect(page.getByRole("heading", { name: "You are invited" })).toBeVisible();
});

test("a_cut_link_says_so", async ({ page }) => {
  await open(page, "/signup?invite=half.a.token", stage());
  await expect(page.getByRole("heading", { name: "This link is not complete" })).toBeVisible();
  await seenEverywhere(page, "invited-broken");
});

test("workspace_names_of_every_kind_stay_in_their_place", async ({ page }) => {
  const name = `<script>alert(1)</script> ${"🦑".repeat(40)} زيد`;
  await open(page, LINK, stage({ invitations: [{ ...offer, workspace_name: name, invited_by_name: "زيد" }] }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Join \u2068${name}\u2069`);
  await seenEverywhere(page, "invited-names");
});
