import { Link, useLocation, type LinkProps } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { cn } from "./cn";

/** Links that look like tabs: each is a page of its own with an address. */
export function LinkTabs({ label, bare, children }: { label: string; /** Without a line below, where there is one already. */ bare?: boolean; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // Where they do not fit, the open one is seen.
  useEffect(() => {
    const open = nav.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (open && nav.current) nav.current.scrollLeft = open.offsetLeft - (nav.current.clientWidth - open.offsetWidth) / 2;
  }, [path]);
  return (
    <nav ref={nav} aria-label={label} className={cn("relative -mx-1 flex gap-1 overflow-x-auto px-1", !bare && "shadow-[inset_0_-1px_0_var(--line)]")}>
      {children}
    </nav>
  );
}

export function LinkTab({ children, ...link }: LinkProps & { children: ReactNode }) {
  return (
    <Link
      {...link}
      className="border-b-2 border-transparent px-3 py-2 font-medium whitespace-nowrap text-soft hover:text-ink"
      activeProps={{ className: "!border-accent !text-ink", "aria-current": "page" }}
    >
      {children}
    </Link>
  );
}
