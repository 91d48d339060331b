// Buttons. One that cannot be used stays reachable and says why: `disabled` hides from keyboards, `why` does not.

import { useId, type ButtonHTMLAttributes, type ReactNode } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export type Look = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent text-accent-ink hover:brightness-110 border border-transparent",
  plain: "bg-panel text-ink border border-control/60 hover:bg-sunken",
  quiet: "bg-transparent text-ink border border-transparent hover:bg-sunken",
  danger: "bg-bad text-bad-ink border border-transparent hover:brightness-110",
};

export function buttonClass(look: Look = "plain", small = false): string {
  return cn(
    "inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition",
    small ? "min-h-8 px-3 text-sm" : "min-h-10 px-4",
    looks[look],
  );
}

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> {
  look?: Look;
  small?: boolean;
  /** Why it cannot be used now. It stays reachable and is described by this. */
  why?: string | undefined;
  /** Its action is under way: it shows so, and a second click does nothing. */
  busy?: boolean;
  children: ReactNode;
}

export function Button({ look, small, why, busy, className, onClick, type = "button", children, ...rest }: Props) {
  const id = useId();
  const off = Boolean(why) || Boolean(busy);
  return (
    <>
      <button
        type={off && type === "submit" ? "button" : type}
        className={cn(buttonClass(look, small), off && "opacity-60", className)}
        aria-disabled={off || undefined}
        aria-busy={busy || undefined}
        aria-describedby={why ? id : undefined}
        title={why}
        onClick={off ? (event) => event.preventDefault() : onClick}
        {...rest}
      >
        {busy && <Spinner />}
        {children}
      </button>
      {why && (
        <span id={id} className="sr-only">
          {why}
        </span>
      )}
    </>
  );
}
