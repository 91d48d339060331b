// Lists of people: a row has who, what about them, and what can be done; a refusal is shown in the row that it is about.

import { useRef, type ReactNode } from "react";
import { Avatar, Name } from "../../kit/avatar";
import { cn } from "../../kit/cn";
import { Skeleton } from "../../kit/skeleton";

/** The heading of a list, for readers; it takes the focus when a row is gone. */
export function useHeading(): { ref: React.RefObject<HTMLHeadingElement | null>; focus: () => void } {
  const ref = useRef<HTMLHeadingElement>(null);
  return { ref, focus: () => ref.current?.focus() };
}

export function Rows({ title, heading, children }: { title: string; heading: React.RefObject<HTMLHeadingElement | null>; children: ReactNode }) {
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="sr-only">
        {title}
      </h2>
      {children}
    </>
  );
}

export function List({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-xl border border-line bg-panel">
      {children}
    </ul>
  );
}

export function Row({ name, about, mark, facts, note, actions, children }: {
  name: string;
  /** A line below the name. */
  about?: ReactNode;
  mark?: ReactNode;
  facts?: ReactNode;
  /** A sentence below, over the whole width. */
  note?: ReactNode;
  actions: ReactNode;
  /** A refusal of one of the actions. */
  children?: ReactNode;
}) {
  return (
    <li className="grid items-center gap-x-6 gap-y-2 px-4 py-3.5 sm:px-5 md:grid-cols-[minmax(0,1fr)_13rem_auto]">
      <div className="flex min-w-0 items-center gap-3">
        <Avatar name={name} />
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
            <span className="line-clamp-2 min-w-0">
              <Name>{name}</Name>
            </span>
            {mark}
          </p>
          {about && <p className="line-clamp-2 text-sm text-soft">{about}</p>}
        </div>
      </div>
      {facts && <div className="ps-11 text-sm text-soft md:ps-0">{facts}</div>}
      {note && <p className="ps-11 text-sm text-soft md:col-span-3 md:row-start-2">{note}</p>}
      <div className={cn("flex flex-wrap items-center gap-2 ps-11 md:row-start-1 md:justify-end md:ps-0", facts ? "md:col-start-3" : "md:col-span-2 md:col-start-2")}>{actions}</div>
      {children && <div className="grid gap-3 md:col-span-3">{children}</div>}
    </li>
  );
}

export function RowsLoading({ rows = 3 }: { rows?: number }) {
  return (
    <div className="relative">
      <div aria-hidden="true" className="divide-y divide-line rounded-xl border border-line bg-panel">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="flex h-18 items-center gap-3 px-5">
            <div className="skeleton size-8 rounded-full!" />
            <div className="grid min-w-0 flex-1 gap-2">
              <div className="skeleton h-3.5 w-40" />
              <div className="skeleton h-3 w-56 max-w-full" />
            </div>
            <div className="skeleton hidden h-8 w-24 sm:block" />
          </div>
        ))}
      </div>
      <Skeleton className="absolute inset-0 bg-transparent!" />
    </div>
  );
}
