// Answers of the API that several specs use.

import { usual } from "./catalogue";
import { NOW, WORKSPACE, type Answers } from "./stage";

/** Names that break pages which trust them. */
export const NAMES = {
  script: `<img src=x onerror="alert(1)">`,
  rtl: "\u202eשלום עולם",
  emoji: "🦑".repeat(100),
  long: "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsbetriebsleitung",
};

const actions = {
  viewer: ["read_workspace", "list_members", "leave_workspace", "read_runtime", "read_integrations", "read_notifications", "update_notifications", "read_billing"],
  member: ["control_runtime", "sync_billing"],
  admin: ["update_workspace", "manage_members", "remove_member", "invite_member", "list_invitations", "resend_invitation", "revoke_invitation", "read_activity", "read_keys", "manage_keys", "revoke_key", "manage_integrations", "read_deliveries", "preview_plan", "read_invoices", "consume_usage", "release_usage"],
  owner: ["delete_workspace", "export_workspace", "transfer_ownership", "manage_billing", "see_doctor", "repair"],
} as const;
type Role = keyof typeof actions;
const ranks = Object.keys(actions) as Role[];

export function access(role: Role, suspended: readonly string[] = []) {
  const list = ranks.flatMap((required) =>
    actions[required].map((action) => {
      const weak = ranks.indexOf(role) < ranks.indexOf(required);
      const reason = weak ? "role_required" : suspended.includes(action) ? "workspace_suspended" : null;
      return { action, allowed: reason === null, required_role: required, reason };
    }),
  );
  return { body: { role, actions: list } };
}

export const head = {
  id: WORKSPACE,
  name: "Acme Research",
  description: "Where the models are trained.",
  timezone: "Europe/Berlin",
  member_count: 4,
  plan: "pro",
  settings: {},
  created_at: "2026-01-10T09:00:00Z",
  updated_at: NOW,
};

export function summary(more: object = {}) {
  return { id: WORKSPACE, name: "Acme Research", role: "owner", plan: "pro", runtime_status: "running", member_count: 4, created_at: head.created_at, ...more };
}

export const subscription = { plan: "pro", status: "active", cancel_at_period_end: false, addons: [], limits: {} };

export const list = (name: string, items: unknown[], next: string | null = null) => ({
  body: { [name]: items, pagination: { has_more: next !== null, next_cursor: next } },
});

export function member(id: number, full_name: string, role: Role, more: object = {}) {
  const user = `usr_01K9ZX3V8Q4M7N2P5R6S8T9W${String(id).padStart(2, "0")}`;
  return { id: user, user_id: user, full_name, email: `person${id}@example.com`, role, status: "active", created_at: NOW, accepted_at: NOW, last_active_at: NOW, ...more };
}

/** What every page of a workspace asks for. */
export function frame(role: Role = "owner"): Answers {
  return {
    "GET /workspace": { body: head, headers: { etag: '"1"' } },
    "GET /workspaces": list("workspaces", [summary({ role })]),
    "GET /billing/subscription": { body: subscription },
    "GET /access": access(role),
    "GET /billing/plans": { body: usual },
  };
}
