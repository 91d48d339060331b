import type { ReactNode } from "react";
import { cn } from "./cn";

const tones = {
  info: "bg-accent-soft border-accent/30",
  good: "bg-good-soft border-good/30",
  warn: "bg-warn-soft border-warn/40",
  bad: "bg-bad-soft border-bad/40",
};

/** Something to know, in place, with what can be done about it. */
export function Notice({ tone = "info", title, children, actions, live }: {
  tone?: keyof typeof tones;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Read out when it appears. */
  live?: boolean;
}) {
  return (
    <div role={live ? "alert" : undefined} className={cn("flex flex-wrap items-center justify-between gap-3 rounded-lg border px-4 py-3", tones[tone])}>
      <div className="min-w-0 flex-1 basis-60">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-sm">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
