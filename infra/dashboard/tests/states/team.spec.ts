import { usual } from "./catalogue";
import { expect, test, type Page, type Route } from "@playwright/test";
import { gate, NOW, WORKSPACE, open, problem, seenEverywhere, type Answers } from "./stage";

const PATH = `/w/${WORKSPACE}/settings/team`;
const XSS = '<img src=x onerror="document.title=1">"><script>alert(1)</script>';
const EMOJI = "🦑".repeat(100);
const RTL = "زيد العمراني";

type Role = "viewer" | "member" | "admin" | "owner";
const user = (n: number) => `usr_${String(n).padStart(3, "0")}`;

function member(n: number, full_name: string | null, role: Role, more: Record<string, unknown> = {}) {
  return {
    id: user(n),
    user_id: user(n),
    email: `person${n}@example.com`,
    full_name,
    role,
    status: "active",
    created_at: "2026-03-01T09:00:00Z",
    accepted_at: "2026-03-01T09:00:00Z",
    last_active_at: "2026-11-28T08:00:00Z",
    ...more,
  };
}

const ana = member(1, "Ana Lima", "owner", { email: "ana@example.com" });
const people = [ana, member(2, "Ben Ode", "admin"), member(3, "Chloé Dubois", "member"), member(4, null, "viewer", { last_active_at: "2026-10-02T08:00:00Z" })];

function invitation(n: number, delivery: string, more: Record<string, unknown> = {}) {
  return {
    id: `inv_${n}`,
    email: `invited${n}@example.com`,
    role: "member",
    invited_by: user(2),
    created_at: "2026-11-26T10:00:00Z",
    expires_at: "2026-12-03T20:00:00Z",
    delivery,
    ...more,
  };
}

const every = [
  "read_workspace", "update_workspace", "list_members", "manage_members", "remove_member", "invite_member", "list_invitations",
  "resend_invitation", "revoke_invitation", "leave_workspace", "manage_billing",
];
const needs: Record<string, Role> = { read_workspace: "viewer", list_members: "viewer", leave_workspace: "viewer", manage_billing: "owner" };
const refusedWhileSuspended = ["update_workspace", "manage_members", "invite_member", "resend_invitation"];
const roles: Role[] = ["viewer", "member", "admin", "owner"];

function access(role: Role, suspended: string[] = []) {
  return {
    role,
    actions: every.map((action) => {
      const required_role = needs[action] ?? "admin";
      const weak = roles.indexOf(role) < roles.indexOf(required_role);
      const stopped = suspended.includes(action);
      return { action, allowed: !weak && !stopped, required_role, ...(weak ? { reason: "role_required" } : stopped ? { reason: "workspace_suspended" } : {}) };
    }),
  };
}

const pagination = { has_more: false };

function json(route: Route, body: unknown, status = 200, headers: Record<string, string> = {}) {
  const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date, retry-after", date: new Date(NOW).toUTCString() };
  return route.fulfill({ status, headers: { ...cors, ...headers }, json: body });
}

interface Staged {
  role?: Role;
  members?: ReturnType<typeof member>[];
  former?: ReturnType<typeof member>[];
  invitations?: ReturnType<typeof invitation>[];
  limit?: number | null;
  /** Fields of the subscription. */
  paid?: object;
  suspended?: { reason: string; at: string };
}

function stage({ role = "owner", members = people, former = [], invitations = [], limit = 10, paid = {}, suspended }: Staged = {}): Answers {
  return {
    "GET /me": { body: { id: user(1), email: "ana@example.com", email_verified: true, name: "Ana Lima", timezone: "Europe/Lisbon" } },
    "GET /access": { body: access(role, suspended ? refusedWhileSuspended : []) },
    "GET /workspaces": { body: { workspaces: [{ id: WORKSPACE, name: "Harbour works", role, plan: "pro", runtime_status: "stopped", member_count: members.length, created_at: NOW }], pagination } },
    "GET /workspace": {
      headers: { etag: '"1"' },
      body: { id: WORKSPACE, name: "Harbour works", timezone: "Europe/Lisbon", member_count: members.length, plan: "pro", settings: {}, created_at: NOW, updated_at: NOW, suspended },
    },
    "GET /billing/plans": { body: usual },
    "GET /billing/subscription": { body: { plan: "pro", status: "active", cancel_at_period_end: false, limits: { members: limit }, ...paid } },
    "GET /team/members": (route) => {
      const query = new URL(route.request().url()).searchParams;
      const found = query.get("status") === "removed" ? former : members;
      return json(route, { members: found.filter(({ role }) => !query.get("role") || role === query.get("role")), pagination });
    },
    "GET /team/invitations": { body: { invitations, pagination } },
  };
}

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

