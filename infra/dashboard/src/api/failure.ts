// A request that failed, as pages show it: in the person's language.

import { Failure as Failed } from "berth-client";
import { text } from "../text";

export class Failure extends Failed {
  /** The sentence for this failure in the person's language; the API's own, in English, where there is none. */
  get sentence(): string {
    const { problems, errors } = text();
    switch (this.code) {
      case "unreachable":
        return errors.unreachable;
      case "signed_out":
        return errors.signedOut;
      case "internal":
      case "unknown":
        return this.status === 429 ? errors.tooMany : errors.unknown;
      default:
        return (problems as Record<string, string | undefined>)[this.code] ?? this.detail;
    }
  }
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof Failure;
}
