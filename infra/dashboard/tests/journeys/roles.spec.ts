// Four roles of one workspace: what the dashboard offers to each is what infra/local/tests/access.txt, read here, allows to each.

import type { Locator, Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import type { components } from "berth-client";
import { account, expect, freshAddress, outputs, shot, test, type Opened, type Person } from "./cloud";

type Access = components["schemas"]["Access"];
type Action = Access["actions"][number]["action"];
type Role = "viewer" | "member" | "admin" | "owner";
const roles: readonly Role[] = ["viewer", "member", "admin", "owner"];
const names: Record<Role, string> = { viewer: "Viewer", member: "Member", admin: "Admin", owner: "Owner" };

/** From access.txt: by route, the roles that it does not refuse in their own workspace. */
const allowed = new Map<string, Role[]>();
let route = "";
for (const line of readFileSync(new URL("../../../local/tests/access.txt", import.meta.url), "utf8").split("\n")) {
  const [, role, answer] = /^ {2}(viewer|member|admin|owner) +(.{1,28})/.exec(line) ?? [];
  if (/^(GET|POST|PUT|PATCH|DELETE) /.test(line)) allowed.set((route = line.trim()), []);
  else if (role && answer && !answer.startsWith("403 role_required")) allowed.get(route)?.push(role as Role);
}

/** Where a control is, or what is shown in place of something that may not be read. */
type Offer = { route: string; at: Place } & (
  | { control: (page: Page) => Locator; /** What makes it usable to those who may, such as a change to be saved. */ first?: (page: Page) => Promise<void> }
  | { shown: (page: Page) => Locator; hidden?: (page: Page) => Locator }
);
type Place = "overview" | "general" | "team" | "invitations" | "former" | "billing" | "notifications" | "audit" | "usage" | "doctor" | "integration" | "keys" | "due";

const button = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name, exact: true });
const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

