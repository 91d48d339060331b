// The parts of the console and their paths below /operator.

import { Link, useParams, useSearch, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** The parts that have a tab, in its order. The search for workspaces is at /operator itself. */
export const PARTS = ["workspaces", "rounds", "letters", "queues", "alarms"] as const;
export type Part = (typeof PARTS)[number];

export type Place = { part: Exclude<Part, "workspaces"> } | { part: "workspaces"; workspace?: string; tab?: "facts" | "doctor" } | { part: "callback" };

/** The place at `path`; nothing if it leads nowhere. */
export function placeOf(path: string): Place | undefined {
  const [first = "", workspace, tab, ...rest] = path.replace(/\/+$/, "").split("/");
  if (first === "" && workspace === undefined) return { part: "workspaces" };
  if (first === "workspaces" && workspace && rest.length === 0) {
    if (tab === undefined) return { part: "workspaces", workspace, tab: "facts" };
    return tab === "doctor" ? { part: "workspaces", workspace, tab } : undefined;
  }
  if (workspace !== undefined) return undefined;
  if (first === "callback") return { part: "callback" };
  const part = PARTS.find((one) => one === first);
  return part && part !== "workspaces" ? { part } : undefined;
}

export function usePlace(): Place | undefined {
  return placeOf(useParams({ from: "/operator/$" })._splat ?? "");
}

interface ConsoleSearch {
  /** The name of an alarm, or a part of it. */
  q: string;
  /** The queue whose messages are shown. */
  queue: string;
  /** The workspace whose letters are shown. */
  workspace: string;
}

/** What the address says after the path. What looks like a number is parsed by the router. */
export function useConsoleSearch(): ConsoleSearch {
  const search = useSearch({ from: "/operator/$" });
  const text = (value: unknown) => (value == null || typeof value === "object" ? "" : String(value));
  return { q: text(search.q), queue: text(search.queue), workspace: text(search.workspace) };
}

export const pathOf = (part: Part): string => (part === "workspaces" ? "" : part);

/** The path of a workspace's page below /operator. */
export const workspacePath = (workspace: string, tab?: "doctor"): string => (tab ? `workspaces/${workspace}/${tab}` : `workspaces/${workspace}`);

/** A link within the console. */
export function To({ path, search = {}, children, ...link }: Omit<LinkProps, "to" | "params" | "search"> & { path: string; search?: { workspace?: string }; className?: string; "aria-current"?: "page" | undefined; children: ReactNode }) {
  return (
    <Link {...link} to="/operator/$" params={{ _splat: path }} search={search} activeProps={{ "aria-current": link["aria-current"] }}>
      {children}
    </Link>
  );
}
