import type { Route } from "@playwright/test";

// Catalogues as GET /billing/plans returns them: the one that Berth comes with, and one that shares nothing with it.

type Limits = Record<string, number | null>;

const price = (interval: "month" | "year", amount: number, currency = "usd") => ({ interval, currency, amount });
const meter = (meter: string, title: string, unit: string, monthly = false, consumed = true) => ({ meter, title, unit, monthly, consumed });
const size = (cpu_units: number, memory_mib: number) => ({ cpu_units, memory_mib });

function limits(...[members, integrations, api_keys, gateways, plugins, executions, traces, retention_days, storage_mb, ai_credits]: (number | null)[]): Limits {
  return { members, integrations, api_keys, gateways, plugins, executions, traces, retention_days, storage_mb, ai_credits } as Limits;
}

const plain = { version: 1, description: "", highlighted: false, by_contract: false, prices: [] as ReturnType<typeof price>[], minimum_seats: null, trial_days: null, features: [] as string[], idle_stop_minutes: null };

export const usual = {
  plans: [
    { ...plain, plan: "free", title: "Free", description: "To try things out.", limits: limits(3, 1, 1, 1, 3, 1000, 10_000, 7, 1024, 10), runtime: size(256, 512), idle_stop_minutes: 30 },
    { ...plain, plan: "starter", title: "Starter", description: "For a first project.", prices: [price("month", 900), price("year", 9000)], limits: limits(5, 3, 5, 3, 10, 10_000, 100_000, 30, 10_240, 100), runtime: size(512, 1024), idle_stop_minutes: 720 },
    { ...plain, plan: "pro", title: "Pro", description: "For a team.", prices: [price("month", 2900), price("year", 29_000)], limits: limits(10, null, 20, 10, 50, 100_000, 1_000_000, 90, 102_400, 500), runtime: size(1024, 2048) },
    { ...plain, plan: "business", title: "Business", description: "For a company.", prices: [price("month", 7900), price("year", 79_000)], features: ["audit_export"], limits: limits(50, null, 100, 50, 200, 1_000_000, 10_000_000, 365, 1_048_576, 1000), runtime: size(2048, 4096) },
    { ...plain, plan: "enterprise", title: "Enterprise", description: "By contract.", by_contract: true, features: ["audit_export"], limits: limits(null, null, null, null, null, null, null, 730, null, 5000), runtime: size(4096, 8192) },
  ],
  addons: [],
  meters: [
    meter("members", "Seats", "seats", false, false),
    meter("integrations", "Integrations", "integrations", false, false),
    meter("api_keys", "API keys", "API keys", false, false),
    meter("storage_mb", "Storage", "MB"),
    meter("gateways", "Gateways", "gateways"),
    meter("plugins", "Plugins", "plugins"),
    meter("executions", "Executions", "executions a month", true),
    meter("traces", "Traces", "traces a month", true),
    meter("ai_credits", "AI credits", "AI credits a month", true),
  ],
  features: [{ feature: "audit_export", title: "Export of the audit log" }],
  pagination: { has_more: false, next_cursor: null },
};

/** Two plans, paid by the seat and by the month only, in two currencies; the smaller one has no container. */
export const other = {
  plans: [
    { ...plain, plan: "zaun", title: "Donaudampfschifffahrtsgesellschaft für Einsteiger", description: "Everything a single harbour needs.", highlighted: false, limits: { members: 2, berths: 4, gpu_hours: 0, retention_days: 1 }, runtime: null },
    { ...plain, plan: "flotte", version: 3, title: "Flotte", description: "For a fleet.", highlighted: true, prices: [price("month", 1200, "jpy"), price("month", 850, "eur")], minimum_seats: 3, trial_days: 14, features: ["pilot", "night_watch"], limits: { members: null, berths: 40, gpu_hours: 12_500, retention_days: null }, runtime: size(1024, 2048) },
  ],
  addons: [],
  meters: [meter("members", "Crew", "people", false, false), meter("berths", "Berths <b>at the quay</b>", "berths"), meter("gpu_hours", "Hours of GPU", "hours a month", true)],
  features: [
    { feature: "pilot", title: "A pilot on board" },
    { feature: "night_watch", title: "Night watch, by somebody who is awake" },
  ],
  pagination: { has_more: false, next_cursor: null },
};

/** docs/plans/per-seat.toml: paid by the seat in two currencies, with add-ons. */
const both = (month: number, year: number) => [price("month", month), price("month", month, "eur"), price("year", year), price("year", year, "eur")];
export const perSeat = {
  plans: [
    { ...plain, plan: "free", title: "Free", description: "For two people.", limits: { members: 2, integrations: 1, api_keys: 1, storage_mb: 1024, exports: 20, retention_days: 14 }, runtime: null },
    { ...plain, plan: "team", title: "Team", description: "For each person who works together.", prices: both(800, 8000), minimum_seats: 1, features: ["single_sign_on"], limits: { members: null, integrations: null, api_keys: 50, storage_mb: 102_400, exports: 2000, retention_days: 365 }, runtime: null },
  ],
  addons: [
    { addon: "storage", version: 1, title: "100 GB more", description: "More space for files.", meter: "storage_mb", amount: 102_400, maximum_quantity: 20, prices: both(500, 5000) },
    { addon: "exports", version: 1, title: "1,000 exports more", description: "More exports each month.", meter: "exports", amount: 1000, maximum_quantity: 100, prices: both(200, 2000) },
  ],
  meters: [
    meter("members", "Seats", "seats", false, false),
    meter("integrations", "Integrations", "integrations", false, false),
    meter("api_keys", "API keys", "API keys", false, false),
    meter("storage_mb", "Storage", "MB"),
    meter("exports", "Exports", "exports a month", true),
  ],
  features: [{ feature: "single_sign_on", title: "Single sign-on" }],
  pagination: { has_more: false, next_cursor: null },
};

interface Page {
  plans: { plan: string; by_contract: boolean; version: number }[];
}

interface Held {
  plan: string;
  /** The version of the plan, if it is not the newest. */
  version?: number;
  /** The place of a plan that the catalogue does not list: below the plan of this index. */
  below?: number;
}

/** What the API answers: with the header of a workspace, it compares each plan with that of the workspace. */
export function seenBy(catalogue: Page, held: () => Held) {
  return async (route: Route) => {
    const { plan, version, below } = held();
    const { plans } = catalogue;
    const place = plans.findIndex((one) => one.plan === plan);
    const contract = plans[place]?.by_contract;
    const compared = plans.map((one, index) => {
      const other = one.by_contract || contract ? "contract" : index > place && index >= (below ?? 0) ? "upgrade" : "downgrade";
      return { ...one, current: index === place && (version ?? one.version) === one.version, change: index === place ? "none" : other };
    });
    const named = route.request().headers()["x-workspace-id"] !== undefined;
    await route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { ...catalogue, ...(named && { plans: compared }) } });
  };
}
