// An audit log that answers as the API does.

import type { Page, Route } from "@playwright/test";
import { access, frame, head, list, member, NAMES } from "./parts";
import { NOW, problem, WORKSPACE, type Answers } from "./stage";

export const PATH = `/w/${WORKSPACE}/settings/audit`;

const [ana, ben, cleo] = [member(1, "Ana Lima", "owner"), member(2, "Ben Okafor", "admin"), member(3, "Cleo Marchetti", "member", { status: "removed" })];
export const people = [ana, ben, cleo];
export const [ANA, BEN, CLEO] = [ana.id, ben.id, cleo.id];

const digest = (place: number) => `${"XJO3M05YDxqHhTPk39jP7yJwmBVxpAhdCJFCEnV9b"}${String(place).padStart(2, "0")}`;

export interface Kept {
  id: string;
  at: string;
  actor: string;
  actor_name: string | null;
  action: string;
  target: string;
  before: object;
  after: object;
  request_id: string;
  ip_address: string | null;
  sequence: string | null;
  number: number | null;
  previous: string | null;
  digest: string | null;
}

/** Record number `place`, of `hours` ago. */
export function record(place: number, hours: number, action: string, target: string, before: object, after: object, more: Partial<Kept> = {}): Kept {
  const at = new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();
  return {
    id: `aud_01KB5VHQ6GJRKTQW91RFCABM${String(place).padStart(2, "0")}`,
    at,
    actor: ANA,
    actor_name: "Ana Lima",
    action,
    target,
    before,
    after,
    request_id: `JKJaXmPLvHcE${place}=`,
    ip_address: "203.0.113.7",
    sequence: "log",
    number: place,
    previous: digest(place - 1),
    digest: digest(place),
    ...more,
  };
}

export const records = [
  record(14, 0.4, "member.role_changed", BEN, { role: "member" }, { role: "admin" }),
  record(13, 2, "integration.configured", "webhook", { url: "https://old.example.com", events: ["member.joined"] }, { url: "https://hooks.example.com", events: ["member.joined", "plan.changed"], secret_changed: true }, { actor: BEN, actor_name: "Ben Okafor", ip_address: "2001:db8::7" }),
  record(12, 5, "workspace.updated", WORKSPACE, { name: "Acme", settings: { theme: { accent: "red" } } }, { name: "Acme Research", settings: { theme: { accent: "blue" } } }),
  record(11, 9, "runtime.restarted", WORKSPACE, {}, {}, { actor: BEN, actor_name: "Ben Okafor" }),
  record(10, 26, "member.removed", CLEO, { email: { digest: "cMQT460Aw4aOX5qt0Gf6KwlI2FUiVYnX1qscSiX6NzM" }, role: "member" }, {}, { ip_address: null }),
  record(9, 28, "workspace.updated", WORKSPACE, { description: "" }, { description: { digest: "FNY4_Mi_jBSmE4Teu_45wwA8gTSi94OTqfBFZotnq-o", bytes: 2048 } }),
  record(8, 51, "billing.changed", WORKSPACE, { plan: "pro", status: "active" }, { plan: "business", status: "active" }, { actor_name: null }),
  record(7, 52, "trial.granted", WORKSPACE, {}, { days: 14, operator: "Olga" }),
  record(6, 70, "invitation.created", "inv_1", {}, { email: NAMES.script, role: "viewer" }, { actor_name: NAMES.long }),
  record(5, 71, "member.joined", CLEO, {}, { role: "member" }, { actor: CLEO, actor_name: NAMES.rtl }),
  record(4, 90, "audit.began", WORKSPACE, {}, { records: 2, covered: digest(2), covered_until: NOW }, { actor_name: null }),
  record(2, 300, "workspace.created", WORKSPACE, {}, { name: "Acme", timezone: "Europe/Berlin" }, { sequence: "before" }),
  record(1, 301, "checkout.opened", WORKSPACE, {}, { plan: "pro" }, { sequence: null, number: null, previous: null, digest: null }),
];

