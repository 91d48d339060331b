import type { ReactNode } from "react";

/** A way out of the workspace: what it does, its button, and why that cannot be used. */
export function Row({ title, lead, why, children, below }: {
  title: string;
  lead: string;
  why?: string | undefined;
  children: ReactNode;
  /** What it is doing. */
  below?: ReactNode;
}) {
  return (
    <li className="grid grid-cols-1 gap-3 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h3 className="font-medium">{title}</h3>
          <p className="text-sm text-soft">{lead}</p>
          {why && (
            <p aria-hidden="true" className="mt-1 text-sm text-warn">
              {why}
            </p>
          )}
        </div>
        {children}
      </div>
      {below && <div className="grid grid-cols-1 gap-3 empty:hidden">{below}</div>}
    </li>
  );
}
