// The deletions that this person has requested in this browser, until their end: the API lists no receipts.

import { who } from "../../auth";

const KEY = "berth.deletions";
const MOST = 20;

export interface Kept {
  /** The id of the receipt. */
  id: string;
  workspace: string;
  name: string;
}

interface Entry extends Kept {
  /** The address of the person who deleted it. */
  by: string;
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Record<string, unknown>;
  return ["id", "workspace", "name", "by"].every((field) => typeof entry[field] === "string");
}

function all(): Entry[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function write(entries: Entry[]) {
  if (entries.length > 0) localStorage.setItem(KEY, JSON.stringify(entries.slice(-MOST)));
  else localStorage.removeItem(KEY);
}

/** Those of the person who is signed in, newest first. */
export function keptDeletions(): Kept[] {
  const by = who()?.email;
  return all()
    .filter((entry) => entry.by === by)
    .reverse();
}

export function keepDeletion(deletion: Kept): void {
  const by = who()?.email;
  if (by) write([...all().filter(({ id }) => id !== deletion.id), { ...deletion, by }]);
}

export function dropDeletion(id: string): void {
  write(all().filter((entry) => entry.id !== id));
}

/** Calls `changed` when another tab has kept or dropped one. Returns how to end that. */
export function watchDeletions(changed: () => void): () => void {
  const listener = ({ key }: StorageEvent) => (key === KEY || key === null) && changed();
  addEventListener("storage", listener);
  return () => removeEventListener("storage", listener);
}
