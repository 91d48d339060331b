// Integrations that answer as the API does.

import type { Page, Route } from "@playwright/test";
import type { components } from "berth-client";
import { access, frame, head, list, member, subscription } from "../parts";
import { NOW, problem, seenEverywhere as seen, WORKSPACE, type Answers } from "../stage";

type Schemas = components["schemas"];
export type Integration = Schemas["Integration"];
export type Delivery = Schemas["Delivery"];
type Type = Schemas["IntegrationType"];
type Role = "viewer" | "member" | "admin" | "owner";

export const PATH = `/w/${WORKSPACE}/settings/integrations`;

/** So many seconds before now. */
export const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

const brands: Record<Type, string> = {
  datadog: "Datadog",
  discord: "Discord",
  github: "GitHub",
  microsoft_teams: "Microsoft Teams",
  pagerduty: "PagerDuty",
  sentry: "Sentry",
  slack: "Slack",
  webhook: "Webhook",
};
export const types = Object.keys(brands) as Type[];

const nothing = { version: 0, config_data: null, events: [], has_secret: false, secret_hint: null, is_enabled: false, health_status: "unknown", disabled_cause: null, disabled_at: null, last_error_at: null, last_error_message: null, last_health_check_at: null, last_sync_at: null } as const;

/** One that was never set up. */
export function unset(type: Type): Integration {
  return { ...nothing, events: [], integration_type: type, integration_name: brands[type], stats: { total_events_sent: 0, total_errors: 0 } };
}

/** One that works. */
export function connected(type: Type, more: Partial<Integration> = {}): Integration {
  return {
    ...unset(type),
    version: 3,
    config_data: type === "webhook" ? { url: "https://hooks.example.com/berth", description: null } : {},
    events: ["member.joined", "runtime.failed"],
    has_secret: true,
    secret_hint: "LaSw",
    is_enabled: true,
    health_status: "healthy",
    last_sync_at: ago(3 * 3600),
    last_health_check_at: ago(26 * 3600),
    stats: { total_events_sent: 1284, total_errors: 3 },
    ...more,
  };
}

export const refused = "the receiver did not answer with a status from 200 to 299; it answered 503";
export const failing = (type: Type, more: Partial<Integration> = {}) => connected(type, { health_status: "failing", last_error_at: ago(240), last_error_message: refused, stats: { total_events_sent: 1284, total_errors: 9 }, ...more });
export const disabled = (type: Type, more: Partial<Integration> = {}) => failing(type, { is_enabled: false, disabled_cause: "gone", disabled_at: ago(7200), ...more });
export const removed = (type: Type, more: Partial<Integration> = {}) => connected(type, { is_enabled: false, has_secret: false, secret_hint: null, ...more });

/** Delivery number `place`, of `seconds` ago. */
export function delivery(place: number, seconds: number, more: Partial<Delivery> = {}): Delivery {
  const id = `01KB5VHQ6GJRKTQW91RF${String(place).padStart(6, "0")}`;
  return { id: `dlv_${id}`, event_id: `evt_${id}`, event: "member.joined", created_at: ago(seconds), state: "delivered", attempts: 1, status: 200, class: null, latency_ms: 87, last_attempt_at: ago(seconds), next_attempt_at: null, ...more };
}

export const deliveries = [
  delivery(9, 20, { state: "pending", attempts: 1, status: null, latency_ms: null, last_attempt_at: null }),
  delivery(8, 240, { event: "runtime.failed", state: "pending", attempts: 2, status: 503, class: "status", latency_ms: 41, next_attempt_at: ago(-1530) }),
  delivery(7, 7200, { event: "runtime.failed", state: "pending", attempts: 4, status: null, class: "timeout", latency_ms: 5000, next_attempt_at: ago(-7230) }),
  delivery(6, 86_400, { event: "plan.changed" }),
  delivery(5, 90_000, { state: "failed", attempts: 8, status: null, class: "dns", latency_ms: 12 }),
  delivery(4, 100_000, { event: "runtime.failed", state: "failed", attempts: 1, status: 410, class: "status", latency_ms: 64 }),
  delivery(3, 200_000, { attempts: 3, latency_ms: 1204 }),
];

export function json(route: Route, body: unknown, status = 200) {
  return route.fulfill({ status, headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "date, retry-after", date: new Date(NOW).toUTCString() }, ...(status === 204 ? {} : { json: body }) });
}

