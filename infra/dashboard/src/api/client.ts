// The one client of the API: types from openapi.json, the person's token, and problems as errors.

import createClient, { type Middleware } from "openapi-fetch";
import { config } from "../config";
import { renewToken, token } from "../auth";
import { Failure, failure } from "./failure";
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

/** One attempt; without an answer a failure that says so. */
async function attempt(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    throw Failure.unreachable();
  }
}

/** Sends with the token. The gateway's own 401 has no CORS headers and reads as no answer at all: both renew the token once. */
async function send(input: Request): Promise<Response> {
  const request = () => {
    const copy = input.clone();
    return token().then((bearer) => {
      if (bearer) copy.headers.set("authorization", `Bearer ${bearer}`);
      return copy;
    });
  };
  let answer: Response | undefined;
  try {
    answer = await attempt(await request());
  } catch (error) {
    if (!navigator.onLine) throw error;
  }
  if (answer === undefined || answer.status === 401) {
    await renewToken();
    answer = await attempt(await request());
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
