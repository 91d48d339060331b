// Pages that failed, and the network that is not there. What is here is part of the first load: nothing more can be loaded then.

import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { isFailure } from "../api/failure";
import { Button, buttonClass } from "../kit/button";
import { Problem } from "../kit/problem";
import { useText } from "../text";
import { isReachable } from "./lazy";
import { setTitle } from "./notifications/title";
import { Page } from "./page";

/** True inside of the frame, which has the page's main part already. */
export const Framed = createContext(false);

function Main({ children }: { children: ReactNode }) {
  const Element = useContext(Framed) ? "div" : "main";
  return <Element>{children}</Element>;
}

function watch(changed: () => void): () => void {
  for (const event of ["online", "offline"]) addEventListener(event, changed);
  return () => {
    for (const event of ["online", "offline"]) removeEventListener(event, changed);
  };
}

export function useIsOnline(): boolean {
  return useSyncExternalStore(watch, () => navigator.onLine);
}

/** A page could not be loaded, or failed. */
export function Trouble({ error }: ErrorComponentProps) {
  const t = useText();
  const isOnline = useIsOnline();
  const isUnreachable = !isOnline || (isFailure(error) && error.status === 0);
  // What was offline when it failed stays so until it is loaded again.
  const [wasUnreachable] = useState(isUnreachable);
  return (
    <Main>
      {isUnreachable || wasUnreachable ? (
        <Unreachable />
      ) : (
        <div className="mx-auto max-w-lg px-4 py-16">
          <Page title={t.errors.pageFailed}>
            <Problem error={error} />
            <div className="flex flex-wrap gap-2">
              <Button look="primary" onClick={() => location.reload()}>
                {t.common.retry}
              </Button>
              <Link to="/workspaces" className={buttonClass()}>
                {t.errors.toWorkspaces}
              </Link>
            </div>
          </Page>
        </div>
      )}
    </Main>
  );
}

/** What to do without a network. The page is loaded again by itself when it is back. */
export function Unreachable() {
  const t = useText();
  const isOnline = useIsOnline();
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const title = isOnline ? t.errors.unreachableTitle : t.errors.offline;
  const load = async () => {
    setBusy(true);
    // Without a network the browser would show a page of its own.
    if (await isReachable()) location.reload();
    else {
      setBusy(false);
      setTries((count) => count + 1);
    }
  };
  useEffect(() => {
    setTitle(title);
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  useEffect(() => {
    const again = () => void load();
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  return (
    <div className="mx-auto grid max-w-lg gap-6 px-4 py-16">
      <div className="grid gap-2">
        <svg viewBox="0 0 24 24" className="mb-2 size-10 text-soft" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
          <path d="M5 12.5a10 10 0 0 1 4-2.4m6 0a10 10 0 0 1 4 2.4M2 9a15 15 0 0 1 5-3.2m4-.8a15 15 0 0 1 11 4M8.5 16a5 5 0 0 1 7 0M12 19.5h.01M3 3l18 18" />
        </svg>
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight">
          {title}
        </h1>
        <p className="text-soft">{t.errors.offlineLead}</p>
        <ul className="list-disc ps-5 text-soft">
          {t.errors.offlineSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" busy={busy} onClick={() => void load()}>
          {t.common.retry}
        </Button>
        <p role="status" className="text-sm text-soft">
          {tries > 0 && !busy ? t.errors.stillUnreachable(tries) : ""}
        </p>
      </div>
    </div>
  );
}
