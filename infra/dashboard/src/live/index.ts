// What happens in a workspace, as soon as it happens. Pages poll while there is no connection.

import { useEffect, useSyncExternalStore } from "react";
import { who } from "../auth";
import { api, within } from "../api/client";
import { data } from "../api/data";
import { noteCounts, type Counts } from "../api/notifications/counts";
import { isShort, noticeGone, of, queries } from "../api/query";
import { line, type Message } from "./line";
import { share } from "./share";

const connected = new Set<string>();
const watchers = new Set<() => void>();

function setConnected(workspace: string, on: boolean) {
  if (on === connected.has(workspace)) return;
  if (on) connected.add(workspace);
  else connected.delete(workspace);
  for (const watcher of watchers) watcher();
}

/** True while everything that happens in the workspace is received. */
export function isLive(workspace: string): boolean {
  return connected.has(workspace);
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => void watchers.delete(changed);
}

export function useIsLive(workspace: string): boolean {
  return useSyncExternalStore(watch, () => isLive(workspace));
}

/** Receives what happens in a workspace for as long as its pages are shown. */
export function useLive(workspace: string): void {
  useEffect(() => {
    if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return undefined;
    const surroundings = { ticket: () => ticket(workspace), open: (url: string) => new WebSocket(url), random: Math.random };
    let known = false;
    const received = (message: Message) => {
      note(workspace, message);
      if (message.type !== "state") return;
      // Hints may have been missed before this state.
      if (known) hintsOf(workspace);
      known = true;
    };
    const listener = { received, connected: (on: boolean) => setConnected(workspace, on) };
    const end = share(`berth.live.${workspace}.${who()?.email ?? ""}`, (all) => line(surroundings, all), listener);
    return () => {
      end();
      setConnected(workspace, false);
    };
  }, [workspace]);
}

async function ticket(workspace: string): Promise<{ url: string; ticket: string }> {
  try {
    return await data(api().POST("/notifications/ticket", { params: { header: within(workspace) } }));
  } catch (error) {
    noticeGone(error);
    throw error;
  }
}

/** Reads again what hints are about. */
function hintsOf(workspace: string) {
  note(workspace, { type: "status" });
  note(workspace, { type: "standing" });
}

/** Puts what a message says into what pages show. */
function note(workspace: string, message: Message) {
  const read = (...parts: string[]) => void queries.invalidateQueries({ queryKey: of(workspace, ...parts), predicate: isShort });
  // What others are notified of was a change, and so was what is hinted at.
  if (message.type === "notification" || message.type === "status" || message.type === "standing") {
    read("audit");
    // Integrations are sent the same.
    read("integrations");
    read("renewals");
  }
  switch (message.type) {
    case "notification":
      read("people");
      read("keys");
      // It may be about a limit.
      read("entitlements");
      read("usage");
      noteCounts(workspace, message as Counts & Message);
      break;
    case "state":
    case "unread":
    case "marked":
      noteCounts(workspace, message as Counts & Message);
      break;
    case "status":
      read("runtime");
      break;
    case "standing":
      read("head");
      read("subscription");
      read("entitlements");
      break;
    case "ended":
      read("head");
      break;
  }
}
