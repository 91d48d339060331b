// What a record says was changed, field by field.

import type { AuditRecord } from "../../api/audit/log";

export type Shown =
  | { kind: "text"; text: string }
  /** A text without characters. */
  | { kind: "empty" }
  /** Its value was personal; the digest stays. */
  | { kind: "erased"; digest: string }
  /** It was too large for a record. */
  | { kind: "large"; digest: string; bytes: number };

export interface Change {
  /** The name of the field; of a part of an object with the names of both: `settings.theme`. */
  field: string;
  /** Missing if the field had no value. */
  before: Shown | undefined;
  after: Shown | undefined;
  isSame: boolean;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Erased and large values are objects with a digest and nothing else. */
function sealed(value: Fields): Shown | undefined {
  const { digest, bytes, ...others } = value;
  if (typeof digest !== "string" || Object.keys(others).length > 0) return undefined;
  if (typeof bytes === "number") return { kind: "large", digest, bytes };
  return bytes === undefined ? { kind: "erased", digest } : undefined;
}

function shown(value: unknown): Shown {
  if (value === "") return { kind: "empty" };
  if (isFields(value)) return sealed(value) ?? { kind: "text", text: JSON.stringify(value) };
  return { kind: "text", text: typeof value === "string" ? value : JSON.stringify(value) };
}

/** The values by the names of their fields, those of objects one by one. */
function flat(fields: Fields, prefix = ""): Map<string, Shown> {
  const found = new Map<string, Shown>();
  for (const [name, value] of Object.entries(fields)) {
    const path = prefix + name;
    if (isFields(value) && !sealed(value) && Object.keys(value).length > 0) {
      for (const [inner, one] of flat(value, `${path}.`)) found.set(inner, one);
    } else found.set(path, shown(value));
  }
  return found;
}

export function changesOf({ before, after }: Pick<AuditRecord, "before" | "after">): Change[] {
  const [old, fresh] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].map((field) => {
    const [was, is] = [old.get(field), fresh.get(field)];
    return { field, before: was, after: is, isSame: JSON.stringify(was) === JSON.stringify(is) };
  });
}
