// Where the palette and the keys lead. A page that is added to the router is added here, with its name in the texts of `commands`.

import type { LinkProps } from "@tanstack/react-router";
import type { commands } from "../../text/en/pages/commands";

export interface Destination {
  page: keyof (typeof commands)["pages"];
  to: NonNullable<LinkProps["to"]>;
  /** After `g`. */
  key: string;
}

export const destinations: readonly Destination[] = [
  { page: "overview", to: "/w/$ws", key: "o" },
  { page: "general", to: "/w/$ws/settings", key: "s" },
  { page: "team", to: "/w/$ws/settings/team", key: "t" },
  { page: "billing", to: "/w/$ws/settings/billing", key: "b" },
  { page: "integrations", to: "/w/$ws/settings/integrations", key: "i" },
  { page: "keys", to: "/w/$ws/settings/api-keys", key: "k" },
  { page: "notifications", to: "/w/$ws/settings/notifications", key: "n" },
  { page: "audit", to: "/w/$ws/settings/audit", key: "a" },
  { page: "usage", to: "/w/$ws/usage", key: "u" },
  { page: "doctor", to: "/w/$ws/settings/doctor", key: "d" },
  { page: "workspaces", to: "/workspaces", key: "w" },
  { page: "account", to: "/account", key: "m" },
];

/** The path of a destination; nothing for a page of a workspace where none is open. */
export function pathOf({ to }: Pick<Destination, "to">, workspace: string | undefined): string | undefined {
  return to.includes("$ws") ? workspace && to.replace("$ws", workspace) : to;
}
