// A request that failed, as pages show it: what happened, what to do, and the id to give to support.

import { text } from "../text";
import type { components } from "./schema";

type Problem = components["schemas"]["Problem"];

export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId: string | undefined,
    readonly problem: Partial<Problem> = {},
    /** Seconds after which the same request may be sent again. */
    readonly retryAfter: number | undefined = undefined,
  ) {
    super(detail);
  }

  static unreachable(): Failure {
    return new Failure(0, "unreachable", text().errors.unreachable, undefined);
  }

  static signedOut(): Failure {
    return new Failure(401, "signed_out", text().errors.signedOut, undefined);
  }

  /** The sentence for this failure in the person's language; the API's own, in English, where there is none. */
  get sentence(): string {
    const known = text().problems as Record<string, string | undefined>;
    return known[this.code] ?? this.detail;
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

export async function failure(answer: Response): Promise<Failure> {
  const id = answer.headers.get("apigw-requestid") ?? undefined;
  const wait = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isNaN(wait) ? undefined : wait;
  try {
    const problem = (await answer.json()) as Problem;
    return new Failure(answer.status, problem.code, problem.detail, problem.instance || id, problem, retryAfter);
  } catch {
    const sentence = answer.status === 429 ? text().errors.tooMany : text().errors.unknown;
    return new Failure(answer.status, "unknown", sentence, id, {}, retryAfter);
  }
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof Failure;
}
