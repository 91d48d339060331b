// A request that failed: what happened, what to do, and the id to give to support.

import type { components } from "./schema.js";

/** The body of a refusal. */
export type Problem = components["schemas"]["Problem"];

export class Failure extends Error {
  constructor(
    /** HTTP status; 0 if there was no answer. */
    readonly status: number,
    /** Stable code: the API's, or `unreachable`, `signed_out` or `unknown`. */
    readonly code: string,
    /** What happened and what to do, in English. */
    readonly detail: string,
    readonly requestId: string | undefined,
    /** The whole body; empty if the answer had none. */
    readonly problem: Partial<Problem> = {},
    /** Seconds after which the same request may be sent again. */
    readonly retryAfter: number | undefined = undefined,
  ) {
    super(detail);
  }

  /** What is wrong with each field. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.problem.errors ?? []).map((error) => [error.field, error.message]));
  }

  /** True if the same request may succeed later without a change. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A class of failures, such as one that has sentences in the languages of a dashboard. */
export type FailureClass = new (...about: ConstructorParameters<typeof Failure>) => Failure;

export function isFailure(error: unknown): error is Failure {
  return error instanceof Failure;
}

export function unreachable(Class: FailureClass): Failure {
  return new Class(0, "unreachable", "the API cannot be reached; check the connection, then send the request again", undefined);
}

export function signedOut(Class: FailureClass): Failure {
  return new Class(401, "signed_out", "there is no token; sign in", undefined);
}

/** The failure that an answer without success is. */
export async function refusal(answer: Response, Class: FailureClass): Promise<Failure> {
  const id = answer.headers.get("apigw-requestid") ?? undefined;
  const wait = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isNaN(wait) ? undefined : wait;
  try {
    const problem = (await answer.json()) as Problem;
    return new Class(answer.status, problem.code, problem.detail, problem.instance || id, problem, retryAfter);
  } catch {
    // The gateway's own answers, and those of whatever is between.
    return new Class(answer.status, "unknown", `the API answered ${answer.status} without a reason`, id, {}, retryAfter);
  }
}