export const entitlements = (included: boolean, more: object = {}) => ({
  workspace_id: WORKSPACE,
  plan: { name: included ? "business" : "pro", version: 1, title: included ? "Business" : "Pro" },
  status: "active",
  features: [{ feature: "audit_export", title: "Export of the audit log", included }],
  meters: [],
  retention_days: included ? 365 : 90,
  ...more,
});

export const checkpoint = (number: number, digestOf = digest(number)) => ({
  text: JSON.stringify({ v: 1, workspace: WORKSPACE, number, digest: digestOf, at: "2026-11-28T01:07:00Z", begins: { number: 1, previous: "A".repeat(43) } }),
  proof: [],
  batch: "{}",
  signature: "MEUCIQ==",
});

export function json(route: Route, body: unknown, status = 200, headers: Record<string, string> = {}) {
  return route.fulfill({ status, headers: { ...cors, ...headers }, json: body });
}

const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date, link, retry-after, apigw-requestid", date: new Date(NOW).toUTCString() };

/** A page of an export, with the way to the next one. */
export function lines(route: Route, body: string, next?: string) {
  const link: Record<string, string> = next ? { link: `</api/v1/audit/export?cursor=${next}>; rel="next"` } : {};
  return route.fulfill({ headers: { ...cors, ...link }, contentType: "application/jsonl", body });
}

export const queryOf = (route: Route) => Object.fromEntries(new URL(route.request().url()).searchParams);

/** The answer to a page of a verification. */
export const verification = (checked: number, last: number | null, more: object = {}, next: string | null = null) => ({
  ok: true,
  checked,
  broken_at: null,
  reason: null,
  last_number: last,
  last_digest: last === null ? null : digest(last),
  pagination: { has_more: next !== null, next_cursor: next },
  ...more,
});

export interface Asked {
  path: string;
  query: Record<string, string>;
}

interface Staged {
  role?: "viewer" | "member" | "admin" | "owner";
  isLog?: boolean;
  kept?: Kept[];
  /** What was asked of the lists. */
  asked?: Asked[];
  size?: number;
}

/** A workspace with these records. */
export function stage({ role = "owner", isLog = true, kept = records, asked = [], size = 50 }: Staged = {}): Answers {
  const page = (route: Route, name: string) => {
    const query = queryOf(route);
    asked.push({ path: name, query });
    const { actor, action, target, from, to, cursor = "0" } = query;
    const found = kept.filter((one) => (!actor || one.actor === actor) && (!action || one.action === action) && (!target || one.target === target) && (!from || one.at >= from) && (!to || one.at < to));
    const end = Number(cursor) + size;
    const shown = found.slice(Number(cursor), end).map(({ sequence, number, previous, digest, ...activity }) => (isLog ? { sequence, number, previous, digest, ...activity } : activity));
    return json(route, { [name]: shown, pagination: { has_more: end < found.length, next_cursor: end < found.length ? String(end) : null } });
  };
  return {
    ...frame(role),
    "GET /workspace": { body: { ...head, plan: isLog ? "business" : "pro" }, headers: { etag: '"1"' } },
    "GET /access": access(role),
    "GET /entitlements": { body: entitlements(isLog) },
    "GET /team/members": list("members", people),
    "GET /team/activity": (route) => page(route, "activity"),
    "GET /audit": (route) =>
      isLog ? page(route, "records") : json(route, problem(402, "audit_log_not_included", "no", { upgrade_to: "business" }), 402),
    "GET /audit/checkpoints": list("checkpoints", [checkpoint(14)]),
  };
}

export const row = (page: Page, text: string | RegExp) => page.getByRole("row").filter({ has: page.getByRole("rowheader"), hasText: text });

/** The violations of the policy, as they come. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.exposeFunction("__violation", (text: string) => void found.push(text));
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => (globalThis as unknown as { __violation: (text: string) => void }).__violation(`${violatedDirective}: ${blockedURI}`)),
  );
  return found;
}
