// The entrance for people: each request carries their token, which is renewed when it is refused.

import { isFailure, signedOut, unreachable, type FailureClass } from "./failure.js";

export interface Tokens {
  /** The person's token; nothing if they are signed out. */
  token: () => Promise<string | undefined>;
  /** Makes `token` return a new one. */
  renew: () => Promise<void>;
  /** Called when there is no token, or a new one is refused, too. */
  lost: () => void;
}

export type Send = (request: Request) => Promise<Response>;

/** While a service is down, requests that fail do not ask for token after token. */
const RENEWAL = 60_000;

/**
 * Sends with the token; without one, nothing is sent. Browsers cannot read the gateway's own 401, which has no CORS headers: no answer
 * renews the token, too.
 */
export function withToken({ token, renew, lost }: Tokens, send: Send, Class: FailureClass): Send {
  let renewal: { at: number; done: Promise<void> } | undefined;
  const renewOnce = () => {
    if (!renewal || Date.now() - renewal.at > RENEWAL) {
      const done = renew().catch(() => {
        renewal = undefined;
        throw unreachable(Class);
      });
      renewal = { at: Date.now(), done };
    }
    return renewal.done;
  };
  const signed = async (request: Request) => {
    const copy = request.clone();
    const bearer = await token();
    if (!bearer) {
      lost();
      throw signedOut(Class);
    }
    copy.headers.set("authorization", `Bearer ${bearer}`);
    return copy;
  };
  return async (request) => {
    let answer: Response | undefined;
    try {
      answer = await send(await signed(request));
    } catch (error) {
      const isOut = isFailure(error) && error.code === "signed_out";
      if (isOut || request.signal.aborted || globalThis.navigator?.onLine === false) throw error;
    }
    if (answer === undefined || answer.status === 401) {
      await renewOnce();
      answer = await send(await signed(request));
      if (answer.status === 401) lost();
    }
    return answer;
  };
}
