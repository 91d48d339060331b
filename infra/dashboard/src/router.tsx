// The pages and their addresses. Pages are loaded when they are opened.

import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { isCurrency, isPlanName } from "./pages/billing/back";
import type { Plan, Role } from "./api/types";
import { who } from "./auth";
import { keepInvitation } from "./auth/invitation";
import { config } from "./config";
import { lazyRouteComponent } from "./shell/lazy";
import { Trouble } from "./shell/trouble";

const lost = lazyRouteComponent(() => import("./shell/lost"), "Lost");
const root = createRootRoute({ component: Outlet, notFoundComponent: lost, errorComponent: Trouble });

/** Pages of the sign-in family; `next` is the path to go on at. */
interface Entry {
  next?: string;
  email?: string;
}

function entry(search: Record<string, unknown>): Entry {
  const { next, email } = search;
  return {
    // A path of our own, never another site. What is refused is set to nothing: the router would keep it as it was given.
    next: typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : undefined,
    email: typeof email === "string" ? email : undefined,
  };
}

interface TeamSearch {
  tab?: "invitations" | "former";
  role?: Role;
  q?: string;
  invite?: boolean;
}

interface BillingSearch {
  checkout?: "success" | "cancelled";
  interval?: "month" | "year";
  currency?: string;
  plan?: Plan;
}

interface UsageSearch {
  /** A calendar month, as 2026-11. */
  month?: string;
  as?: "table";
}

interface AuditSearch {
  actor?: string;
  action?: string;
  target?: string;
  /** Days in the workspace's zone. */
  from?: string;
  to?: string;
}

/** As it is in the address: the console reads it by `useConsoleSearch`. */
interface ConsoleSearch {
  q?: unknown;
  queue?: unknown;
  workspace?: unknown;
}

/** `value` as a text: what looks like a number or a boolean is parsed by the router. */
function text(value: unknown): string | undefined {
  return value != null && value !== "" && typeof value !== "object" ? String(value) : undefined;
}

/** `value`, if it is one of `known`. */
function oneOf<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((one) => one === value);
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: entry,
  component: lazyRouteComponent(() => import("./pages/auth/sign-in"), "SignIn"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: entry,
  component: lazyRouteComponent(() => import("./pages/auth/sign-up"), "SignUp"),
});
const confirm = createRoute({
  getParentRoute: () => root,
  path: "/confirm",
  validateSearch: entry,
  component: lazyRouteComponent(() => import("./pages/auth/confirm"), "Confirm"),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  validateSearch: entry,
  component: lazyRouteComponent(() => import("./pages/auth/forgot"), "Forgot"),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  validateSearch: entry,
  component: lazyRouteComponent(() => import("./pages/auth/reset"), "Reset"),
});
const twoStep = createRoute({
  getParentRoute: () => root,
  path: "/two-step",
  validateSearch: entry,
  component: lazyRouteComponent(() => import("./pages/auth/two-step"), "TwoStep"),
});
const callback = createRoute({
  getParentRoute: () => root,
  path: "/callback",
  component: lazyRouteComponent(() => import("./pages/auth/callback"), "Callback"),
});
const invited = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  validateSearch: (search: Record<string, unknown>): { invite?: string } => ({
    invite: typeof search["invite"] === "string" ? search["invite"] : undefined,
  }),
  // The token leaves the address bar before anything is loaded or shown.
  beforeLoad: ({ search, preload }) => {
    if (!search.invite || preload) return;
    keepInvitation(search.invite);
    throw redirect({ to: "/signup", search: {}, replace: true });
  },
  component: lazyRouteComponent(() => import("./pages/invited"), "Invited"),
});

