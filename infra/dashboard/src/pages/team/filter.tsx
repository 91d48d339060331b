// What the lists show: a text and a role, both in the address.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Role } from "../../api/types";
import { Button } from "../../kit/button";
import { Empty } from "../../kit/empty";
import { Field, Select } from "../../kit/field";
import { useText } from "../../text";
import { ROLES } from "./role";

export interface Filter {
  q: string;
  role: Role | undefined;
}

export function filterOf(search: { q?: string; role?: string }): Filter {
  return { q: (search.q ?? "").trim(), role: ROLES.find((role) => role === search.role) };
}

export function isOn(filter: Filter): boolean {
  return filter.q !== "" || filter.role !== undefined;
}

function useSet() {
  const navigate = useNavigate({ from: "/w/$ws/settings/team" });
  return (part: { q?: string | undefined; role?: Role | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
}

export function FilterBar({ filter, label, hint }: { filter: Filter; label: string; hint: string }) {
  const t = useText();
  const set = useSet();
  // What is typed stays as it is typed; the address follows it.
  const [typed, setTyped] = useState(filter.q);
  useEffect(() => setTyped((now) => (now.trim() === filter.q ? now : filter.q)), [filter.q]);
  return (
    <div role="search" className="flex min-w-0 flex-1 basis-72 gap-2 md:max-w-md">
      <div className="min-w-0 flex-1">
        <Field
          label={label}
          bare
          type="search"
          placeholder={hint}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            set({ q: event.target.value.trim() || undefined });
          }}
        />
      </div>
      <div className="w-40 shrink-0">
        <Select label={t.team.role} bare value={filter.role ?? ""} onChange={(event) => set({ role: ROLES.find((role) => role === event.target.value) })}>
          <option value="">{t.team.everyRole}</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t.roles[role]}
            </option>
          ))}
        </Select>
      </div>
    </div>
  );
}

/** How much of a list a filter shows; said aloud as it changes. */
export function Found({ filter, shown, all }: { filter: Filter; shown: number; all: number }) {
  const t = useText();
  const set = useSet();
  const on = isOn(filter);
  return (
    <>
      <p role="status" className={on && shown > 0 ? "text-sm text-soft" : "sr-only"}>
        {on ? t.team.shown(shown, all) : ""}
      </p>
      {on && shown === 0 && all > 0 && (
        <Empty title={t.team.noMatch} action={<Button small onClick={() => set({ q: undefined, role: undefined })}>{t.team.clear}</Button>}>
          {t.team.noMatchLead}
        </Empty>
      )}
    </>
  );
}