/** Every action of GET /access: its controls, or why it has none. */
const offers: Record<Action, readonly Offer[] | "not in this half"> = {
  read_workspace: [{ route: "GET /workspace", at: "general", shown: (page) => page.getByLabel("Name", { exact: true }) }],
  update_workspace: [
    {
      route: "PUT /workspace",
      at: "general",
      control: button("Save changes"),
      first: async (page) => page.getByLabel("Name", { exact: true }).fill("Another name"),
    },
  ],
  delete_workspace: [{ route: "DELETE /workspace", at: "general", control: button("Delete") }],
  leave_workspace: [{ route: "POST /team/leave", at: "general", control: button("Leave") }],
  transfer_ownership: [{ route: "POST /team/transfer-ownership", at: "general", control: button("Transfer") }],
  list_members: [{ route: "GET /team/members", at: "team", shown: (page) => row(page, "Target Person") }],
  manage_members: [
    { route: "PUT /team/members/{id}/role", at: "team", control: button(/^Role of .*Target Person/) },
    { route: "POST /team/members/{id}/reactivate", at: "former", control: button(/^Bring .*Former Person.* back$/) },
  ],
  remove_member: [{ route: "DELETE /team/members/{id}", at: "team", control: button(/^Remove .*Target Person/) }],
  invite_member: [{ route: "POST /team/invite", at: "team", control: button("Invite people") }],
  list_invitations: [
    {
      route: "GET /team/invitations",
      at: "invitations",
      shown: (page) => row(page, "pending-"),
      hidden: (page) => page.getByText("People with the role Admin or a higher one see them."),
    },
  ],
  // In a list that only those see who may send and revoke.
  resend_invitation: [{ route: "POST /team/invitations/{id}/resend", at: "invitations", shown: button(/^Send again to/) }],
  revoke_invitation: [{ route: "DELETE /team/invitations/{id}", at: "invitations", shown: button(/^Revoke the invitation of/) }],
  read_activity: [
    {
      route: "GET /team/activity",
      at: "overview",
      shown: (page) => page.getByRole("listitem").filter({ hasText: "Owner Person" }).first(),
      hidden: (page) => page.getByText("Admins and owners see what happened in the workspace."),
    },
    {
      route: "GET /team/activity",
      at: "audit",
      shown: (page) => page.getByRole("rowheader").filter({ hasText: "Owner Person" }).first(),
      hidden: (page) => page.getByText("People with the role Admin or a higher one see it."),
    },
  ],
  read_runtime: [{ route: "GET /workspace/status", at: "overview", shown: (page) => page.getByText("Uses nothing while it is off.") }],
  control_runtime: [
    { route: "POST /workspace/start", at: "overview", control: button("Start") },
    { route: "POST /workspace/stop", at: "overview", control: button("Stop") },
    { route: "POST /workspace/restart", at: "overview", control: button("Restart") },
  ],
  read_billing: [
    { route: "GET /billing/subscription", at: "billing", shown: (page) => page.getByText("Renews on") },
    { route: "GET /billing/usage", at: "billing", shown: (page) => page.getByRole("meter", { name: "Executions" }) },
    { route: "GET /billing/usage/days", at: "usage", shown: (page) => page.getByRole("list", { name: "Executions by day" }) },
  ],
  preview_plan: [{ route: "GET /billing/plan/preview", at: "billing", control: button("Upgrade to Business") }],
  sync_billing: [{ route: "POST /billing/sync", at: "due", control: button("Check again") }],
  manage_billing: [
    { route: "POST /billing/portal", at: "billing", control: button("Manage at Stripe") },
    { route: "DELETE /billing/subscription", at: "billing", control: button("Cancel plan") },
    { route: "POST /billing/portal", at: "due", control: button("Pay now") },
  ],
  read_invoices: [
    {
      route: "GET /billing/invoices",
      at: "billing",
      shown: (page) => page.getByRole("row", { name: /\$29\.00/ }),
      hidden: (page) => page.getByText("Invoices are not shown to you"),
    },
  ],
  read_notifications: [
    { route: "GET /notifications/unread-count", at: "overview", shown: (page) => page.getByRole("button", { name: /^Notifications/ }) },
    { route: "GET /notifications/preferences", at: "notifications", shown: (page) => page.getByRole("switch", { name: "Team" }) },
  ],
  update_notifications: [{ route: "POST /notifications/preferences", at: "notifications", shown: (page) => page.getByRole("switch", { name: "Team", disabled: false }) }],
  read_usage: [{ route: "GET /billing/usage", at: "usage", shown: (page) => page.getByRole("heading", { level: 1, name: "Usage" }) }],
  read_keys: [
    {
      route: "GET /api-keys",
      at: "keys",
      shown: (page) => row(page, "Nightly export").first(),
      hidden: (page) => page.getByText("People with the role Admin or a higher one see them."),
    },
  ],
  manage_keys: [{ route: "POST /api-keys", at: "keys", shown: button("Create a key") }],
  revoke_key: [{ route: "DELETE /api-keys/{id}", at: "keys", shown: button(/^Revoke/) }],
  read_integrations: [{ route: "GET /integrations/{type}", at: "integration", shown: (page) => page.getByRole("heading", { level: 2, name: "Webhook" }) }],
  manage_integrations: [
    { route: "POST /integrations/{type}/test", at: "integration", control: button("Send a test") },
    { route: "DELETE /integrations/{type}", at: "integration", control: button("Remove") },
    // Last, because a test needs saved settings.
    {
      route: "PUT /integrations/{type}",
      at: "integration",
      control: button("Save changes"),
      first: async (page) => page.getByLabel("Description", { exact: true }).fill("Another description"),
    },
  ],
  read_deliveries: [
    {
      route: "GET /integrations/{type}/deliveries",
      at: "integration",
      shown: (page) => page.getByText("Nothing was delivered yet"),
      hidden: (page) => page.getByText("Deliveries are not shown to you"),
    },
  ],
  consume_usage: "not in this half",
  release_usage: "not in this half",
  export_workspace: [{ route: "POST /workspace/export", at: "general", control: button("Export") }],
  see_doctor: [
    {
      route: "GET /workspace/doctor",
      at: "doctor",
      shown: (page) => page.getByRole("heading", { name: "Checks" }),
      hidden: (page) => page.getByText("People with the role Owner examine and repair the workspace."),
    },
  ],
  // On a page that only those see who may repair.
  repair: [{ route: "POST /workspace/doctor", at: "doctor", shown: button("Repair") }],
};

const places: Record<Place, string> = {
  overview: "",
  general: "/settings",
  team: "/settings/team",
  invitations: "/settings/team?tab=invitations",
  former: "/settings/team?tab=former",
  billing: "/settings/billing",
  notifications: "/settings/notifications",
  audit: "/settings/audit",
  usage: "/usage",
  doctor: "/settings/doctor",
  integration: "/settings/integrations/webhook",
  keys: "/settings/api-keys",
  due: "/settings/billing",
};