export const pathOf = (route: Route) => new URL(route.request().url()).pathname.replace("/api/v1/integrations", "");
export const queryOf = (route: Route) => Object.fromEntries(new URL(route.request().url()).searchParams);
const typeOf = (route: Route) => pathOf(route).split("/")[1] as Type;

interface Staged {
  role?: Role;
  /** The others were never set up. */
  some?: Integration[];
  kept?: Delivery[];
  size?: number;
  limit?: number | null;
  paid?: object;
}

/** A workspace with these integrations, which changes as it is asked to. */
export class Receivers {
  integrations: Integration[];
  kept: Delivery[];

  constructor(readonly staged: Staged = {}) {
    this.integrations = types.map((type) => staged.some?.find((one) => one.integration_type === type) ?? unset(type));
    this.kept = staged.kept ?? [];
  }

  change(type: Type, more: Partial<Integration>): Integration {
    this.integrations = this.integrations.map((one) => (one.integration_type === type ? { ...one, version: one.version + 1, ...more } : one));
    return this.of(type);
  }

  of(type: Type): Integration {
    return this.integrations.find((one) => one.integration_type === type) ?? unset(type);
  }

  answers(): Answers {
    const { role = "owner", limit = 5, size = 50, paid = {} } = this.staged;
    return {
      ...frame(role),
      "GET /workspace": { body: head, headers: { etag: '"1"' } },
      "GET /access": access(role),
      "GET /billing/subscription": { body: { ...subscription, limits: { integrations: limit }, ...paid } },
      "GET /team/members": list("members", [member(1, "Ana Lima", "owner")]),
      "GET /integrations": (route) => json(route, list("integrations", this.integrations).body),
      "GET /integrations/{type}": (route) => json(route, this.of(typeOf(route))),
      "PUT /integrations/{type}": (route) => {
        if (route.request().headers()["if-match"] !== `"${this.of(typeOf(route)).version}"`) return json(route, stale, 412);
        const { name, config, secret, generate_secret, events } = route.request().postDataJSON() as Schemas["IntegrationChanges"];
        const made = generate_secret ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : undefined;
        const fresh = made ?? secret;
        const changed = this.change(typeOf(route), {
          config_data: config,
          ...(name != null && { integration_name: name }),
          ...(events && { events }),
          ...(fresh && { has_secret: true, is_enabled: true, secret_hint: fresh.slice(-4) }),
        });
        return json(route, { ...changed, ...(made && { secret: made }) });
      },
      "DELETE /integrations/{type}": (route) => {
        this.change(typeOf(route), { is_enabled: false, has_secret: false, secret_hint: null });
        return json(route, undefined, 204);
      },
      "POST /integrations/{type}/enable": (route) => json(route, this.change(typeOf(route), { is_enabled: true })),
      "POST /integrations/{type}/test": (route) => {
        this.change(typeOf(route), { health_status: "healthy", last_health_check_at: NOW });
        return json(route, { ok: true, status: 200, class: null, latency_ms: 87 });
      },
      "GET /integrations/{type}/deliveries": (route) => {
        const { cursor } = queryOf(route);
        const start = cursor ? this.kept.findIndex(({ id }) => id === cursor) + 1 : 0;
        const shown = this.kept.slice(start, start + size);
        const next = start + size < this.kept.length ? (shown.at(-1)?.id ?? null) : null;
        return json(route, list("deliveries", shown, next).body);
      },
      "POST /integrations/{type}/deliveries/{id}/retry": (route) => {
        const id = pathOf(route).split("/")[3];
        this.kept = this.kept.map((one) => (one.id === id ? { ...one, state: "pending", attempts: one.attempts + 1, next_attempt_at: null } : one));
        return json(route, this.kept.find((one) => one.id === id), 202);
      },
    };
  }
}

const stale = problem(412, "integration_version_mismatch", "the integration has been changed since you read it; read it again");
export const forbidden = problem(403, "role_required", "this needs the role admin");
export const full = problem(402, "workspace_integration_limit", "the plan allows no further integration", { limit: 1, used: 1, upgrade_to: "starter", meter: "integrations" });

/** From the top: what the header covers in part is smaller than a target may be. */
export async function seenEverywhere(page: Page, name: string) {
  await page.evaluate(() => scrollTo(0, 0));
  await seen(page, name);
}

export const card = (page: Page, name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
export const rows = (page: Page) => page.getByRole("table").getByRole("row").filter({ has: page.getByRole("rowheader") });
