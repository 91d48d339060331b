// A workspace whose usage is counted by day and by month, as the API answers.

import type { Route } from "@playwright/test";
import { usual } from "./catalogue";
import { frame, head } from "./parts";
import { NOW, WORKSPACE, type Answers } from "./stage";

export const PATH = `/w/${WORKSPACE}/usage`;
export const NOVEMBER = { start: "2026-11-01T00:00:00Z", end: "2026-12-01T00:00:00Z" };

type Count = Record<string, number>;
type Limits = Record<string, number | null>;
interface Period {
  start: string;
  end: string;
}

export const pro = usual.plans[2]!.limits as Limits;
export const free = usual.plans[0]!.limits as Limits;
const monthly = usual.meters.filter((one) => one.monthly).map(({ meter }) => meter);

const DAY = 86_400_000;
const date = (at: number) => new Date(at).toISOString().slice(0, 10);

/** A week as people work: less on its last two days, and more from week to week. */
const WEEK = [1, 1.15, 1.3, 1.2, 0.95, 0.3, 0.25];
function amount(place: number, perDay: number): number {
  return Math.round(perDay * (WEEK[(place + 6) % 7] ?? 1) * (0.75 + place * 0.02));
}

/** The days of a month until `until`. */
export function daysOf({ start, end }: Period, perDay: Count, until = NOW, since = start) {
  const dates: string[] = [];
  const first = Math.floor(Date.parse(since > start ? since : start) / DAY) * DAY;
  for (let at = first; at < Math.min(Date.parse(end), Date.parse(until)); at += DAY) dates.push(date(at));
  const meters = Object.entries(perDay).map(([meter, each]) => ({ meter, days: dates.map((date, place) => ({ date, used: amount(place, each) })) }));
  return { month: { start, end }, timezone: "UTC", since, meters };
}

const sums = (days: ReturnType<typeof daysOf>): Count => Object.fromEntries(days.meters.map(({ meter, days }) => [meter, days.reduce((sum, { used }) => sum + used, 0)]));

interface Staged {
  role?: "viewer" | "member" | "admin" | "owner";
  plan?: string;
  limits?: Limits;
  /** What is used a day of each monthly meter. */
  perDay?: Count;
  /** What is used of the others, and of the monthly ones if it differs from the sum of the days. */
  used?: Count;
  status?: "active" | "past_due" | "suspended";
  period?: Period;
  since?: string;
  created?: string;
  /** The metering months before, oldest first, with what was used in each. */
  past?: { period: Period; used: Count; limits?: Limits }[];
  now?: string;
  running?: boolean;
  meters?: typeof usual.meters;
  /** What was asked for. */
  asked?: string[];
}

const lasting = { members: 8, integrations: 4, api_keys: 4, storage_mb: 23_552, gateways: 2, plugins: 41 };
const usualDays = { executions: 2600, traces: 9100, ai_credits: 18 };

function monthsBack(count: number, growth = 0.92): NonNullable<Staged["past"]> {
  return Array.from({ length: count }, (_, place) => {
    const month = 10 - count + place + 1;
    const start = new Date(Date.UTC(2026, month - 1, 1)).toISOString().replace(".000", "");
    const end = new Date(Date.UTC(2026, month, 1)).toISOString().replace(".000", "");
    const share = growth ** (count - place - 1);
    return { period: { start, end }, used: { executions: Math.round(84_000 * share), traces: Math.round(240_000 * share), ai_credits: Math.min(500, Math.round(520 * share)) } };
  });
}

export const runtime = (more: object = {}) => ({
  status: "running",
  checking: false,
  generation: 3,
  container_id: "7f3c1d2e9a8b4c5d8e7f6a5b4c3d2e1f",
  plan_size: "pro",
  uptime: 187_510,
  last_stop_reason: null,
  deadline: null,
  resources: { ram_used_mb: 1210, ram_limit_mb: 2048, cpu_percent: 37.25, cpu_units: 1024 },
  ...more,
});

export function json(route: Route, body: unknown) {
  return route.fulfill({ headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "date", date: new Date(NOW).toUTCString() }, json: body });
}

export function stage(staged: Staged = {}): Answers {
  const { role = "owner", plan = "pro", limits = pro, perDay = usualDays, status = "active", period = NOVEMBER, since = period.start, created = head.created_at, asked = [], now = NOW, meters = usual.meters, running = true } = staged;
  const past = staged.past ?? monthsBack(10);
  const days = daysOf(period, perDay, now, since);
  const used: Count = { ...lasting, ...sums(days), ...staged.used };
  const end = (day: string) => Date.parse(day) + DAY - 1;
  const within = (at: number) => past.find(({ period }) => Date.parse(period.start) <= at && at < Date.parse(period.end));
  const entitled = meters.map(({ meter, title, monthly }) => {
    const limit = limits[meter] ?? null;
    const count = used[meter] ?? 0;
    return { meter, title, used: count, limit, remaining: limit === null ? null : Math.max(0, limit - count), resets_at: monthly ? period.end : null };
  });
  return {
    ...frame(role),
    "GET /workspace": { body: { ...head, plan, created_at: created }, headers: { etag: '"1"' } },
    "GET /entitlements": { body: { workspace_id: WORKSPACE, plan: { name: plan, version: 1, title: usual.plans.find((one) => one.plan === plan)?.title ?? plan }, status, features: [], meters: entitled, retention_days: 90 } },
    "GET /billing/usage/days": (route) => {
      const month = new URL(route.request().url()).searchParams.get("month");
      asked.push(`days ${month ?? "now"}`);
      if (!month) return json(route, days);
      const [year = 0, number = 0] = month.split("-").map(Number);
      const found = within(Math.min(Date.UTC(year, number, 1) - 1, Date.parse(now)));
      const share = (found?.used["executions"] ?? 0) / 84_000;
      return json(route, found ? daysOf(found.period, Object.fromEntries(Object.entries(perDay).map(([meter, each]) => [meter, each * share])), found.period.end) : days);
    },
    "GET /billing/usage": (route) => {
      const day = new URL(route.request().url()).searchParams.get("period") ?? date(Date.parse(now));
      asked.push(`month ${day}`);
      const found = within(end(day)) ?? past[0];
      const of = found?.limits ?? limits;
      return json(route, { period: found?.period ?? period, usage: monthly.map((meter) => ({ meter, used: found?.used[meter] ?? 0, limit: of[meter] ?? null, resets_at: found?.period.end })) });
    },
    "GET /workspace/status": { body: running ? runtime() : runtime({ status: "stopped", uptime: null, container_id: null }) },
  };
}
