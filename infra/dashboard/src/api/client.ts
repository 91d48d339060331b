// The one client of the API: types from openapi.json, the person's token, and problems as errors.

import createClient, { type Middleware } from "openapi-fetch";
import { config } from "../config";
import { renewToken, setSignedIn, token, who } from "../auth";
import { Failure, failure, isFailure } from "./failure";
import type { paths } from "./schema";

/** The API's clock: relative times use it, not the browser's. */
let skew = 0;

export function now(): number {
  return Date.now() + skew;
}

function noteDate(answer: Response) {
  const date = Date.parse(answer.headers.get("date") ?? "");
  if (!Number.isNaN(date)) skew = date - Date.now();
}

/** The last renewal. While a service is down, requests that fail do not ask for token after token. */
let renewal: { at: number; done: Promise<void> } | undefined;

function renewOnce(): Promise<void> {
  if (!renewal || Date.now() - renewal.at > 60_000) {
    const done = renewToken().catch(() => {
      renewal = undefined;
      throw Failure.unreachable();
    });
    renewal = { at: Date.now(), done };
  }
  return renewal.done;
}

/** One attempt; without an answer a failure that says so. */
async function attempt(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    throw Failure.unreachable();
  }
}

/** Ends the session of this page: the person signs in again and comes back. */
function leave() {
  if (who()) setSignedIn(undefined);
}

/**
 * Sends with the token. Without one nothing is sent: the person signed out while a page was about to read. The gateway's own 401 has no CORS
 * headers and reads as no answer at all: both renew the token, once a minute. A new token that is refused, too, ends the session.
 */
async function send(input: Request): Promise<Response> {
  const request = async () => {
    const copy = input.clone();
    const bearer = await token();
    if (!bearer) {
      leave();
      throw Failure.signedOut();
    }
    copy.headers.set("authorization", `Bearer ${bearer}`);
    return copy;
  };
  let answer: Response | undefined;
  try {
    answer = await attempt(await request());
  } catch (error) {
    if (!navigator.onLine || (isFailure(error) && error.code === "signed_out")) throw error;
  }
  if (answer === undefined || answer.status === 401) {
    await renewOnce();
    answer = await attempt(await request());
    if (answer.status === 401) leave();
  }
  noteDate(answer);
  return answer;
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await failure(response);
  },
};

function make() {
  const client = createClient<paths>({ baseUrl: `${config().api}/api/v1`, fetch: send });
  client.use(problems);
  return client;
}

let made: ReturnType<typeof make> | undefined;

export function api(): ReturnType<typeof make> {
  return (made ??= make());
}

/** The header that names a workspace. */
export function within(workspace: string): { "X-Workspace-ID": string } {
  return { "X-Workspace-ID": workspace };
}

/** A key under which a POST is sent: the same for its repetitions. */
export function freshKey(): string {
  return crypto.randomUUID();
}
