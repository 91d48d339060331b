// The one client of the API, with the person's token.

import { createClient, type ClientWithToken, type paths } from "berth-client";
import { customer } from "../auth";
import { config } from "../config";
import { Failure } from "./failure";

/** The API's clock: relative times use it, not the browser's. */
let skew = 0;

export function now(): number {
  return Date.now() + skew;
}

/** Takes the time from an answer. */
export function noteDate(answer: Response) {
  const date = Date.parse(answer.headers.get("date") ?? "");
  if (!Number.isNaN(date)) skew = date - Date.now();
}

/** Ends the session of this page: the person signs in again and comes back. */
function leave() {
  if (customer.who()) customer.set(undefined);
}

let made: ClientWithToken<paths> | undefined;

export function api(): ClientWithToken<paths> {
  return (made ??= createClient<paths>({ api: config().api, token: () => customer.token(), renew: () => customer.renew(), lost: leave, onAnswer: noteDate, failure: Failure }));
}

/** The header that names a workspace. */
export function within(workspace: string): { "X-Workspace-ID": string } {
  return { "X-Workspace-ID": workspace };
}

/** A key under which a POST is sent: the same for its repetitions. */
export function freshKey(): string {
  return crypto.randomUUID();
}