/** Everything else is for people who are signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: ({ location }) => {
    if (!who()) throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: Outlet,
});
const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    const last = localStorage.getItem("berth.workspace");
    throw last ? redirect({ to: "/w/$ws", params: { ws: last } }) : redirect({ to: "/workspaces" });
  },
});
const workspaces = createRoute({
  getParentRoute: () => inside,
  path: "/workspaces",
  validateSearch: (search: Record<string, unknown>): { q?: string; create?: boolean } => ({
    q: text(search["q"]),
    create: search["create"] === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/workspaces"), "Workspaces"),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("./pages/account"), "Account"),
});
const deletion = createRoute({
  getParentRoute: () => inside,
  path: "/deletions/$id",
  component: lazyRouteComponent(() => import("./pages/deletion"), "Deletion"),
});
const workspace = createRoute({
  getParentRoute: () => inside,
  path: "/w/$ws",
  component: lazyRouteComponent(() => import("./shell/workspace"), "Workspace"),
  notFoundComponent: lost,
});
const overview = createRoute({
  getParentRoute: () => workspace,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/overview"), "Overview"),
});
const usage = createRoute({
  getParentRoute: () => workspace,
  path: "/usage",
  validateSearch: ({ month, as }: Record<string, unknown>): UsageSearch => ({
    month: typeof month === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : undefined,
    as: oneOf(as, ["table"]),
  }),
  component: lazyRouteComponent(() => import("./pages/usage"), "Usage"),
});
const settings = createRoute({
  getParentRoute: () => workspace,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings"), "Settings"),
  notFoundComponent: lost,
});
const general = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/general"), "General"),
});
const team = createRoute({
  getParentRoute: () => settings,
  path: "/team",
  validateSearch: (search: Record<string, unknown>): TeamSearch => ({
    tab: oneOf(search["tab"], ["invitations", "former"]),
    role: oneOf(search["role"], ["viewer", "member", "admin", "owner"]),
    q: text(search["q"]),
    invite: search["invite"] === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/team"), "Team"),
});
const billing = createRoute({
  getParentRoute: () => settings,
  path: "/billing",
  validateSearch: (search: Record<string, unknown>): BillingSearch => ({
    checkout: oneOf(search["checkout"], ["success", "cancelled"]),
    interval: oneOf(search["interval"], ["month", "year"]),
    currency: isCurrency(search["currency"]) ? search["currency"] : undefined,
    plan: isPlanName(search["plan"]) ? search["plan"] : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/billing"), "Billing"),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("./pages/keys"), "ApiKeys"),
});
const notifications = createRoute({
  getParentRoute: () => settings,
  path: "/notifications",
  component: lazyRouteComponent(() => import("./pages/notifications"), "Notifications"),
});
const integrations = createRoute({
  getParentRoute: () => settings,
  path: "/integrations",
  component: lazyRouteComponent(() => import("./pages/integrations"), "Integrations"),
});
const integration = createRoute({
  getParentRoute: () => settings,
  path: "/integrations/$type",
  component: lazyRouteComponent(() => import("./pages/integrations/integration"), "OneIntegration"),
});
const audit = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({
    actor: text(search["actor"]),
    action: text(search["action"]),
    target: text(search["target"]),
    from: text(search["from"]),
    to: text(search["to"]),
  }),
  component: lazyRouteComponent(() => import("./pages/audit"), "Audit"),
});
const doctor = createRoute({
  getParentRoute: () => settings,
  path: "/doctor",
  component: lazyRouteComponent(() => import("./pages/doctor"), "Doctor"),
});

/**
 * The operator's console. No other page leads to it, and to people who are not staff its address leads nowhere. It is one route for all of its
 * parts, as what is said of them here would be part of everybody's first load.
 */
const operator = createRoute({
  getParentRoute: () => root,
  path: "/operator/$",
  validateSearch: (search: ConsoleSearch) => search,
  // It has a sign-in of its own if staff have a provider of their own.
  beforeLoad: ({ location }) => {
    if (!config().staff && !who()) throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import("./pages/operator"), "Console"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signUp,
    confirm,
    forgot,
    reset,
    twoStep,
    callback,
    invited,
    inside.addChildren([
      home,
      workspaces,
      account,
      deletion,
      workspace.addChildren([
        overview,
        usage,
        settings.addChildren([general, team, billing, integrations, integration, keys, notifications, audit, doctor]),
      ]),
    ]),
    operator,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: Trouble,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  /** Kept by the browser, and never in an address. */
  interface HistoryState {
    /** What the console searches for: it may be a person's address. */
    sought?: { by: string; what: string };
  }
  interface Register {
    router: typeof router;
  }
}