/** Why controls of a container that is off cannot be used, by those who may use them. */
const OFF = /^(It is not running\.)?$/;

test("four roles are offered what they may do, with reasons", async ({ person }) => {
  const [viewer, member, admin, owner, second, target, former] = await Promise.all([
    person("Viewer Person"),
    person("Member Person"),
    person("Admin Person"),
    person("Owner Person"),
    account("Second Owner"),
    account("Target Person"),
    account("Former Person"),
  ]);
  const people: Record<Role, Signed> = { viewer, member, admin, owner };

  const workspace = await test.step("a paid workspace with all of them", async () => {
    const workspace = await owner.person.workspace("Four roles");
    await owner.person.pays(workspace, "pro");
    await Promise.all([
      viewer.person.joins(workspace, owner.person, "viewer"),
      member.person.joins(workspace, owner.person, "member"),
      admin.person.joins(workspace, owner.person, "admin"),
      second.joins(workspace, owner.person, "owner"),
      target.joins(workspace, owner.person, "viewer"),
      former.joins(workspace, owner.person, "viewer"),
      owner.person.call("POST", "/team/invite", { workspace, body: { email: freshAddress("pending"), role: "viewer" } }),
    ]);
    const { members } = await owner.person.call<{ members: { id: string; email: string }[] }>("GET", "/team/members", { workspace });
    await owner.person.call("DELETE", `/team/members/${members.find(({ email }) => email === former.email)?.id}`, { workspace });
    await owner.person.call("PUT", "/integrations/webhook", { workspace, body: { config: { url: "https://hooks.example.com/roles" }, generate_secret: true } });
    await owner.person.call("POST", "/api-keys", { workspace, body: { name: "Nightly export", scopes: ["team:read"] } });
    return workspace;
  });

  await test.step("every action has its control or its reason", async () => {
    const { actions } = await owner.person.call<Access>("GET", "/access", { workspace });
    expect(Object.keys(offers).sort()).toEqual(actions.map(({ action }) => action).sort());
    for (const list of Object.values(offers)) {
      if (list !== "not in this half") for (const { route } of list) expect([...allowed.keys()], "a route of access.txt").toContain(route);
    }
  });

  await Promise.all(roles.map((role) => walk(role, people[role], workspace)));
});

type Signed = { person: Person } & Opened;

async function walk(role: Role, { page, person }: Signed, workspace: string) {
  const { actions } = await person.call<Access>("GET", "/access", { workspace });
  const required = new Map(actions.map(({ action, required_role }) => [action, required_role]));
  for (const place of Object.keys(places) as Place[]) {
    if (place === "due") await late(page, person, workspace);
    await page.goto(`/w/${workspace}${places[place]}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
    for (const [action, list] of Object.entries(offers) as [Action, (typeof offers)[Action]][]) {
      if (list === "not in this half") continue;
      for (const offer of list.filter(({ at }) => at === place)) {
        const may = allowed.get(offer.route)?.includes(role) ?? false;
        const said = `${role}: ${action} (${offer.route})`;
        if ("shown" in offer) {
          await expect(offer.shown(page), said)[may ? "toBeVisible" : "toBeHidden"]();
          if (offer.hidden) await expect(offer.hidden(page), `${said}, and why not`)[may ? "toBeHidden" : "toBeVisible"]();
          continue;
        }
        if (may) await offer.first?.(page);
        const control = offer.control(page).first();
        await expect(control, said).toBeVisible();
        if (may) await expect(control, said).toHaveAccessibleDescription(offer.route.startsWith("POST /workspace/") ? OFF : "");
        else {
          await expect(control, said).toHaveAttribute("aria-disabled", "true");
          await expect(control, said).toHaveAccessibleDescription(`Only people with the role ${names[required.get(action) ?? "owner"]} or a higher one can do this.`);
        }
      }
    }
    if (role === "viewer" || place === "billing") await shot(page, `roles-${role}-${place}`);
  }
}

/** From now on the plan shows as past due; whatever else the API answers stays. */
async function late(page: Page, person: Person, workspace: string) {
  const paid = await person.call<object>("GET", "/billing/subscription", { workspace });
  await page.route("**/api/v1/billing/subscription", (route) =>
    route.request().method() === "GET"
      ? route.fulfill({ headers: { "access-control-allow-origin": outputs.dashboard_url }, json: { ...paid, status: "past_due", grace_until: "2030-01-01T00:00:00Z" } })
      : route.fallback(),
  );
}
