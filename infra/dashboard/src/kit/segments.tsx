// A second level of tabs: links in one strip, each with an address of its own.

import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { cn } from "./cn";

export function Segments({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="inline-flex max-w-full gap-1 overflow-x-auto rounded-lg bg-sunken p-1">
      {children}
    </nav>
  );
}

export function Segment({ open, count, children, ...link }: LinkProps & { open: boolean; count?: ReactNode; children: ReactNode }) {
  return (
    <Link
      {...link}
      activeProps={{ "aria-current": undefined }}
      aria-current={open ? "page" : undefined}
      className={cn(
        "inline-flex min-h-8 items-center gap-2 rounded-md px-2 text-sm sm:px-3 font-medium whitespace-nowrap",
        open ? "bg-panel text-ink shadow-sm" : "text-soft hover:text-ink",
      )}
    >
      {children}
      {count !== undefined && <span className="font-normal text-soft tabular-nums">{count}</span>}
    </Link>
  );
}
