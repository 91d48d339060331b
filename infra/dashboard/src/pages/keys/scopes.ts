// Permissions of keys: the areas, what of each can be allowed, and usual choices.

import type { KeyScope } from "../../api/keys/types";

export const AREAS = ["workspace", "team", "billing", "runtime", "integrations", "usage", "notifications", "audit"] as const;
export type Area = (typeof AREAS)[number];
export type Access = "read" | "write";

/** All, in the order of the table. */
export const SCOPES: readonly KeyScope[] = [
  "workspace:read",
  "team:read",
  "billing:read",
  "runtime:read",
  "runtime:write",
  "integrations:read",
  "integrations:write",
  "usage:read",
  "usage:write",
  "notifications:read",
  "notifications:write",
  "audit:read",
];

export type Scopes = ReadonlySet<KeyScope>;

/** Nothing where an area has no such permission. */
export function scopeOf(area: Area, access: Access): KeyScope | undefined {
  return SCOPES.find((scope) => scope === `${area}:${access}`);
}

/** True if it is about the maker's own inbox, which a service key does not have. */
export function needsMaker(scope: KeyScope): boolean {
  return scope.startsWith("notifications:");
}

export function inOrder(scopes: Iterable<KeyScope>): KeyScope[] {
  const chosen = new Set(scopes);
  return SCOPES.filter((scope) => chosen.has(scope));
}

export const PRESETS = ["read", "usage", "container", "none"] as const;
export type Preset = (typeof PRESETS)[number];

/** `isService`: for a service key. */
export function preset(name: Preset, isService: boolean): Scopes {
  const chosen: Record<Preset, readonly KeyScope[]> = {
    read: SCOPES.filter((scope) => scope.endsWith(":read")),
    usage: ["usage:write"],
    container: ["runtime:read", "runtime:write"],
    none: [],
  };
  return new Set(chosen[name].filter((scope) => !isService || !needsMaker(scope)));
}

/** The preset that the choice is equal to. */
export function presetOf(scopes: Scopes, isService: boolean): Preset | undefined {
  return PRESETS.find((name) => {
    const wanted = preset(name, isService);
    return wanted.size === scopes.size && [...wanted].every((scope) => scopes.has(scope));
  });
}
