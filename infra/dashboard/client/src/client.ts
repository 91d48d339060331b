// The client: types from openapi.json, an entrance for keys and one for people, and refusals as errors.

import createFetchClient, { type Client } from "openapi-fetch";
import { Failure, isFailure, refusal, unreachable, type FailureClass } from "./failure.js";
import type { paths } from "./schema.js";
import { withToken, type Send, type Tokens } from "./token.js";

export interface Options {
  /** Address of the API, without a path, such as `https://api.example.com`. */
  api: string;
  /** How often a request is sent again that fails for now: for lack of an answer, with 429 or with 5xx. 0 by default. */
  retries?: number;
  /** Longest time to wait before such a repetition, in seconds; 60 by default. A failure that asks for more is thrown. */
  longestWait?: number;
  /** Sends a request; `fetch` by default. */
  fetch?: Send;
  /** Called with every answer, such as for its headers `RateLimit-Remaining` and `Date`. */
  onAnswer?: (answer: Response) => void;
  /** The class of the failures that are thrown. */
  failure?: FailureClass;
}

interface Key {
  /** An API key. It belongs on servers: a browser shows it to everyone who uses it. */
  key: string;
}

type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";
type Optional<O> = O extends { parameters: { header: infer H } } ? Omit<O, "parameters"> & { parameters: Omit<O["parameters"], "header"> & { header?: Partial<H> } } : O;

/** The API as a key sees it: the key names its workspace, so the header `X-Workspace-ID` is optional. */
export type ByKey<P> = { [Path in keyof P]: { [M in keyof P[Path]]: M extends HttpMethod ? Optional<P[Path][M]> : P[Path][M] } };

export type ClientWithKey<P extends {} = paths> = Client<ByKey<P>>;
export type ClientWithToken<P extends {} = paths> = Client<P>;

const KEY = "idempotency-key";
const FIRST_PAUSE = 0.5;

/** A client for a program. */
export function createClient<P extends {} = paths>(options: Options & Key): ClientWithKey<P>;
/** A client for people who are signed in. */
export function createClient<P extends {} = paths>(options: Options & Tokens): ClientWithToken<P>;
export function createClient<P extends {}>(options: Options & (Key | Tokens)): Client<P> {
  const { fetch: send = (request) => fetch(request), failure: Class = Failure, onAnswer } = options;
  const attempt: Send = async (request) => {
    try {
      const answer = await send(request);
      onAnswer?.(answer);
      return answer;
    } catch (error) {
      throw request.signal.aborted ? error : unreachable(Class);
    }
  };
  const api = options.api.replace(/\/+$/, "");
  if ("key" in options) return createFetchClient<P>({ baseUrl: `${api}/v1`, fetch: persistent(withKey(options.key, attempt), options, Class) });
  return createFetchClient<P>({ baseUrl: `${api}/api/v1`, fetch: persistent(withToken(options, attempt, Class), options, Class) });
}

function withKey(key: string, send: Send): Send {
  if (!key) throw new TypeError("the API key is empty; is its environment variable set?");
  return (request) => {
    request.headers.set("authorization", `Bearer ${key}`);
    return send(request);
  };
}

/** Sends until there is a success, or a failure that is no longer waited for. All repetitions of a POST have one key. */
function persistent(send: Send, { retries = 0, longestWait = 60 }: Options, Class: FailureClass): Send {
  const once = async (request: Request): Promise<Response | Failure> => {
    try {
      const answer = await send(request);
      return answer.ok ? answer : await refusal(answer, Class);
    } catch (error) {
      if (isFailure(error)) return error;
      throw error;
    }
  };
  return async (request) => {
    if (request.method === "POST" && !request.headers.has(KEY)) request.headers.set(KEY, crypto.randomUUID());
    for (let sent = 0; ; sent++) {
      const found = await once(sent < retries ? request.clone() : request);
      if (!isFailure(found)) return found;
      const wait = found.retryAfter ?? FIRST_PAUSE * 2 ** sent;
      if (sent >= retries || !found.passes || wait > longestWait) throw found;
      await pause(wait, request.signal);
    }
  };
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const ended = () => {
      clearTimeout(timer);
      fail(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", ended);
      done();
    }, seconds * 1000);
    if (signal.aborted) ended();
    else signal.addEventListener("abort", ended, { once: true });
  });
}
