import type { ReactNode } from "react";
import { cn } from "./cn";

/** A group of things that belong together, under a heading. */
export function Card({ title, lead, actions, children, className, danger }: {
  title?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  className?: string;
  danger?: boolean;
}) {
  return (
    <section className={cn("rounded-xl border bg-panel", danger ? "border-bad/50" : "border-line", className)}>
      {(title || actions) && (
        <header className="flex flex-wrap items-start justify-between gap-3 px-5 pt-5">
          <div className="min-w-0">
            <h2 className="text-lg font-semibold">{title}</h2>
            {lead && <p className="mt-0.5 text-sm text-soft">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
      )}
      <div className="p-5">{children}</div>
    </section>
  );
}
