// Names and their values, one below the other.

import type { ReactNode } from "react";

export function Rows({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-1 text-sm sm:grid-cols-[minmax(9rem,auto)_1fr]">{children}</dl>;
}

/** A name and its value, with a line above all but the first. */
export function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 border-t border-line py-2 first:border-0 sm:col-span-2 sm:grid-cols-subgrid sm:gap-x-6">
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

/** An id, a name of a meter or whatever else machines write. */
export function Code({ children }: { children: string }) {
  return <code className="font-mono text-xs break-all">{children}</code>;
}

export const cell = "border-t border-line py-2 pe-4 text-start align-top wrap-anywhere last:pe-0";