test("members_and_seats_are_shown", async ({ page }) => {
  await open(page, PATH, stage({ invitations: [invitation(1, "sent"), invitation(2, "sent")] }));
  await expect(page.getByRole("heading", { level: 1, name: "Team" })).toBeFocused();
  await expect(page.getByRole("meter", { name: "Seats" })).toHaveAttribute("aria-valuetext", "6 / 10");
  await expect(page.getByText("2 of them are invitations. 4 seats are free.")).toBeVisible();
  await expect(row(page, "Ana Lima")).toContainText("you");
  await expect(row(page, "Ana Lima").getByRole("link", { name: /^Leave/ })).toHaveAttribute("href", `/w/${WORKSPACE}/settings`);
  await expect(row(page, "Ben Ode")).toContainText("2 hours ago");
  await seenEverywhere(page, "team-members");
});

test("members_load_and_fail_in_place", async ({ page }) => {
  const answers = stage();
  await open(page, PATH, { ...answers, "GET /team/members": { status: 403, body: problem(403, "odd", "The list is closed.") }, "GET /workspace": { ...(answers["GET /workspace"] as object), delay: 500 } });
  await expect(page.getByRole("status", { name: "Loading" }).first()).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("The list is closed.");
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByRole("meter", { name: "Seats" })).toBeVisible();
  await seenEverywhere(page, "team-error");
});

