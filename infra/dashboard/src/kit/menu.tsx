// A menu of actions on the native popover: it closes on Escape and on a click elsewhere.

import { useCallback, useEffect, useId, useRef, type ReactNode } from "react";
import { cn } from "./cn";

export function Menu({ label, button, children, className }: {
  label: string;
  button: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId().replaceAll(":", "");
  const panel = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const place = useCallback(() => {
    const [at, shown] = [trigger.current?.getBoundingClientRect(), panel.current];
    if (!at || !shown) return;
    const [below, above] = [at.bottom + 6, at.top - 6 - shown.offsetHeight];
    const lowest = innerHeight - shown.offsetHeight - 8;
    // Below the button where it fits, else above; in the window in any case.
    const top = below <= lowest || above < 8 ? below : above;
    shown.style.top = `${Math.max(8, Math.min(top, lowest))}px`;
    shown.style.left = `${Math.max(8, Math.min(at.left, innerWidth - shown.offsetWidth - 8))}px`;
  }, []);
  // It stays at its button while the window is turned, zoomed or scrolled.
  const follow = useCallback(
    (open: boolean) => {
      const change = open ? addEventListener : removeEventListener;
      change("resize", place);
      change("scroll", place, { capture: true });
    },
    [place],
  );
  useEffect(() => () => follow(false), [follow]);
  return (
    <>
      <button ref={trigger} type="button" popoverTarget={id} aria-label={label} aria-haspopup="true" className={cn("rounded-lg hover:bg-sunken", className)}>
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        onToggle={({ newState }) => {
          if (newState === "open") place();
          follow(newState === "open");
        }}
        onClick={() => panel.current?.hidePopover()}
        className="fixed m-0 max-h-[calc(100dvh-1rem)] min-w-52 overflow-y-auto max-w-80 rounded-xl border border-line bg-panel p-1.5 text-ink shadow-xl"
      >
        {children}
      </div>
    </>
  );
}

export const menuItem = "flex w-full items-center gap-2 rounded-lg px-3 py-2 text-start hover:bg-sunken aria-disabled:opacity-60";
