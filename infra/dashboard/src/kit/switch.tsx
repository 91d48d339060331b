// Something that is on or off, and changes at once. One that cannot be changed stays reachable and says why.

import { useId, type ReactNode } from "react";
import { cn } from "./cn";

export function Switch({ label, hint, on, why, busy, onChange }: {
  label: ReactNode;
  hint?: ReactNode;
  on: boolean;
  /** Why it cannot be changed. It is described by this. */
  why?: string | undefined;
  busy?: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className={cn("font-medium", !why && "cursor-pointer")}>
          {label}
        </label>
        {(hint || why) && (
          <div id={`${id}-hint`} className="mt-0.5 grid gap-0.5 text-sm text-soft">
            {hint && <p>{hint}</p>}
            {why && (
              <p className="flex items-baseline gap-1.5">
                <svg viewBox="0 0 16 16" className="size-3.5 shrink-0 translate-y-0.5" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
                  <rect x="3.25" y="7.25" width="9.5" height="6" rx="1.25" />
                  <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
                </svg>
                {why}
              </p>
            )}
          </div>
        )}
      </div>
      <span className="relative mt-0.5 inline-flex h-6 w-11 shrink-0">
        <input
          type="checkbox"
          role="switch"
          id={id}
          checked={on}
          aria-disabled={why ? true : undefined}
          aria-busy={busy || undefined}
          aria-describedby={hint || why ? `${id}-hint` : undefined}
          onChange={() => !why && onChange(!on)}
          className="peer absolute inset-0 size-full appearance-none rounded-full border border-control bg-sunken checked:border-accent checked:bg-accent aria-disabled:opacity-50"
        />
        <span aria-hidden="true" className="pointer-events-none absolute start-1 top-1 size-4 rounded-full bg-control transition-transform peer-checked:translate-x-5 peer-checked:bg-accent-ink rtl:peer-checked:-translate-x-5" />
      </span>
    </div>
  );
}
