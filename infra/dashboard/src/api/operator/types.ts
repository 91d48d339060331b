// The answers of the operator's API.

import type { Difference } from "../doctor/examination";

export interface Staff {
  email: string;
  /** The name that audit records have. */
  name: string;
}

export interface Suspension {
  reason: string;
  at: string;
  by: string;
}

export type Limits = Record<string, number | null>;

export interface Size {
  cpu_units: number;
  memory_mib: number;
}

export type Interval = "month" | "year";

export interface Contract {
  plan: string | null;
  limits: Limits;
  features: string[];
  interval: Interval | null;
  runtime: Size | null;
}

export interface Facts {
  workspace: {
    id: string;
    name: string;
    live: boolean;
    suspended: Suspension | null;
    owners: number;
    members: number;
    seats: number;
    integrations: number;
    created_at: string;
  };
  standing: { plan: string; may_run: boolean; limits: Limits; runtime: Size | null };
  contract: Contract | null;
  billing: {
    version: number;
    customer: string | null;
    subscription: Subscription | null;
    pending_checkout: { session: string; plan: string; interval: Interval; expires_at: string } | null;
    last_error: { message: string; at: string } | null;
    last_refusal: { attempt: number; reason: string } | null;
    command_under_way: boolean;
    ordered_by: string | null;
    granted_trial: { days: number; at: string } | null;
    trialed_at: string | null;
    compared_again_at: string | null;
  };
  usage: Record<string, { used: number; limit: number | null; resets_at: string | null }>;
  runtime: { status: string; generation: number; plan: string | null; last_stop_reason: string | null; deadline: string | null } | null;
}

export interface Subscription {
  id: string;
  plan: string;
  interval: Interval;
  status: string;
  period: { start: string; end: string };
  cancel_at: string | null;
  trial_end: string | null;
  grace_until: string | null;
  /** The plan and the interval from the next period on. */
  scheduled: [string, Interval] | null;
  pending_change: { plan: string; interval: Interval; expires_at: string } | null;
}

export interface Found {
  workspace: string;
  name: string;
  plan: string;
  live: boolean;
  suspended: Suspension | null;
  /** The member that matched. */
  member?: { user_id: string; role: string; status: string };
  /** The invitation that matched. */
  invitation?: { id: string; role: string };
}

export interface Rounds {
  examined: number;
  /** Null if they were not compared. */
  prices: Difference[] | null;
  differing: Differing[];
  failed: { workspace: string; code: string }[];
  next: string | null;
}

export interface Differing {
  workspace: string;
  healthy: boolean;
  differences: Difference[];
}

/** What the commands take. Those that change something need a reason next to them. */
export type Command =
  | { command: "facts"; workspace: string }
  | ({ command: "find"; after?: string } & Partial<Record<Criterion, string>>)
  | { command: "doctor"; workspace?: string; after?: string }
  | Act;

export type Act =
  | { command: "suspend" | "unsuspend"; workspace: string; replaces: Suspension | null }
  | { command: "grant_trial"; workspace: string; days: number }
  | { command: "set_contract"; workspace: string; contract: Terms; replaces: Contract | null }
  | { command: "remove_contract"; workspace: string; replaces: Contract | null }
  | { command: "return_usage"; workspace: string; meter: string; amount: number; key: string }
  | { command: "set_owner"; workspace: string; email?: string; user?: string }
  | { command: "doctor"; workspace: string; repair: true };

/** The terms of a contract. What is missing is as in the plan. */
export interface Terms {
  plan?: string;
  limits: Limits;
  features: string[];
  interval?: Interval;
  runtime?: Size;
}

export const CRITERIA = ["email", "name", "customer", "task"] as const;
export type Criterion = (typeof CRITERIA)[number];

export interface Letter {
  email: string;
  /** Null for a mailbox, whose letters of all workspaces are stopped. */
  workspace: string | null;
  what: "invitation" | "member";
  kind: "bounced" | "complained" | "rejected" | "invalid_address";
  /** Null if it is not recorded. */
  at: string | null;
}

export interface Queue {
  queue: string;
  /** Their approximate number; null if SQS does not say. */
  messages: number | null;
  /** True while its messages are moved back; null if SQS does not say. */
  redriving: boolean | null;
  /** Why SQS gave up when it last moved them, in its words. */
  gave_up: string | null;
  /** False if it holds nothing that could be moved back. */
  redrivable: boolean;
}

export interface Message {
  id: string;
  /** Null if SQS does not say. */
  sent_at: string | null;
  /** Each look at it counts, too. */
  received: number;
  /** JSON, in which everything but kinds, ids, numbers and times is hidden. */
  body: string;
}
