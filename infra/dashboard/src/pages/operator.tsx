// The operator's console: for staff only. To everybody else, its address leads nowhere.

import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState, useSyncExternalStore, type ComponentType } from "react";
import { forgetAll, sessionQuery } from "../api/operator/queries";
import { isFailure } from "../api/failure";
import type { SignedIn } from "../auth";
import { staff } from "../auth/staff";
import { config } from "../config";
import { Button } from "../kit/button";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Entrance } from "../shell/entrance";
import { Lost } from "../shell/lost";
import { Page } from "../shell/page";
import { useText } from "../text";
import { isolated } from "../text/format";
import { useOperatorText, useOperatorTexts } from "../text/operator";
import { ConsoleFrame } from "./operator/frame";
import { usePlace, type Part } from "./operator/paths";

const Callback = lazy(async () => ({ default: (await import("./operator/callback")).ConsoleCallback }));
const Workspace = lazy(async () => ({ default: (await import("./operator/workspace")).ConsoleWorkspace }));
const parts: Record<Part, ComponentType> = {
  workspaces: lazy(async () => ({ default: (await import("./operator/find")).FindWorkspace })),
  rounds: lazy(async () => ({ default: (await import("./operator/rounds")).Rounds })),
  letters: lazy(async () => ({ default: (await import("./operator/letters")).Letters })),
  queues: lazy(async () => ({ default: (await import("./operator/queues")).Queues })),
  alarms: lazy(async () => ({ default: (await import("./operator/alarms")).Alarms })),
};

export function Console() {
  const isReadable = useOperatorTexts();
  const { isStarted, person } = useStaff();
  const place = usePlace();
  if (!isReadable || !isStarted) return <Waiting />;
  if (place?.part === "callback" && config().staff) {
    return (
      <Suspense fallback={<Waiting />}>
        <Callback />
      </Suspense>
    );
  }
  return person ? <Inside key={person.email} /> : <Door />;
}

/** The session for staff. Its driver is loaded here, unless it is that of customers, which has been started already. */
function useStaff(): { isStarted: boolean; person: SignedIn | undefined } {
  const session = staff();
  const isOwn = config().staff !== undefined;
  const [isStarted, setStarted] = useState(!isOwn);
  const person = useSyncExternalStore(
    (changed) => session.watch(changed),
    () => session.who(),
  );
  useEffect(() => {
    if (!isOwn || session.who()) setStarted(true);
    else void session.start().catch(() => undefined).finally(() => setStarted(true));
  }, [session, isOwn]);
  useEffect(() => {
    if (!person) forgetAll();
  }, [person]);
  return { isStarted, person };
}

/** It says nothing of a console: it is what strangers see, too. */
function Waiting() {
  return (
    <main className="mx-auto max-w-6xl px-4 py-16">
      <Skeleton className="mx-auto h-40 max-w-lg rounded-xl" />
    </main>
  );
}

/** Only where staff sign in with a provider of their own: other people are led to the sign-in of all. */
function Door() {
  const t = useText();
  const text = useOperatorText();
  const back = useLocation({ select: ({ href }) => href });
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  if (!config().staff) return <Waiting />;
  const leave = () => {
    setBusy(true);
    setFailed(false);
    staff()
      .leave(back)
      .catch(() => setFailed(true))
      .finally(() => setBusy(false));
  };
  return (
    <Entrance title={text.signIn.title} lead={text.signIn.lead}>
      {failed && (
        <p role="alert" className="text-sm text-bad">
          {t.errors.unreachable}
        </p>
      )}
      <Button look="primary" busy={busy} onClick={leave}>
        {text.signIn.action}
      </Button>
    </Entrance>
  );
}

/** To somebody who signed in with the provider for staff, and is none. */
function Denied() {
  const t = useText();
  const { signIn: text } = useOperatorText();
  const email = staff().who()?.email;
  return (
    <Entrance title={text.denied} lead={text.deniedLead(email ? isolated(email) : undefined)}>
      <Button look="primary" onClick={() => void staff().signOut()}>
        {t.shell.signOut}
      </Button>
    </Entrance>
  );
}

function Inside() {
  const text = useOperatorText();
  const { data, error, isFetching, refetch } = useQuery(sessionQuery);
  // The frame of customers, as every unknown address has it. Only employees can have signed in with a provider for staff.
  if (isFailure(error) && error.status === 404) return config().staff ? <Denied /> : <Lost />;
  if (data) {
    return (
      <ConsoleFrame name={data.name}>
        <Opened />
      </ConsoleFrame>
    );
  }
  if (!error || isFetching) return <Waiting />;
  return (
    <main className="mx-auto max-w-lg px-4 py-16">
      <Page title={text.trouble}>
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    </main>
  );
}

/** The part of the address. */
function Opened() {
  const place = usePlace();
  if (!place || place.part === "callback") return <Lost />;
  const Opened = parts[place.part];
  return (
    <Suspense fallback={<Skeleton className="h-96 rounded-xl" />}>
      {place.part === "workspaces" && place.workspace ? <Workspace key={place.workspace} id={place.workspace} tab={place.tab ?? "facts"} /> : <Opened />}
    </Suspense>
  );
}
