// What is filled in for a key, and the request that it is.

import type { ApiKey, ApiKeyChanges, NewApiKey } from "../../api/keys/types";
import { inOrder, type Scopes } from "./scopes";

export const MOST_NETWORKS = 20;
export const MOST_DAYS = 366;
export const DAYS: readonly number[] = [7, 30, 90, 180, 366];

export interface Draft {
  name: string;
  scopes: Scopes;
  /** The number of days, as it is typed. */
  days: string;
  networks: string;
  /** As they are typed, by meter. */
  budgets: Readonly<Record<string, string>>;
  service: boolean;
}

export const fresh: Draft = { name: "", scopes: new Set(), days: "90", networks: "", budgets: {}, service: false };

/** A whole number that is typed; nothing for any other text. */
export function whole(text: string): number | undefined {
  const number = Number(text.trim());
  return text.trim() !== "" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** The networks in a text, each once. */
export function networksIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

/** Budgets limit consumption, which other keys cannot do. */
function budgetsOf({ scopes, budgets }: Draft): [string, string][] {
  return scopes.has("usage:write") ? Object.entries(budgets).filter(([, typed]) => typed.trim() !== "") : [];
}

export interface Wrong {
  name?: true;
  scopes?: true;
  days?: true;
  /** How many there are. */
  networks?: number;
  budgets?: readonly string[];
}

/** What is missing or wrong; the API looks at the rest. */
export function wrongIn(draft: Draft): Wrong {
  const days = whole(draft.days);
  const networks = networksIn(draft.networks).length;
  const budgets = budgetsOf(draft).flatMap(([meter, typed]) => (whole(typed) === undefined ? [meter] : []));
  return {
    ...(draft.name.trim() === "" && { name: true }),
    ...(draft.scopes.size === 0 && { scopes: true }),
    ...((days === undefined || days < 1 || days > MOST_DAYS) && { days: true }),
    ...(networks > MOST_NETWORKS && { networks }),
    ...(budgets.length > 0 && { budgets }),
  };
}

export function bodyOf(draft: Draft): NewApiKey {
  const networks = networksIn(draft.networks);
  const budgets = budgetsOf(draft).map(([meter, typed]) => [meter, whole(typed) ?? 0] as const);
  return {
    name: draft.name.trim(),
    scopes: inOrder(draft.scopes),
    expires_in_days: whole(draft.days) ?? 0,
    ...(networks.length > 0 && { networks }),
    ...(budgets.length > 0 && { budgets: Object.fromEntries(budgets) }),
    ...(draft.service && { service: true }),
  };
}

/** What can be changed later. */
export type Terms = Pick<Draft, "name" | "scopes" | "networks">;

export function termsOf({ name, scopes, networks }: Pick<ApiKey, "name" | "scopes" | "networks">): Terms {
  return { name, scopes: new Set(scopes), networks: networks.join("\n") };
}

const sameSet = (one: Iterable<string>, other: Iterable<string>) => [...one].sort().join() === [...other].sort().join();

/** Only what differs is sent: what somebody else changes meanwhile stays. */
export function changesOf(base: Terms, next: Terms): ApiKeyChanges {
  const [before, after] = [networksIn(base.networks), networksIn(next.networks)];
  return {
    ...(next.name.trim() !== base.name && { name: next.name.trim() }),
    ...(!sameSet(base.scopes, next.scopes) && { scopes: inOrder(next.scopes) }),
    ...(!sameSet(before, after) && { networks: after }),
  };
}

/** `mine`, begun from `base`, where the key is `theirs` now: what I have not touched follows. */
export function rebased(base: Terms, mine: Terms, theirs: Terms): Terms {
  const touched = changesOf(base, mine);
  return {
    name: touched.name === undefined ? theirs.name : mine.name,
    scopes: touched.scopes === undefined ? theirs.scopes : new Set([...mine.scopes].filter((scope) => theirs.scopes.has(scope))),
    networks: touched.networks === undefined ? theirs.networks : mine.networks,
  };
}

/** The API's errors of a field, those of its entries included. */
export function errorsOf(fields: Record<string, string>, field: string): string | undefined {
  const found = Object.entries(fields).filter(([name]) => name === field || name.startsWith(`${field}[`) || name.startsWith(`${field}.`));
  return found.length > 0 ? found.map(([, message]) => message).join(" ") : undefined;
}
