// Who, what and when: the filters of the log, all in the address.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Someone } from "../../api/audit/log";
import { Button } from "../../kit/button";
import { Field, Select } from "../../kit/field";
import { isInverted, isOn, type Filter, type Search } from "./filter";
import { isDay } from "./days";
import { useAuditText } from "./words";

/** So long nothing was typed before the address follows. */
const PAUSE = 400;

export function useSetFilter() {
  const navigate = useNavigate({ from: "/w/$ws/settings/audit" });
  return (part: Search | undefined) => void navigate({ search: (before) => (part ? { ...before, ...part } : {}), replace: true, resetScroll: false });
}

/** A text that is typed: it stays as it is typed, and is set once that pauses. */
function useTyped(value: string | undefined, set: (value: string | undefined) => void, isWhole: (text: string) => boolean) {
  const [typed, setTyped] = useState(value ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shown = useRef(value);
  useEffect(() => {
    if (value !== shown.current) setTyped(value ?? "");
    shown.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    value: typed,
    onChange: ({ target }: { target: { value: string } }) => {
      setTyped(target.value);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const text = target.value.trim();
        const next = text !== "" && isWhole(text) ? text : undefined;
        shown.current = next;
        set(next);
      }, PAUSE);
    },
  };
}

export function FilterBar({ filter, isLog, people, wrong }: {
  filter: Filter;
  isLog: boolean;
  people: readonly Someone[];
  /** What the API says of the target. */
  wrong: string | undefined;
}) {
  const { filters: text, groups, actions } = useAuditText();
  const set = useSetFilter();
  const target = useTyped(filter.target, (target) => set({ target }), () => true);
  const from = useTyped(filter.from, (from) => set({ from }), isDay);
  const to = useTyped(filter.to, (to) => set({ to }), isDay);
  const isKnown = people.some(({ id }) => id === filter.actor);
  return (
    <div role="search" aria-label={text.label} className="no-print grid grid-cols-2 items-start *:min-w-0 *:grid-cols-1 gap-3 md:grid-cols-3 lg:grid-cols-[repeat(3,minmax(0,1fr))_11rem_11rem]">
      <Select label={text.actor} value={filter.actor ?? ""} onChange={({ target }) => set({ actor: target.value || undefined })}>
        <option value="">{text.everyone}</option>
        <People label={text.members} people={people.filter(({ isMember }) => isMember)} />
        <People label={text.former} people={people.filter(({ isMember }) => !isMember)} />
        {filter.actor !== undefined && !isKnown && <option value={filter.actor}>{filter.actor}</option>}
      </Select>
      <Select label={text.action} value={filter.action ?? ""} onChange={({ target }) => set({ action: target.value || undefined })}>
        <option value="">{text.every}</option>
        {Object.entries(groups).map(([group, label]) => (
          <optgroup key={group} label={label}>
            {Object.entries(actions)
              .filter(([action]) => groupOf(action) === group)
              .map(([action, name]) => (
                <option key={action} value={action}>
                  {name}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
      {isLog && (
        <>
          <div className="col-span-2 grid md:col-span-1">
            <Field label={text.target} placeholder={text.targetHint} autoComplete="off" spellCheck={false} maxLength={200} error={wrong} {...target} />
          </div>
          <Field label={text.from} type="date" {...from} />
          <Field label={text.to} type="date" error={isInverted(filter) ? text.inverted : undefined} {...to} />
        </>
      )}
      {isOn(filter) && (
        <div className="col-span-full">
          <Button small look="quiet" className="-ms-3" onClick={() => set(undefined)}>
            {text.clear}
          </Button>
        </div>
      )}
    </div>
  );
}

function People({ label, people }: { label: string; people: readonly Someone[] }) {
  if (people.length === 0) return null;
  return (
    <optgroup label={label}>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name ?? id}
        </option>
      ))}
    </optgroup>
  );
}

const groups: Record<string, string> = { ownership: "member", delivery: "integration", checkout: "billing", contract: "billing", trial: "billing", usage: "billing", plan: "billing" };

function groupOf(action: string): string {
  const [area = ""] = action.split(".");
  return groups[area] ?? area;
}
