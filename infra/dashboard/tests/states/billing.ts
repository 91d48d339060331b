// Answers of the API, and parts of the page on billing, that its specs share.

import type { Page } from "@playwright/test";
import { seenBy, usual } from "./catalogue";
import { WORKSPACE, type Answers } from "./stage";

export const PATH = `/w/${WORKSPACE}/settings/billing`;
export const END = "2026-12-01T00:00:00Z";

const actions = ["read_billing", "sync_billing", "preview_plan", "read_invoices", "manage_billing"] as const;
const needs = { read_billing: "viewer", sync_billing: "member", preview_plan: "admin", read_invoices: "admin", manage_billing: "owner" };
const ranks = ["viewer", "member", "admin", "owner"];

function access(role: string) {
  const entry = (action: (typeof actions)[number]) => {
    const allowed = ranks.indexOf(role) >= ranks.indexOf(needs[action]);
    return { action, allowed, required_role: needs[action], reason: allowed ? null : "role_required" };
  };
  return { role, actions: actions.map(entry) };
}

type Limits = Record<string, number | null>;
export const { plans } = usual;
export const pro = plans[2]!.limits;
const used = { members: 8, integrations: 4, executions: 81_240, traces: 120_400, ai_credits: 500, gateways: 2, plugins: 7, api_keys: 4, storage_mb: 23_552 };

export const free = { plan: "free", status: "active", interval: null, current_period_start: null, current_period_end: null, cancel_at_period_end: false, cancel_at: null, scheduled_plan: null, grace_until: null, trial_end: null, next_step: "buy", can_buy: true, payment_pending: false, payment_url: null, pending_change: null, collection_paused: false, last_command: null, addons: [], limits: plans[0]!.limits };
export const paid = { ...free, plan: "pro", next_step: "none", can_buy: false, interval: "month", current_period_start: "2026-11-01T00:00:00Z", current_period_end: END, limits: pro };

export function usage(limits: Limits, counts: Record<string, number> = used) {
  const meters = ["executions", "traces", "ai_credits", "gateways", "plugins", "api_keys", "storage_mb"];
  return {
    period: { start: "2026-11-01T00:00:00Z", end: END },
    usage: meters.map((meter, index) => ({ meter, used: counts[meter], limit: limits[meter] ?? null, resets_at: index < 3 ? END : null })),
  };
}

/** The amounts of an invoice that no credit has paid. */
const charged = (total: number) => ({ total, amount_due: total, amount_paid: total, credit_applied: 0 });
export const invoices = [
  { number: "ACME-0003", status: "paid", ...charged(2900), currency: "usd", period: { start: "2026-11-01T00:00:00Z", end: END }, paid_at: "2026-11-01T00:01:00Z", hosted_url: "https://invoice.stripe.com/i/3", pdf_url: "https://pay.stripe.com/3/pdf" },
  { number: "ACME-0002", status: "paid", ...charged(2900), currency: "usd", period: { start: "2026-10-01T00:00:00Z", end: "2026-11-01T00:00:00Z" }, paid_at: "2026-10-01T00:01:00Z", hosted_url: "https://invoice.stripe.com/i/2", pdf_url: "https://pay.stripe.com/2/pdf" },
  { number: "ACME-0001", status: "void", ...charged(900), currency: "usd", period: { start: "2026-09-01T00:00:00Z", end: "2026-10-01T00:00:00Z" }, paid_at: null, hosted_url: "javascript:alert(1)", pdf_url: null },
];
export const due = { ...invoices[0]!, number: "ACME-0004", status: "open", paid_at: null, hosted_url: "https://invoice.stripe.com/i/4" };

export function config(subscription: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    workspace_id: WORKSPACE,
    plan_type: subscription["plan"],
    plan_status: subscription["status"],
    limits: subscription["limits"],
    current_usage: used,
    billing_cycle: { start: "2026-11-01T00:00:00Z", end: END, next_billing_date: END },
    pricing: { prices: plans.find(({ plan }) => plan === subscription["plan"])?.prices ?? [], billing_interval: "month", auto_renew: true },
    payment_method: { brand: "visa", last4: "4242", exp_month: 4, exp_year: 2030 },
    credit: null,
    recent_invoices: invoices,
    reversals: [],
    ...more,
  };
}

export function answers(subscription: Record<string, unknown> = paid, more: Answers = {}, role = "owner"): Answers {
  const limits = subscription["limits"] as Limits;
  return {
    "GET /workspaces": { body: { workspaces: [{ id: WORKSPACE, name: "Harbour", role, plan: subscription["plan"], member_count: 8 }], pagination: { has_more: false } } },
    "GET /workspace": { body: { id: WORKSPACE, name: "Harbour", timezone: "Europe/Lisbon", member_count: 8, plan: subscription["plan"], settings: {}, created_at: END, updated_at: END } },
    "GET /access": { body: access(role) },
    "GET /team/members": { body: { members: [{ id: "1", full_name: "Ana Lima", role: "owner" }, { id: "2", full_name: "‮מיכל <b>x</b>", role: "owner" }], pagination: { has_more: false } } },
    "GET /billing/subscription": { body: subscription },
    "GET /billing/config": { body: config(subscription) },
    "GET /billing/usage": { body: usage(limits) },
    "GET /billing/plans": seenBy(usual, () => subscription as { plan: string }),
    "GET /billing/invoices": { body: { invoices, pagination: { has_more: true, next_cursor: "next" } } },
    "GET /onboarding": { body: { steps: [], billing: { has_pending_checkout: false } } },
    ...more,
  };
}

export const nothing: Answers = {
  "GET /billing/config": { body: config(free, { payment_method: null, recent_invoices: [], current_usage: { ...used, members: 3, integrations: 1 } }) },
  "GET /billing/usage": { body: usage(free.limits, { executions: 812, traces: 12_400, ai_credits: 2, gateways: 0, plugins: 1, api_keys: 1, storage_mb: 300 }) },
  "GET /billing/invoices": { body: { invoices: [], pagination: { has_more: false } } },
};

/** Stripe's pages. */
export async function stripe(page: Page) {
  await page.route(/^https:\/\/(checkout|billing|invoice)\.stripe\.com\//, (route) => route.fulfill({ contentType: "text/html", body: "<title>Stripe</title><h1>Stripe</h1>" }));
}

export const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true });
export const card = (page: Page, name: string) => page.getByRole("listitem").filter({ has: heading(page, name) });
