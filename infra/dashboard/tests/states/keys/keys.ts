// API keys that an API keeps as the real one does.

import type { Page, Route } from "@playwright/test";
import type { ApiKey, NewApiKey } from "../../../src/api/keys/types";
import { entitlements, json, queryOf } from "../audit";
import { access, frame, list, member, NAMES } from "../parts";
import { NOW, problem, WORKSPACE, type Answers } from "../stage";

export const PATH = `/w/${WORKSPACE}/settings/api-keys`;
export const SECRET = `berth_sk_${"0Zk3aB9".repeat(17).slice(0, 116)}`;

const [ana, ben, cleo] = [member(1, "Ana Lima", "owner"), member(2, "Ben Okafor", "admin"), member(3, "Cleo Marchetti", "admin", { status: "removed" })];
export const people = [ana, ben, cleo];
export const [ANA, BEN, CLEO] = [ana.id, ben.id, cleo.id];

const HOUR = 3_600_000;
/** The time in `hours`. */
export const at = (hours: number) => new Date(Date.parse(NOW) + hours * HOUR).toISOString();

export function key(place: number, name: string, more: Partial<ApiKey> = {}): ApiKey {
  return {
    id: `key_01KB5VHQ6GJRKTQW91RFCAB${String(place).padStart(3, "0")}`,
    name,
    scopes: ["usage:read", "usage:write"],
    networks: [],
    budgets: {},
    service: false,
    state: "active",
    hint: `x${String(place).padStart(3, "0")}`,
    created_by: ANA,
    created_at: at(-400),
    rotated_at: at(-400),
    expires_at: at(24 * 60),
    previous_until: null,
    last_used_at: at(-3),
    last_address: "203.0.113.7",
    uses: 1204,
    ...more,
  };
}

export const keys = [
  key(1, "Nightly import"),
  key(2, "Billing export", { created_by: BEN, scopes: ["workspace:read", "billing:read", "audit:read"], networks: ["203.0.113.0/24", "2001:db8::/32"], last_address: "2001:db8::7", last_used_at: at(-0.1) }),
  key(3, "Fleet control", { service: true, scopes: ["runtime:read", "runtime:write", "usage:write"], budgets: { executions: 1000, traces: 250_000 }, previous_until: at(20), rotated_at: at(-4) }),
  key(4, "Quarterly report", { state: "expiring", expires_at: at(24 * 5 + 1), last_used_at: null, last_address: null, uses: 0, scopes: ["usage:read"] }),
  key(5, "Old prototype", { state: "expired", expires_at: at(-24 * 3), created_by: BEN, last_used_at: at(-24 * 40) }),
];

export const names = [NAMES.script, NAMES.rtl, "🦑".repeat(200), NAMES.long];

interface Asked {
  method: string;
  path: string;
  body: unknown;
  key: string | undefined;
}

interface Staged {
  role?: "viewer" | "member" | "admin" | "owner";
  kept?: ApiKey[];
  limit?: number | null;
  size?: number;
  suspended?: string[];
  /** What was asked of the routes of keys. */
  asked?: Asked[];
}

export const refuse = (route: Route, status: number, code: string, more: Record<string, unknown> = {}) => json(route, problem(status, code, `The API says ${code}.`, more), status);

/** The signed-in person is Ana. */
export function stage({ role = "owner", kept = [...keys], limit = 20, size = 50, suspended = [], asked = [] }: Staged = {}): Answers {
  let count = kept.length;
  const note = (route: Route) => {
    const request = route.request();
    asked.push({ method: request.method(), path: new URL(request.url()).pathname.replace("/api/v1", ""), body: request.postDataJSON() as unknown, key: request.headers()["idempotency-key"] });
  };
  const find = (route: Route) => kept.findIndex(({ id }) => new URL(route.request().url()).pathname.includes(id));
  const meter = () => ({ meter: "api_keys", title: "API keys", used: kept.length, limit, remaining: limit === null ? null : Math.max(0, limit - kept.length), resets_at: null });
  return {
    ...frame(role),
    "GET /access": access(role, suspended),
    "GET /me": { body: { id: ANA, email: "ana@example.com", email_verified: true, name: "Ana Lima", is_ending: false } },
    "GET /team/members": list("members", people),
    "GET /entitlements": (route) => json(route, entitlements(false, { meters: [meter()] })),
    "GET /api-keys": (route) => {
      note(route);
      const start = Number(queryOf(route)["cursor"] ?? 0);
      const end = start + size;
      const more = end < kept.length;
      return json(route, { api_keys: kept.slice(start, end), pagination: { has_more: more, next_cursor: more ? String(end) : null } });
    },
    "POST /api-keys": (route) => {
      note(route);
      const { name, scopes, networks = [], budgets = {}, service = false, expires_in_days = 90 } = route.request().postDataJSON() as NewApiKey;
      const made = key(++count, name, { scopes, networks, budgets, service, expires_at: at(24 * expires_in_days), last_used_at: null, last_address: null, uses: 0 });
      kept.push(made);
      return json(route, { ...made, secret: SECRET }, 201);
    },
    "POST /api-keys/{id}/rotate": (route) => {
      note(route);
      const place = find(route);
      const before = kept[place];
      if (!before) return refuse(route, 404, "key_not_found");
      const { overlap_hours = 24 } = route.request().postDataJSON() as { overlap_hours?: number };
      kept[place] = { ...before, state: "active", hint: "new4", rotated_at: NOW, expires_at: at(24 * 90), previous_until: overlap_hours > 0 ? at(overlap_hours) : null };
      return json(route, { ...kept[place], secret: SECRET });
    },
    "PATCH /api-keys/{id}": (route) => {
      note(route);
      const place = find(route);
      const before = kept[place];
      if (!before) return refuse(route, 404, "key_not_found");
      kept[place] = { ...before, ...(route.request().postDataJSON() as Partial<ApiKey>) };
      return json(route, kept[place]);
    },
    "DELETE /api-keys/{id}": (route) => {
      note(route);
      const place = find(route);
      if (place < 0) return refuse(route, 404, "key_not_found");
      kept.splice(place, 1);
      return route.fulfill({ status: 204, headers: { "access-control-allow-origin": "*" } });
    },
  };
}

export const row = (page: Page, name: string | RegExp) => page.getByRole("list", { name: "API keys" }).locator("> li").filter({ hasText: name });
export const dialog = (page: Page) => page.getByRole("dialog");
export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