test("loading_holds_the_place_of_the_list", async ({ page }) => {
  await open(page, PATH, { ...stage(), "GET /team/members": () => new Promise(() => undefined), "GET /billing/subscription": () => new Promise(() => undefined) });
  await expect(page.getByRole("heading", { level: 1, name: "Team" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(2);
  await seenEverywhere(page, "team-loading");
});

test("who_is_alone_is_asked_to_invite", async ({ page }) => {
  await open(page, PATH, stage({ members: [ana], limit: 1 }));
  await expect(page.getByText("You are the only one here")).toBeVisible();
  await expect(page.getByText("The plan's one seat is taken")).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await seenEverywhere(page, "team-alone");
});

test("filters_are_in_the_address", async ({ page }) => {
  await open(page, `${PATH}?q=ben&role=admin`, stage());
  await expect(page.getByRole("list", { name: "Members" }).getByRole("listitem")).toHaveCount(1);
  await expect(page.getByRole("status").filter({ hasText: "1 of 4 shown" })).toBeVisible();
  await page.getByRole("searchbox").fill("nobody at all");
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await expect(page).toHaveURL(/q=nobody(\+|%20)at(\+|%20)all/);
  await seenEverywhere(page, "team-nobody");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page.getByRole("list", { name: "Members" }).getByRole("listitem")).toHaveCount(4);
  await expect(page).toHaveURL(new RegExp(`${PATH}$`));
});

test("a_filter_reads_the_rest_of_a_long_list", async ({ page }) => {
  const [first, second] = [people.slice(0, 2), people.slice(2)];
  await open(page, PATH, {
    ...stage(),
    "GET /team/members": (route) =>
      new URL(route.request().url()).searchParams.get("cursor") === "more"
        ? json(route, { members: second, pagination })
        : json(route, { members: first, pagination: { has_more: true, next_cursor: "more" } }),
  });
  await expect(page.getByRole("button", { name: "Load more" })).toBeVisible();
  await page.getByRole("searchbox").fill("chlo");
  await expect(row(page, "Chloé Dubois")).toBeVisible();
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);
});

test("a_role_changes_at_once", async ({ page }) => {
  const asked = await open(page, PATH, {
    ...stage(),
    "PUT /team/members/{id}/role": async (route) => {
      await new Promise((done) => setTimeout(done, 600));
      return json(route, { ...people[2], role: "admin" });
    },
  });
  await page.getByRole("button", { name: /Role of .*Chloé/ }).click();
  await expect(page.getByRole("button", { name: /^Admin Manages/ })).toBeVisible();
  await seenEverywhere(page, "team-role-menu");
  // It follows its button through every window.
  await page.setViewportSize({ width: 390, height: 844 });
  const [menu, button] = await Promise.all([page.getByRole("button", { name: /^Admin Manages/ }), page.getByRole("button", { name: /Role of .*Chloé/ })].map((one) => one.boundingBox()));
  expect(Math.abs((menu?.x ?? 0) - (button?.x ?? 0))).toBeLessThan(60);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole("button", { name: /^Admin Manages/ }).click();
  await expect(row(page, "Chloé").getByRole("button", { name: /: Admin$/ })).toBeVisible({ timeout: 400 });
  await expect(page.getByText("Chloé Dubois⁩ has the role Admin now.")).toBeVisible();
  expect(asked.filter(({ method }) => method === "PUT").map(({ body }) => body)).toEqual([{ role: "admin" }]);
});

test("a_refused_role_is_rolled_back", async ({ page }) => {
  await open(page, PATH, { ...stage(), "PUT /team/members/{id}/role": { status: 409, body: problem(409, "last_owner", "no"), delay: 300 } });
  await page.getByRole("button", { name: /Role of .*Chloé/ }).click();
  await page.getByRole("button", { name: /^Viewer Sees/ }).click();
  await expect(row(page, "Chloé").getByRole("button", { name: /: Viewer$/ })).toBeVisible();
  await expect(row(page, "Chloé").getByRole("alert")).toContainText("A workspace keeps an owner.");
  await expect(row(page, "Chloé").getByRole("button", { name: /: Member$/ })).toBeVisible();
  await expect(row(page, "Chloé")).toContainText("still has the role Member");
  await seenEverywhere(page, "team-role-refused");
});

test("making_an_owner_is_asked_first", async ({ page }) => {
  const asked = await open(page, PATH, { ...stage(), "PUT /team/members/{id}/role": { body: { ...people[1], role: "owner" } } });
  await page.getByRole("button", { name: /Role of .*Ben/ }).click();
  await page.getByRole("button", { name: /^Owner Pays/ }).click();
  await expect(page.getByRole("dialog")).toContainText("may delete the workspace");
  expect(asked.some(({ method }) => method === "PUT")).toBe(false);
  await page.getByRole("button", { name: "Make an owner" }).click();
  await expect.poll(() => asked.filter(({ method }) => method === "PUT").map(({ body }) => body)).toEqual([{ role: "owner" }]);
});

test("removing_names_what_is_revoked_with_it", async ({ page }) => {
  const left = [...people];
  const answers = stage({ members: left, invitations: [invitation(1, "sent"), invitation(2, "sent", { invited_by: user(1) })] });
  const asked = await open(page, PATH, {
    ...answers,
    "DELETE /team/members/{id}": async (route) => {
      left.splice(1, 1);
      await new Promise((done) => setTimeout(done, 200));
      return json(route, null, 204);
    },
  });
  await page.getByRole("button", { name: /Remove .*Ben Ode/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("invited1@example.com");
  await expect(dialog).not.toContainText("invited2@example.com");
  await seenEverywhere(page, "team-remove");
  await dialog.getByRole("button", { name: "Remove from the workspace" }).dblclick();
  await expect(page.getByText("was removed.")).toBeVisible();
  await expect(row(page, "Ben Ode")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2, name: "Members" })).toBeFocused();
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("another_is_removed_before_the_first_is_answered", async ({ page }) => {
  const left = [...people];
  const { open: answer, opened } = gate();
  const asked = await open(page, PATH, {
    ...stage({ members: left }),
    "DELETE /team/members/{id}": async (route) => {
      const id = route.request().url().split("/").pop();
      if (id === user(2)) await opened;
      left.splice(left.findIndex((one) => one.id === id), 1);
      return json(route, null, 204);
    },
  });
  const dialog = page.getByRole("dialog");
  const remove = async (name: string) => {
    await page.getByRole("button", { name: new RegExp(`Remove .*${name}`) }).click();
    await dialog.getByRole("button", { name: "Remove from the workspace" }).click();
  };
  await remove("Ben Ode");
  await page.keyboard.press("Escape");
  await remove("Chloé Dubois");
  await expect(page.getByText("⁨Chloé Dubois⁩ was removed.")).toBeVisible();
  await page.getByRole("button", { name: /Remove .*person4/ }).click();
  answer();
  await expect(page.getByText("⁨Ben Ode⁩ was removed.")).toBeVisible();
  await expect(row(page, "Ben Ode")).toHaveCount(0);
  await expect(dialog, "the late answer closes no other question").toContainText("person4@example.com");
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(2);
});

test("what_a_member_may_not_do_says_why", async ({ page }) => {
  const asked = await open(page, PATH, { ...stage({ role: "member", members: [people[1]!, { ...ana, role: "member" }, member(5, "Olga Owner", "owner")] }), "GET /access": { body: access("member"), delay: 500 }, "GET /team/invitations": { status: 403, body: problem(403, "role_required", "no") } });
  const invite = page.getByRole("button", { name: "Invite people" });
  await expect(invite).toHaveAttribute("aria-disabled", "true");
  await expect(invite).toHaveAccessibleDescription("Only people with the role Admin or a higher one can do this.");
  await expect(page.getByRole("button", { name: /Remove .*Ben/ })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText("Pending invitations hold seats, too; admins see them.")).toBeVisible();
  expect(asked.map(({ path }) => path), "what may not be read is not asked for").not.toContain("/team/invitations");
  await seenEverywhere(page, "team-forbidden");
  await page.getByRole("link", { name: "Invitations" }).click();
  await expect(page.getByText("Pending invitations are not shown to you")).toBeVisible();
  await expect(page.getByText("Olga Owner")).toBeVisible();
  await seenEverywhere(page, "team-invitations-forbidden");
  await page.goto(`${PATH}?invite=true`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("an_admin_reaches_no_owner", async ({ page }) => {
  await open(page, PATH, stage({ role: "admin", members: [{ ...ana, role: "admin" }, member(5, "Olga Owner", "owner"), people[2]!] }));
  const remove = page.getByRole("button", { name: /Remove .*Olga/ });
  await expect(remove).toHaveAccessibleDescription("Only people with the role Owner can do this.");
  await page.getByRole("button", { name: /Role of .*Chloé/ }).click();
  await expect(page.getByRole("button", { name: /^Owner Only people/ })).toHaveAttribute("aria-disabled", "true");
});

test("names_of_every_kind_stay_in_their_place", async ({ page }) => {
  const odd = [ana, member(6, XSS, "member"), member(7, RTL, "admin"), member(8, EMOJI, "viewer"), member(9, "x".repeat(100), "member", { email: `${"y".repeat(60)}@${"z".repeat(60)}.example` })];
  await open(page, PATH, stage({ members: odd }));
  await expect(row(page, XSS)).toBeVisible();
  await expect(page).toHaveTitle("Team · Acme");
  await seenEverywhere(page, "team-names");
});

test("invitations_show_what_became_of_their_mail", async ({ page }) => {
  const all = ["sent", "queued", "deferred", "stopped", "bounced", "complained", "failed"].map((delivery, n) => invitation(n, delivery, n === 4 ? { role: "owner" } : {}));
  await open(page, `${PATH}?tab=invitations`, stage({ role: "admin", members: [{ ...ana, role: "admin" }, people[1]!], invitations: all, limit: null }));
  await expect(row(page, "invited0@")).toContainText("as Member · by ⁨Ben Ode⁩");
  await expect(row(page, "invited0@")).toContainText("in 5 days");
  await expect(row(page, "invited2@")).toContainText("when the next day begins");
  await expect(row(page, "invited3@")).toContainText("No e-mail sent");
  await expect(row(page, "invited4@")).toContainText("E-mail came back");
  await expect(row(page, "invited4@").getByRole("button", { name: /^Revoke/ })).toHaveAccessibleDescription("Only people with the role Owner can do this.");
  await expect(row(page, "invited5@")).toContainText("Marked as unwanted");
  await seenEverywhere(page, "team-invitations");
});

test("no_invitation_is_pending", async ({ page }) => {
  await open(page, `${PATH}?tab=invitations`, stage());
  await expect(page.getByText("No invitation is pending")).toBeVisible();
  await seenEverywhere(page, "team-invitations-empty");
});

test("sending_again_keeps_its_key_until_it_succeeds", async ({ page }) => {
  let down = true;
  const asked = await open(page, `${PATH}?tab=invitations`, {
    ...stage({ invitations: [invitation(1, "bounced")] }),
    "POST /team/invitations/{id}/resend": (route) => (down ? json(route, problem(503, "unavailable", "no"), 503) : json(route, invitation(1, "queued"), 202)),
  });
  await page.getByRole("button", { name: /Send again/ }).click();
  await expect(page.getByRole("alert")).toContainText("does not answer at the moment");
  down = false;
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("is on its way again")).toBeVisible();
  await page.getByRole("button", { name: /Send again/ }).click();
  await expect.poll(() => asked.filter(({ method }) => method === "POST").length).toBe(3);
  const [first, second, third] = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
  expect(first).toBe(second);
  expect(third).not.toBe(first);
});

test("an_invitation_is_revoked", async ({ page }) => {
  const pending = [invitation(1, "sent")];
  const asked = await open(page, `${PATH}?tab=invitations`, {
    ...stage({ invitations: pending }),
    "DELETE /team/invitations/{id}": (route) => {
      pending.pop();
      return json(route, null, 204);
    },
  });
  await page.getByRole("button", { name: /^Revoke the/ }).click();
  await expect(page.getByRole("dialog")).toContainText("and the seat is free");
  await seenEverywhere(page, "team-revoke");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke the invitation" }).click();
  await expect(page.getByText("No invitation is pending")).toBeVisible();
  expect(asked.some(({ method, path }) => method === "DELETE" && path === "/team/invitations/inv_1")).toBe(true);
});

test("a_late_answer_leaves_the_next_invitation_asked_about", async ({ page }) => {
  const { open: answer, opened } = gate();
  await open(page, `${PATH}?tab=invitations`, {
    ...stage({ invitations: [invitation(1, "sent"), invitation(2, "sent")] }),
    "DELETE /team/invitations/{id}": async (route) => {
      await opened;
      return json(route, null, 204);
    },
  });
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: /^Revoke the.*invited1/ }).click();
  await dialog.getByRole("button", { name: "Revoke the invitation" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Revoke the.*invited2/ }).click();
  answer();
  await expect(page.getByText(/⁨invited1@example.com⁩.*revoked/)).toBeVisible();
  await expect(dialog).toContainText("⁨invited2@example.com⁩");
});

test("a_former_member_comes_back", async ({ page }) => {
  const former = [member(8, "Dora Former", "member", { status: "removed" }), member(9, "Emil Former", "owner", { status: "removed" })];
  const asked = await open(page, `${PATH}?tab=former`, {
    ...stage({ role: "admin", members: [{ ...ana, role: "admin" }], former }),
    "POST /team/members/{id}/reactivate": (route) => json(route, { ...former.shift(), status: "active" }),
  });
  await expect(page.getByRole("button", { name: /Bring .*Emil/ })).toHaveAttribute("aria-disabled", "true");
  await seenEverywhere(page, "team-former");
  await page.getByRole("button", { name: /Bring .*Dora/ }).click();
  await expect(page.getByText("is back in the role Member.")).toBeVisible();
  await expect(row(page, "Dora Former")).toHaveCount(0);
  expect(asked.find(({ method }) => method === "POST")?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("nobody_is_former", async ({ page }) => {
  await open(page, `${PATH}?tab=former`, stage());
  await expect(page.getByText("Nobody has left or was removed")).toBeVisible();
  await seenEverywhere(page, "team-former-empty");
});

const noSeat = problem(402, "workspace_member_limit", "no", { limit: 5, used: 5, upgrade_to: "business" });

test("a_full_workspace_leads_its_owner_to_the_plan", async ({ page }) => {
  await open(page, `${PATH}?tab=former`, { ...stage({ former: [member(8, "Dora Former", "member")] }), "POST /team/members/{id}/reactivate": { status: 402, body: noSeat } });
  await page.getByRole("button", { name: /Bring/ }).click();
  await expect(page.getByRole("alert")).toContainText("All seats are taken");
  await expect(page.getByRole("link", { name: "Upgrade to Business" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing?plan=business`);
  await seenEverywhere(page, "team-full-owner");
});

test("the_way_to_the_plan_ends_in_its_view", async ({ page }) => {
  const limits = usual.plans[0]!.limits;
  const free = { plan: "free", status: "active", interval: null, current_period_end: null, scheduled_plan: null, next_step: "buy", can_buy: true, addons: [], limits };
  await open(page, `${PATH}?tab=former`, {
    ...stage({ former: [member(8, "Dora Former", "member")] }),
    "POST /team/members/{id}/reactivate": { status: 402, body: noSeat },
    "GET /billing/subscription": { body: free },
    "GET /billing/usage": { body: { period: { start: NOW, end: NOW }, usage: [] } },
    "GET /billing/config": { body: { limits, current_usage: {}, recent_invoices: [], reversals: [] } },
  });
  await page.getByRole("button", { name: /Bring/ }).click();
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.getByRole("link", { name: "Upgrade to Business" }).click();
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Business" }) });
  await expect(card.getByText("Recommended")).toBeInViewport();
  // From then on, the page stays where the reader scrolls.
  const yearly = page.getByRole("link", { name: "Yearly" });
  await page.evaluate(() => scrollTo({ top: 0 }));
  await yearly.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => scrollY);
  await yearly.click();
  await expect(card.getByText("$790.00")).toBeAttached();
  expect(await page.evaluate(() => scrollY)).toBe(place);
});

test("a_full_workspace_names_the_owners_to_others", async ({ page }) => {
  const members = [{ ...ana, role: "admin" as const }, member(5, "Olga Owner", "owner"), member(6, RTL, "owner"), people[2]!, people[3]!];
  await open(page, PATH, stage({ role: "admin", limit: 5, members }));
  await expect(page.getByText(/Ask an owner: .*Olga Owner.* and .*زيد/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveCount(0);
  await seenEverywhere(page, "team-full-admin");
});

const unpaid = problem(402, "workspace_past_due", "no");

test("a_late_payment_is_said_while_the_team_works_on", async ({ page }) => {
  await open(page, PATH, stage({ paid: { status: "past_due", grace_until: "2026-12-05T00:00:00Z" } }));
  await expect(page.getByText("A payment did not go through")).toBeVisible();
  await expect(page.getByText(/stays in force until (Dec|5 Dec)/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Open billing" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await expect(page.getByRole("button", { name: "Invite people" })).not.toHaveAttribute("aria-disabled");
  await seenEverywhere(page, "team-past-due");
});

test("an_unpaid_plan_refuses_invitations_and_leads_to_pay", async ({ page }) => {
  await open(page, `${PATH}?invite=true`, { ...stage({ paid: { status: "unpaid" } }), "POST /team/invite": { status: 402, body: unpaid } });
  await expect(page.getByText("Your plan is not in force, because a payment is missing")).toBeVisible();
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("a@example.com b@example.com");
  await page.getByRole("button", { name: "Send 2 invitations" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toContainText("A payment is due");
  await expect(dialog.getByRole("link", { name: "Pay in Billing" })).toHaveAttribute("href", `/w/${WORKSPACE}/settings/billing`);
  await expect(dialog.getByRole("listitem").filter({ hasText: "b@" })).toContainText("Not sent");
  await seenEverywhere(page, "team-unpaid");
});

test("an_unpaid_plan_names_the_owners_to_an_admin", async ({ page }) => {
  const members = [{ ...ana, role: "admin" as const }, member(5, "Olga Owner", "owner")];
  await open(page, `${PATH}?tab=former`, {
    ...stage({ role: "admin", members, former: [member(8, "Dora Former", "member")], paid: { status: "unpaid" } }),
    "POST /team/members/{id}/reactivate": { status: 402, body: unpaid },
  });
  await page.getByRole("button", { name: /Bring .*Dora/ }).click();
  await expect(row(page, "Dora Former").getByRole("alert")).toContainText("Ask an owner: Olga Owner.");
  await expect(page.getByRole("link", { name: "Pay in Billing" })).toHaveCount(0);
  await seenEverywhere(page, "team-unpaid-admin");
});

test("a_suspended_team_says_why_and_still_gives_seats_up", async ({ page }) => {
  const suspended = { reason: "The card was reported stolen.", at: NOW };
  await open(page, PATH, stage({ suspended, invitations: [invitation(1, "sent")], former: [member(8, "Dora Former", "member")] }));
  const why = "This workspace is suspended. Contact support to have the suspension lifted.";
  await expect(page.getByText("This workspace is suspended", { exact: true })).toBeVisible();
  await expect(page.getByText("The card was reported stolen.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Invite people" })).toHaveAccessibleDescription(why);
  await expect(page.getByRole("button", { name: /Role of .*Ben/ })).toHaveAccessibleDescription(why);
  await expect(page.getByRole("button", { name: /Remove .*Ben/ })).not.toHaveAttribute("aria-disabled");
  await seenEverywhere(page, "team-suspended");
  await page.getByRole("link", { name: "Invitations" }).click();
  await expect(page.getByRole("button", { name: /Send again/ })).toHaveAccessibleDescription(why);
  await expect(page.getByRole("button", { name: /^Revoke/ })).not.toHaveAttribute("aria-disabled");
  await seenEverywhere(page, "team-suspended-invitations");
  await page.getByRole("link", { name: "Former" }).click();
  await expect(page.getByRole("button", { name: /Bring .*Dora/ })).toHaveAccessibleDescription(why);
});

test("each_address_has_its_own_answer", async ({ page }) => {
  const asked = await open(page, PATH, {
    ...stage(),
    "POST /team/invite": async (route) => {
      const { email } = route.request().postDataJSON() as { email: string };
      await new Promise((done) => setTimeout(done, 150));
      if (email.startsWith("taken")) return json(route, problem(409, "address_taken", "no"), 409);
      if (email.startsWith("odd")) return json(route, problem(400, "invalid_request", "no", { errors: [{ in: "body", field: "email", message: "must be an e-mail address" }] }), 400);
      return json(route, invitation(1, "queued", { email }), 201);
    },
  });
  await page.getByRole("button", { name: "Invite people" }).click();
  await expect(page).toHaveURL(/invite=true/);
  await expect(page.getByRole("textbox", { name: "E-mail addresses" })).toBeFocused();
  await page.getByRole("button", { name: "Send invitations" }).click();
  await expect(page.getByRole("textbox", { name: "E-mail addresses" })).toHaveAccessibleDescription(/Enter at least one address/);
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("dora@example.com, nonsense");
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByText(/This is not an e-mail address: .*nonsense/)).toBeVisible();
  await seenEverywhere(page, "team-invite");
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("Dora D <dora@example.com>, taken@example.com\nodd@example.com emil@example.com");
  await page.getByRole("radio", { name: "Viewer" }).check();
  await page.getByRole("button", { name: "Send 4 invitations" }).dblclick();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("2 of 4 invited");
  await expect(dialog, "the focus outlives the form").toBeFocused();
  await expect(dialog.getByRole("listitem").filter({ hasText: "taken@" })).toContainText("has a seat or a pending invitation");
  await expect(dialog.getByRole("listitem").filter({ hasText: "odd@" })).toContainText("must be an e-mail address");
  await seenEverywhere(page, "team-invite-answers");
  const sent = asked.filter(({ method }) => method === "POST");
  expect(sent.map(({ body }) => body)).toEqual(["dora", "taken", "odd", "emil"].map((name) => ({ email: `${name}@example.com`, role: "viewer" })));
  expect(new Set(sent.map(({ headers }) => headers["idempotency-key"])).size).toBe(4);
  await dialog.getByRole("button", { name: "Edit the rest" }).click();
  await expect(page.getByRole("textbox", { name: "E-mail addresses" })).toHaveValue("taken@example.com\nodd@example.com");
});

test("a_full_workspace_ends_the_round", async ({ page }) => {
  const asked = await open(page, `${PATH}?invite=true`, {
    ...stage({ limit: 5 }),
    "POST /team/invite": (route) => {
      const { email } = route.request().postDataJSON() as { email: string };
      return email === "a@example.com" ? json(route, invitation(1, "queued", { email }), 201) : json(route, noSeat, 402);
    },
  });
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("a@example.com b@example.com c@example.com");
  await expect(page.getByText("Only 1 seat is free: the others are refused.")).toBeVisible();
  await page.getByRole("button", { name: "Send 3 invitations" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 of 3 invited");
  await expect(dialog.getByRole("alert")).toContainText("All seats are taken");
  await expect(dialog.getByRole("listitem").filter({ hasText: "c@" })).toContainText("Not sent");
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
  await seenEverywhere(page, "team-invite-full");
});

test("all_sent_leads_to_the_invitations", async ({ page }) => {
  const pending = [invitation(7, "queued")];
  await open(page, `${PATH}?invite=true`, { ...stage({ invitations: pending }), "POST /team/invite": { status: 201, body: pending[0] } });
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("invited7@example.com");
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByText("1 invitation is on its way.")).toBeVisible();
  await expect(page).toHaveURL(/tab=invitations$/);
  await expect(row(page, "invited7@example.com")).toBeVisible();
});

test("an_invitation_is_shown_although_an_older_read_was_on_its_way", async ({ page }) => {
  let sent = false;
  const fresh = invitation(7, "queued");
  await open(page, `${PATH}?invite=true`, {
    ...stage(),
    "GET /team/invitations": async (route) => {
      const invitations = sent ? [fresh] : [];
      if (!sent) await new Promise((done) => setTimeout(done, 4000));
      // A page that has given the read up takes no answer.
      await json(route, { invitations, pagination }).catch(() => undefined);
    },
    "POST /team/invite": (route) => {
      sent = true;
      return json(route, fresh, 201);
    },
  });
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("invited7@example.com");
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByText("1 invitation is on its way.")).toBeVisible();
  // The old answer has come, too.
  await page.waitForTimeout(4500);
  await expect(page).toHaveURL(/tab=invitations$/);
  await expect(row(page, "invited7@example.com")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("an_unanswered_invitation_is_sent_again_under_its_key", async ({ page }) => {
  let down = true;
  const asked = await open(page, `${PATH}?invite=true`, {
    ...stage(),
    "POST /team/invite": (route) => (down ? json(route, problem(503, "outcome_unknown", "no"), 503) : json(route, invitation(1, "queued"), 201)),
  });
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill("a@example.com");
  await page.getByRole("button", { name: "Send 1 invitation" }).click();
  await expect(page.getByRole("alert")).toContainText("it is not done twice");
  down = false;
  await page.getByRole("button", { name: "Try the rest again" }).click();
  await expect(page.getByText("1 invitation is on its way.")).toBeVisible();
  const keys = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("the_team_speaks_german", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("berth.language", "de"));
  await open(page, PATH, stage({ invitations: [invitation(1, "sent")] }));
  await expect(page.getByText("davon 1 Einladung. 5 Plätze sind frei.")).toBeVisible();
  await seenEverywhere(page, "team-german");
});
