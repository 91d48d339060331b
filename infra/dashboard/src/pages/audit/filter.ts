// The filters of the log, as they are in the address and as the API takes them.

import type { Action, Wanted } from "../../api/audit/log";
import type { PageTexts } from "../../text";
import { dayAfter, isDay, startOf } from "./days";

export interface Search {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  /** First and last day, in the zone of the workspace. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface Filter extends Search {
  action?: Action | undefined;
}

/** The longest target that the API takes. */
const LONGEST = 200;

/** The filters that a plan has. Those without the log filter by person and kind. */
export function filterOf(search: Search, isLog: boolean, actions: PageTexts["audit"]["actions"]): Filter {
  const day = (text: string | undefined) => (text !== undefined && isDay(text) ? text : undefined);
  const actor = search.actor?.trim() || undefined;
  const action = Object.keys(actions).find((name): name is Action => name === search.action);
  if (!isLog) return { actor, action };
  return { actor, action, target: search.target?.trim().slice(0, LONGEST) || undefined, from: day(search.from), to: day(search.to) };
}

export function isOn(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** True if the last day is before the first one: nothing is asked for then. */
export function isInverted({ from, to }: Filter): boolean {
  return from !== undefined && to !== undefined && to < from;
}

export function wantedOf({ from, to, ...others }: Filter, zone: string): Wanted {
  const wanted = { ...others, from: from && startOf(from, zone), to: to && startOf(dayAfter(to), zone) };
  // Without what is not set, so that the same filters have the same key.
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}
