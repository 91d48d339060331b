// Roles: what each may do, and the choice of one. Nobody hands out a role above their own.

import { useId } from "react";
import type { Role } from "../../api/types";
import { Button } from "../../kit/button";
import { cn } from "../../kit/cn";
import { Menu, menuItem } from "../../kit/menu";
import { useText } from "../../text";
import { isolated } from "./names";

/** All roles, weakest first. */
export const ROLES: readonly Role[] = ["viewer", "member", "admin", "owner"];

/** True if somebody with the role `own` acts on, or hands out, `role`; the API decides until the own role is known. */
export function reaches(own: Role | undefined, role: Role): boolean {
  return own === undefined || ROLES.indexOf(role) <= ROLES.indexOf(own);
}

function Chevron() {
  return (
    <svg viewBox="0 0 12 12" className="size-3 shrink-0 text-soft" aria-hidden="true">
      <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

/** The role of somebody, and the others that they can have. */
export function RoleMenu({ name, role, own, why, onPick }: {
  name: string;
  role: Role;
  own: Role | undefined;
  why: string | undefined;
  onPick: (role: Role) => void;
}) {
  const t = useText();
  const label = t.team.roleOf(isolated(name), t.roles[role]);
  if (why) {
    return (
      <Button small why={why} aria-label={label} className="min-w-32 justify-between!">
        {t.roles[role]}
        <Chevron />
      </Button>
    );
  }
  return (
    <Menu
      label={label}
      className="min-h-8 border border-control/60 bg-panel px-3"
      button={
        <span className="flex min-w-[6.4rem] items-center justify-between gap-2 text-sm font-medium">
          {t.roles[role]}
          <Chevron />
        </span>
      }
    >
      {[...ROLES].reverse().map((one) => {
        const low = reaches(own, one) ? undefined : t.team.rank(t.roles[one]);
        return (
          <button
            key={one}
            type="button"
            className={cn(menuItem, "items-start!")}
            aria-pressed={one === role}
            aria-disabled={low ? true : undefined}
            onClick={() => !low && one !== role && onPick(one)}
          >
            <span aria-hidden="true" className="w-4 shrink-0">
              {one === role ? "✓" : ""}
            </span>
            <span className="min-w-0">
              <span className="block font-medium">{t.roles[one]}</span>
              <span className="block text-sm text-soft">{low ?? t.team.about[one]}</span>
            </span>
          </button>
        );
      })}
    </Menu>
  );
}

/** A choice of one role, each with what it may do. */
export function RoleCards({ legend, role, own, onPick }: { legend: string; role: Role; own: Role | undefined; onPick: (role: Role) => void }) {
  const t = useText();
  const id = useId();
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-control">
        {ROLES.map((one) => {
          const low = reaches(own, one) ? undefined : t.team.rank(t.roles[one]);
          return (
            <label key={one} htmlFor={`${id}-${one}`} className={cn("flex gap-3 px-3 py-2.5", one === role && "bg-accent-soft", low ? "cursor-not-allowed" : "cursor-pointer hover:bg-sunken", one === role && "hover:bg-accent-soft")}>
              <input
                type="radio"
                id={`${id}-${one}`}
                name={id}
                value={one}
                checked={one === role}
                aria-disabled={low ? true : undefined}
                aria-labelledby={`${id}-${one}-name`}
                aria-describedby={`${id}-${one}-about`}
                onChange={() => !low && onPick(one)}
                className="mt-1 size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0">
                <span id={`${id}-${one}-name`} className="block font-medium">
                  {t.roles[one]}
                </span>
                <span id={`${id}-${one}-about`} className="block text-sm text-soft">
                  {low ?? t.team.about[one]}
                </span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
