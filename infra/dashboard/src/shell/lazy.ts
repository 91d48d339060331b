// Pages are loaded when they are opened. One whose files cannot be loaded says that the service cannot be reached, or that the tab is older
// than a deployment: then the tab is loaded again.

import { lazyRouteComponent as lazy } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { unreachable } from "berth-client";
import { Failure } from "../api/failure";

const KEY = "berth.reloaded";
/** A file that is still missing after it was loaded again this long ago is not looked for once more. */
const RECENT = 60_000;

export async function isReachable(): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    return (await fetch("/config.json", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

async function reload(): Promise<boolean> {
  const last = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - last < RECENT || !(await isReachable())) return false;
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
  return true;
}

let looking: Promise<boolean> | undefined;

/** Loads the tab again if its files may be gone, and not if there is no network: browsers have no page then. True if it does. */
export function reloadIfOld(): Promise<boolean> {
  return (looking ??= reload().finally(() => (looking = undefined)));
}

/** As the router's, whose own remedy is to load the tab again in any case. */
export function lazyRouteComponent<M extends Record<K, ComponentType>, K extends keyof M & string>(load: () => Promise<M>, name: K) {
  const missing = async (): Promise<never> => {
    if (await reloadIfOld()) return new Promise(() => undefined);
    throw unreachable(Failure);
  };
  return lazy<M, K>(() => load().catch(missing), name);
}
