// The operator's console in a given state: commands are answered by their name, or as a test says.

import { expect, type Page, type Route } from "@playwright/test";
import { NOW, open as openPage, problem, WORKSPACE, type Answers } from "../stage";

export const STAFF = "jane@example.com";
export const OTHER = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W1Z";
const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date, retry-after, apigw-requestid", date: new Date(NOW).toUTCString() };

export interface Sent {
  command: { command: string } & Record<string, unknown>;
  reason?: string;
}

type Said = { status?: number; body: unknown; delay?: number; after?: Promise<void> };
/** What a command is answered, by its name. */
export type Commands = Record<string, Said | ((sent: Sent, count: number) => Said)>;

export const session: Answers = { "GET /operator/session": { body: { email: STAFF, name: STAFF } } };

/** Opens a part of the console for staff. `sent` grows with each command. */
export async function open(page: Page, path: string, commands: Commands = {}, more: Answers = {}, options: Parameters<typeof openPage>[3] = {}) {
  const sent: (Sent & { key: string | undefined })[] = [];
  const answer = async (route: Route) => {
    const said = route.request().postDataJSON() as Sent;
    const { command } = said.command;
    sent.push({ ...said, key: route.request().headers()["idempotency-key"] });
    const known = commands[command];
    const count = sent.filter((one) => one.command.command === command).length;
    const { status = 200, body, delay, after } = typeof known === "function" ? known(said, count) : (known ?? { status: 400, body: problem(400, "invalid_command", `no answer is set for ${command}`) });
    await after;
    if (delay) await new Promise((done) => setTimeout(done, delay));
    await route.fulfill({ status, headers: cors, json: body });
  };
  const asked = await openPage(page, path, { ...session, "POST /operator/commands": answer, ...more }, options);
  return { asked, sent, of: (command: string) => sent.filter((one) => one.command.command === command) };
}

export const refused = (status: number, code: string, detail = "it was refused", more: Record<string, unknown> = {}): Said => ({ status, body: problem(status, code, detail, more) });
export const gone = refused(404, "workspace_not_found", "the workspace does not exist or is scheduled for deletion; check the workspace id");

const limits = { members: 10, executions: 100_000, traces: 1_000_000, ai_credits: 1000, gateways: 10, plugins: 50, api_keys: 20, storage_mb: 102_400, integrations: null, retention_days: 90 };

/** A workspace with nothing but its head. */
export const empty = {
  workspace: { id: WORKSPACE, name: "Acme Research", live: true, suspended: null, owners: 1, members: 1, seats: 1, integrations: 0, created_at: "2026-01-10T09:00:00Z" },
  standing: { plan: "free", may_run: false, limits: { members: 3, executions: 1000, retention_days: 7 }, runtime: null },
  contract: null,
  billing: { version: 0, customer: null, subscription: null, pending_checkout: null, last_error: null, last_refusal: null, command_under_way: false, ordered_by: null, granted_trial: null, trialed_at: null, compared_again_at: null },
  usage: {},
  runtime: null,
};

/** One with everything that there can be. */
export const full = {
  workspace: { ...empty.workspace, suspended: { reason: "An invoice is disputed. <b>Call us</b>", at: "2026-11-20T08:00:00Z", by: "olga@example.com" }, owners: 2, members: 1234, seats: 1240, integrations: 8 },
  standing: { plan: "enterprise/2", may_run: true, limits, runtime: { cpu_units: 4096, memory_mib: 8192 } },
  contract: { plan: "enterprise/2", limits: { members: 2000, executions: null }, features: ["audit_export", "sso"], interval: "year", runtime: { cpu_units: 4096, memory_mib: 8192 } },
  billing: {
    version: 42,
    customer: "cus_QmV4bX9aT2",
    subscription: {
      id: "sub_1QmV4bX9aT2",
      plan: "pro",
      interval: "month",
      status: "past_due",
      period: { start: "2026-11-01T00:00:00Z", end: "2026-12-01T00:00:00Z" },
      cancel_at: "2026-12-01T00:00:00Z",
      trial_end: "2026-02-01T00:00:00Z",
      grace_until: "2026-12-05T00:00:00Z",
      scheduled: ["starter", "year"],
      pending_change: { plan: "business", interval: "month", expires_at: "2026-11-29T00:00:00Z" },
    },
    pending_checkout: { session: "cs_test_a1b2c3", plan: "pro", interval: "year", expires_at: "2026-11-29T00:00:00Z" },
    last_error: { message: "Your card was declined.", at: "2026-11-02T00:00:00Z" },
    last_refusal: { attempt: 3, reason: "400 invalid_request_error resource_missing" },
    command_under_way: true,
    ordered_by: "usr_01K9ZX3V8Q4M7N2P5R6S8T9W01",
    granted_trial: { days: 14, at: "2026-11-01T00:00:00Z" },
    trialed_at: "2026-01-10T09:00:00Z",
    compared_again_at: "2026-12-01T00:00:00Z",
  },
  usage: {
    executions: { used: 83_200, limit: null, resets_at: "2026-12-01T00:00:00Z" },
    gateways: { used: 3, limit: 10, resets_at: null },
    storage_mb: { used: 8704, limit: 102_400, resets_at: null },
  },
  runtime: { status: "stopping", generation: 7, plan: "enterprise/2", last_stop_reason: "suspended", deadline: "2026-11-28T10:02:00Z" },
};

export const facts = (one: object): Said => ({ body: { facts: one } });

export const found = (place: number, more: object = {}) => ({ workspace: place === 0 ? WORKSPACE : `ws_01K9ZX3V8Q4M7N2P5R6S8T${String(place).padStart(4, "0")}`, name: `Workspace ${place}`, plan: "pro", live: true, suspended: null, ...more });

export const rounds = (more: object = {}): Said => ({ body: { examined: 1, prices: null, differing: [], failed: [], next: null, ...more } });

export async function ready(page: Page, heading: string | RegExp) {
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeFocused();
}
