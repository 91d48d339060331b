// A form that searches when it is sent, not while somebody types: searches are work for the service. What is sought is kept by the history of
// the browser and is in no address, as it may be a person's.

import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "../../kit/button";
import { Field, Select } from "../../kit/field";

export interface Sought<C extends string> {
  by: C;
  what: string;
}

interface Words<C extends string> {
  by: string;
  what: string;
  search: string;
  criteria: Record<C, string>;
}

/** What the history says; nothing if it is no search by one of `criteria`. */
export function useSought<C extends string>(criteria: readonly C[]): Sought<C> | undefined {
  const sought = useLocation({ select: ({ state }) => state.sought });
  const by = criteria.find((one) => one === sought?.by);
  return by && sought?.what ? { by, what: sought.what } : undefined;
}

export function SearchForm<C extends string>({ path, criteria, words, hintOf, sought, busy, onSearch, onAgain }: {
  /** Below /operator. */
  path: string;
  criteria: readonly [C, ...C[]];
  words: Words<C>;
  hintOf: (by: C) => string | undefined;
  sought: Sought<C> | undefined;
  busy: boolean;
  /** Returns why it is no search, or takes care of it itself by returning true. */
  onSearch?: (sought: Sought<C>) => string | true | undefined;
  /** The same is sought once more. */
  onAgain: () => void;
}) {
  const navigate = useNavigate();
  const [by, setBy] = useState<C>(sought?.by ?? criteria[0]);
  const [what, setWhat] = useState(sought?.what ?? "");
  const [error, setError] = useState<string>();
  // Back and forward bring other searches.
  useEffect(() => {
    if (!sought) return;
    setBy(sought.by);
    setWhat(sought.what);
  }, [sought?.by, sought?.what]);
  const search = () => {
    const next = { by, what: what.trim() };
    const refused = onSearch?.(next);
    setError(typeof refused === "string" ? refused : undefined);
    if (refused || !next.what) return;
    if (sought?.by === next.by && sought.what === next.what) onAgain();
    else void navigate({ to: "/operator/$", params: { _splat: path }, search: {}, state: { sought: next } });
  };
  return (
    <form
      role="search"
      className="grid grid-cols-1 items-start gap-3 sm:grid-cols-[12rem_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) search();
      }}
    >
      <Select
        label={words.by}
        value={by}
        onChange={({ target }) => {
          setBy(target.value as C);
          setError(undefined);
        }}
      >
        {criteria.map((one) => (
          <option key={one} value={one}>
            {words.criteria[one]}
          </option>
        ))}
      </Select>
      <Field label={words.what} hint={hintOf(by)} error={error} value={what} onChange={({ target }) => setWhat(target.value)} type="search" autoComplete="off" spellCheck={false} />
      <div className="sm:pt-6.5">
        <Button type="submit" look="primary" busy={busy}>
          {words.search}
        </Button>
      </div>
    </form>
  );
}
