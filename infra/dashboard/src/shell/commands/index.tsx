// The search over everything, and the keys. What they open is loaded when it is first used.

import { useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { unreachable } from "berth-client";
import { Failure } from "../../api/failure";
import { Dialog } from "../../kit/dialog";
import { Problem } from "../../kit/problem";
import { useText } from "../../text";
import { isMac, isOn, pageSearch, type Opened } from "./keyboard";

const load = () => import("./loaded");
type Loaded = Awaited<ReturnType<typeof load>>;

/** Keys that begin something; others wait until one of them was pressed. */
const FIRST = "gi/?";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null);
}

export function useCommands() {
  const [opened, setOpened] = useState<Opened>();
  const close = useCallback(() => setOpened(undefined), []);
  return { opened, open: setOpened, close };
}

export function Commands({ workspace, opened, open, close }: { workspace: string | undefined } & ReturnType<typeof useCommands>) {
  const t = useText();
  const router = useRouter();
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  const isWanted = opened !== undefined;
  // What is typed while the palette is loaded is the beginning of its query.
  const typed = useRef("");
  useEffect(() => {
    if (!isWanted) typed.current = "";
  }, [isWanted]);
  useEffect(() => {
    if (!isWanted || loaded) return;
    setFailed(false);
    load().then(setLoaded, () => setFailed(true));
  }, [isWanted, loaded]);
  const early = isWanted && !loaded && !failed ? { type: (key: string) => void (typed.current += key), close } : undefined;
  useKeys({ workspace, open, go: (path) => router.history.push(path), early });
  if (loaded) {
    const { Palette, Help } = loaded;
    return (
      <>
        <Palette open={opened === "palette"} onClose={close} workspace={workspace} onHelp={() => open("help")} typed={typed} />
        <Help open={opened === "help"} onClose={close} />
      </>
    );
  }
  return (
    <Dialog open={isWanted && failed} onClose={close} title={opened === "help" ? t.shell.shortcuts : t.shell.search}>
      <Problem error={unreachable(Failure)} />
    </Dialog>
  );
}

interface Surroundings {
  workspace: string | undefined;
  open: (what: Opened) => void;
  go: (path: string) => void;
  /** Where keys go that are pressed before the palette is there. */
  early: { type: (key: string) => void; close: () => void } | undefined;
}

/** Ctrl+K or ⌘K everywhere; single keys outside of fields and dialogs, unless they are turned off. */
function useKeys(surroundings: Surroundings) {
  const now = useRef(surroundings);
  useEffect(() => void (now.current = surroundings));
  useEffect(() => {
    let presses: Promise<unknown> | undefined;
    const pressed = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, shiftKey, timeStamp } = event;
      const { open, early } = now.current;
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      if (key.toLowerCase() === "k" && (isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey) && !altKey && !shiftKey) {
        event.preventDefault();
        if (!event.repeat) open("palette");
        return;
      }
      if (early && key === "Escape") return early.close();
      if (ctrlKey || metaKey || altKey || key.length !== 1) return;
      if (early) {
        event.preventDefault();
        return early.type(key);
      }
      if (event.repeat || isTyping(event.target) || !isOn() || (!presses && !FIRST.includes(key))) return;
      // Browsers search on the page by it.
      if (key === "/") event.preventDefault();
      presses = (presses ?? Promise.resolve()).then(async () => {
        const { act } = await load();
        act({ key, at: timeStamp, field: pageSearch(), ...now.current });
      });
      // Without a network it can be pressed again later.
      presses.catch(() => (presses = undefined));
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

/** The way to the palette for people who press no keys. */
export function SearchButton({ onClick }: { onClick: () => void }) {
  const t = useText();
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={t.shell.search}
      aria-keyshortcuts={isMac ? "Meta+K" : "Control+K"}
      onClick={onClick}
      className="flex size-9 shrink-0 items-center justify-center gap-2 rounded-lg text-soft hover:bg-sunken md:h-9 md:w-auto md:justify-start md:border md:border-line md:bg-ground md:ps-2.5 md:pe-1.5 md:text-sm"
    >
      <svg viewBox="0 0 16 16" className="size-4.5 md:size-4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 3.5 3.5" />
      </svg>
      <span className="hidden pe-6 md:inline">{t.shell.search}</span>
      <kbd aria-hidden="true" className="hidden rounded border border-line bg-panel px-1.5 font-sans text-xs leading-5 md:inline">
        {isMac ? "⌘ K" : "Ctrl K"}
      </kbd>
    </button>
  );
}
