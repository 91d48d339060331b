// A page's heading. It gets the focus when the page opens, and names the browser's tab.

import { useEffect, useRef, type ReactNode } from "react";
import { config } from "../config";
import { setTitle } from "./notifications/title";

export function Page({ title, lead, actions, children }: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    setTitle(`${title} · ${config().product}`);
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
            {title}
          </h1>
          {lead && <p className="no-print mt-1 text-soft">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
