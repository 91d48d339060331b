// What a difference is about, what a repair does about it, and which of its values differ. Pure functions.

import type { Code, Difference } from "../../api/doctor/examination";
import type { PageTexts } from "../../text";

type Text = PageTexts["doctor"];
export type Area = keyof Text["areas"];
export type Field = keyof Text["fields"];

/** In the order of the page. */
export const AREAS: readonly Area[] = ["counters", "addresses", "free", "container", "billing", "secrets", "notifications", "audit"];

const areas: Record<Code, Area> = {
  counter: "counters",
  address_unguarded: "addresses",
  address_of_nobody: "addresses",
  address_of_two: "addresses",
  free_workspace_list: "free",
  free_container_list: "free",
  runtime: "container",
  subscription: "billing",
  second_subscription: "billing",
  customer: "billing",
  price: "billing",
  secret_missing: "secrets",
  unread_count: "notifications",
  audit_log: "audit",
};

/** Differences of a kind that this dashboard does not know are among the numbers. */
export function areaOf(code: Code): Area {
  return areas[code] ?? "counters";
}

/** `value[name]`, whatever `value` is: the API describes the values of a difference by its kind only. */
export function part(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** "deleted", or "unknown" to Stripe. */
export function lossOf({ found }: Difference): "deleted" | "unknown" {
  return part(found, "status") === "deleted" ? "deleted" : "unknown";
}

/** The state that the container should be in. */
export function wantedOf({ found }: Difference): "running" | "stopped" {
  return part(part(found, "wanted"), "status") === "running" ? "running" : "stopped";
}

/** True if an owner's repair changes something about it. An examination does not say so. */
export function isRepairable(difference: Difference): boolean {
  switch (difference.code) {
    case "counter":
    case "address_unguarded":
    case "address_of_nobody":
    case "runtime":
    case "subscription":
    case "secret_missing":
    case "unread_count":
    case "free_workspace_list":
    case "free_container_list":
      return true;
    case "customer":
      return lossOf(difference) === "deleted";
    case "address_of_two":
    case "second_subscription":
    case "price":
    case "audit_log":
      return false;
  }
}

export interface Row {
  field: Field;
  recorded: unknown;
  found: unknown;
}

const SUBSCRIPTION = ["plan", "interval", "status", "current_period_end", "cancel_at", "grace_until", "id"] as const;

const same = (one: unknown, other: unknown) => (one ?? null) === (other ?? null);

/** The values that differ; none if the kind says it all. */
export function rowsOf({ code, recorded, found }: Difference): Row[] {
  const row = (field: Field, name: string = field): Row => ({ field, recorded: part(recorded, name), found: part(found, name) });
  switch (code) {
    case "counter":
    case "unread_count":
      return [{ field: "count", recorded, found }];
    case "runtime":
      return [row("tasks")];
    case "subscription":
      return SUBSCRIPTION.map((field) => row(field)).filter((one) => !same(one.recorded, one.found));
    case "second_subscription":
      return [{ field: "id", recorded: part(recorded, "counts"), found: part(found, "renews") }];
    case "price":
      return [row("amount"), row("price")].filter((one) => !same(one.recorded, one.found));
    case "audit_log":
      return [row("number"), row("digest")].filter((one) => !same(one.recorded, one.found));
    case "address_unguarded":
    case "address_of_nobody":
    case "address_of_two":
    case "customer":
    case "secret_missing":
    case "free_workspace_list":
    case "free_container_list":
      return [];
    default:
      return [{ field: "count", recorded, found }];
  }
}

/** How many have each result. */
export function outcomesOf(differences: readonly Difference[]): Record<NonNullable<Difference["repair"]>, number> {
  const counts = { done: 0, under_way: 0, ask_again: 0, by_hand: 0 };
  for (const { repair } of differences) if (repair) counts[repair] += 1;
  return counts;
}

/** What a repair of these does: each thing once, in the order of the page. */
export function planOf(differences: readonly Difference[], text: Text, nameOf: (integration: string) => string, join: (names: string[]) => string): string[] {
  const repaired = differences.filter(isRepairable).sort((a, b) => AREAS.indexOf(areaOf(a.code)) - AREAS.indexOf(areaOf(b.code)));
  const said = repaired.map((difference) => {
    const { code } = difference;
    switch (code) {
      case "runtime":
        return text.plan.runtime[wantedOf(difference)];
      case "secret_missing":
        return text.plan.secret_missing(join(repaired.filter((one) => one.code === code).map(({ subject }) => nameOf(subject))));
      case "counter":
      case "address_unguarded":
      case "address_of_nobody":
      case "subscription":
      case "customer":
      case "unread_count":
      case "free_workspace_list":
      case "free_container_list":
        return text.plan[code];
      case "address_of_two":
      case "second_subscription":
      case "price":
      case "audit_log":
        return undefined;
    }
  });
  return [...new Set(said.filter((one) => one !== undefined))];
}
