// A search over pages, actions and workspaces. The field keeps the focus; arrows move through what is found.

import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { cn } from "../../kit/cn";
import { useModal } from "../../kit/dialog";
import { Problem } from "../../kit/problem";
import { Spinner } from "../../kit/spinner";
import { usePageText } from "../../text";
import { commands } from "../../text/en/pages/commands";
import { useEntries, type Entry } from "./entries";
import { found } from "./match";

/** So many workspaces are shown: of all of them, and of those that a query finds. */
const FEW = 5;
const MANY = 30;

interface Props {
  open: boolean;
  onClose: () => void;
  workspace: string | undefined;
  onHelp: () => void;
  /** What was typed before it was there. */
  typed: RefObject<string>;
}

export function Palette({ open, ...props }: Props) {
  const text = usePageText("commands", commands);
  const modal = useModal(open, props.onClose);
  return (
    <dialog
      {...modal}
      aria-label={text.title}
      className="mx-auto mt-[min(12vh,7rem)] mb-0 max-h-[min(34rem,calc(100dvh-2rem))] w-[calc(100%-1.5rem)] max-w-xl flex-col overflow-hidden rounded-xl border border-line bg-panel p-0 text-ink shadow-2xl open:flex max-sm:mt-3 max-sm:max-h-[calc(100dvh-1.5rem)]"
    >
      {open && <Search {...props} />}
    </dialog>
  );
}

function Search({ onClose, workspace, onHelp, typed }: Omit<Props, "open">) {
  const text = usePageText("commands", commands);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState(() => typed.current);
  const [chosen, setChosen] = useState<string>();
  const { entries, others, workspaces } = useEntries(workspace, onHelp);
  useEffect(() => field.current?.focus(), []);
  const isAsked = query.trim() !== "";
  const ranked = useMemo(() => found([...entries, ...others], query), [entries, others, query]);
  const most = isAsked ? MANY : FEW;
  // The group with the best one comes first.
  const groups = [...new Set(ranked.map(({ group }) => group))].map((group) => {
    const inside = ranked.filter((entry) => entry.group === group);
    return { group, inside: group === "workspaces" ? inside.slice(0, most) : inside, hidden: group === "workspaces" ? Math.max(0, inside.length - most) : 0 };
  });
  const ordered = groups.flatMap(({ inside }) => inside);
  const hidden = groups.reduce((sum, group) => sum + group.hidden, 0);
  const active = ordered.find(({ id }) => id === chosen) ?? ordered.find(({ why }) => why === undefined);
  useEffect(() => {
    if (active) document.getElementById(`${list}-${active.id}`)?.scrollIntoView({ block: "nearest" });
  }, [active, list]);
  const choose = ({ why, run }: Entry) => {
    if (why !== undefined) return;
    onClose();
    run();
  };
  const move = (by: number) => {
    const at = active ? ordered.indexOf(active) : -1;
    setChosen(ordered[(at + by + ordered.length) % ordered.length]?.id);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active) {
      event.preventDefault();
      choose(active);
    }
  };
  return (
    <>
      <div className="flex shrink-0 items-center gap-3 border-b border-line px-4">
        <svg viewBox="0 0 16 16" className="size-4.5 shrink-0 text-soft" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" />
          <path d="m10.5 10.5 3.5 3.5" />
        </svg>
        <input
          ref={field}
          role="combobox"
          aria-label={text.title}
          aria-expanded={ordered.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active && `${list}-${active.id}`}
          placeholder={text.placeholder}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(undefined);
          }}
          onKeyDown={pressed}
          className="min-h-14 w-full min-w-0 bg-transparent text-ink outline-none placeholder:text-soft"
        />
        <button type="button" onClick={onClose} aria-label={text.hints.dismiss} className="shrink-0 rounded border border-line bg-sunken px-1.5 text-xs leading-5 text-soft">
          Esc
        </button>
      </div>
      {workspaces.query.error && (
        <div className="shrink-0 border-b border-line p-3">
          <Problem title={text.failed} error={workspaces.query.error} retry={() => void (workspaces.query.data ? workspaces.query.fetchNextPage() : workspaces.query.refetch())} />
        </div>
      )}
      <div role="listbox" id={list} aria-label={text.results} className="grid min-h-0 flex-1 grid-cols-1 content-start gap-1 overflow-y-auto p-1.5 empty:hidden">
        {groups.map(({ group, inside }) => (
          <div key={group} role="group" aria-labelledby={`${list}-${group}`}>
            <p id={`${list}-${group}`} role="presentation" className="px-3 pt-2 pb-1 text-sm text-soft">
              {text.groups[group]}
            </p>
            {inside.map((entry) => (
              <Option key={entry.id} id={`${list}-${entry.id}`} entry={entry} isActive={entry === active} onPoint={() => setChosen(entry.id)} onChoose={() => choose(entry)} />
            ))}
          </div>
        ))}
      </div>
      {isAsked && ordered.length === 0 && !workspaces.isReading && (
        <div className="grid justify-items-center gap-1 px-6 py-10 text-center">
          <p className="font-medium">{text.none}</p>
          <p className="text-sm text-soft">{text.noneLead}</p>
        </div>
      )}
      {(workspaces.isReading || hidden > 0) && (
        <p className="flex shrink-0 items-center gap-2 border-t border-line px-4 py-2 text-sm text-soft">
          {workspaces.isReading ? (
            <>
              <Spinner /> {text.reading(others.length)}
            </>
          ) : (
            text.more(hidden)
          )}
        </p>
      )}
      <p role="status" className="sr-only">
        {isAsked && !workspaces.isReading ? (ordered.length > 0 ? text.found(ordered.length + hidden) : text.none) : ""}
      </p>
      <p aria-hidden="true" className="hidden shrink-0 gap-4 border-t border-line px-4 py-2 text-xs text-soft sm:flex">
        <span>↑ ↓ {text.hints.move}</span>
        <span>↵ {text.hints.open}</span>
        <span>Esc {text.hints.close}</span>
      </p>
    </>
  );
}

function Option({ id, entry, isActive, onPoint, onChoose }: {
  id: string;
  entry: Entry;
  isActive: boolean;
  onPoint: () => void;
  onChoose: () => void;
}) {
  const { label, note, keys, why } = entry;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={why !== undefined || undefined}
      onPointerMove={isActive ? undefined : onPoint}
      onClick={onChoose}
      className={cn("flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5", isActive && "bg-accent-soft")}
    >
      <span className="min-w-0 flex-1">
        <bdi className={cn("block truncate", why !== undefined && "text-soft")}>{label}</bdi>
        {why !== undefined && <span className="block text-sm text-soft">{why}</span>}
      </span>
      {note && <span className="shrink-0 text-sm text-soft">{note}</span>}
      {keys && (
        <span aria-hidden="true" className="hidden shrink-0 gap-1 sm:flex">
          {keys.map((key) => (
            <kbd key={key} className="min-w-5 rounded border border-line bg-panel px-1 text-center font-mono text-xs leading-5 text-soft">
              {key}
            </kbd>
          ))}
        </span>
      )}
    </div>
  );
}
