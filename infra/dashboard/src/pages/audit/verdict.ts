// What the pages of a verification come to, with the newest checkpoint that was known before it.

import type { Checkpoint, Verification } from "../../api/audit/pages";

export interface Signed {
  number: number;
  digest: string;
  at: string;
}

/** What a checkpoint signs; nothing if it cannot be read. */
export function signedBy(checkpoint: Checkpoint | undefined): Signed | undefined {
  try {
    const { number, digest, at } = JSON.parse(checkpoint?.text ?? "null") as Partial<Signed>;
    return typeof number === "number" && typeof digest === "string" && typeof at === "string" ? { number, digest, at } : undefined;
  } catch {
    return undefined;
  }
}

export interface Checked {
  /** Number of records that were verified. */
  count: number;
  last: { number: number; digest: string } | undefined;
  broken: { at: string | undefined; reason: Reason } | undefined;
}

export type Reason = NonNullable<Verification["reason"]> | "rewritten";

export const NOTHING: Checked = { count: 0, last: undefined, broken: undefined };

/** With one page more. */
export function withPage(checked: Checked, page: Verification): Checked {
  const { checked: count, last_number, last_digest, ok, broken_at, reason } = page;
  return {
    count: checked.count + count,
    last: last_number != null && last_digest != null ? { number: last_number, digest: last_digest } : checked.last,
    broken: ok ? undefined : { at: broken_at ?? undefined, reason: reason ?? "unreadable" },
  };
}

/** A log that continues itself may have been cut, or computed again, after it was signed. */
export function judged(checked: Checked, signed: Signed | undefined): Checked {
  const { last, broken } = checked;
  if (broken || !last || !signed || signed.number < last.number) return checked;
  if (signed.number > last.number) return { ...checked, broken: { at: undefined, reason: "truncated" } };
  return signed.digest === last.digest ? checked : { ...checked, broken: { at: undefined, reason: "rewritten" } };
}

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The time in the id of a record, which is a ULID. */
export function timeOf(id: string): number | undefined {
  const digits = [.../^aud_([0-9A-Z]{10})/.exec(id)?.[1] ?? ""].map((digit) => DIGITS.indexOf(digit));
  if (digits.length === 0 || digits.includes(-1)) return undefined;
  return digits.reduce((time, digit) => time * 32 + digit, 0);
}
