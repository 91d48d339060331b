// Inviting several people at once. Each address has its own answer; a refusal that would meet the others, too, ends the round.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { isFailure, type Failure } from "../../api/failure";
import { useKeys } from "../../api/keys";
import { invite, invited } from "../../api/queries/team";
import type { Role } from "../../api/types";
import { Button } from "../../kit/button";
import { cn } from "../../kit/cn";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Area } from "../../kit/field";
import { Notice } from "../../kit/notice";
import { Spinner } from "../../kit/spinner";
import { toast } from "../../kit/toasts";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { list } from "../../text/format";
import { addresses } from "./addresses";
import { Refused } from "./full";
import { isolated } from "./names";
import { RoleCards } from "./role";

const MOST = 50;

interface Letter {
  email: string;
  state: "waiting" | "sending" | "sent" | "failed" | "held";
  error?: unknown;
}

/** True if only this address is refused, so that the next one may be taken. */
function isOfOne(error: unknown): boolean {
  return isFailure(error) && (error.status === 400 || error.status === 409 || error.status === 422);
}

export function Invite({ workspace, open, onClose, free }: { workspace: string; open: boolean; onClose: () => void; free: number | undefined }) {
  const t = useText();
  const navigate = useNavigate({ from: "/w/$ws/settings/team" });
  const own = useRole(workspace);
  const keys = useKeys();
  const field = useRef<HTMLDivElement>(null);
  const [given, setGiven] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [wrong, setWrong] = useState<string>();
  const [letters, setLetters] = useState<Letter[]>();
  // The form stays until there is something to answer, so that a second click meets its busy button.
  const [answered, setAnswered] = useState(false);
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const { emails, wrong: none } = addresses(given);

  const writing = open && !answered;
  useEffect(() => {
    if (writing) field.current?.querySelector("textarea")?.focus();
  }, [writing]);

  const reset = () => {
    setGiven("");
    setLetters(undefined);
    setAnswered(false);
    setWrong(undefined);
  };

  /** Sends those that are not sent yet. */
  const send = async (round: Letter[]) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    let now: Letter[] = round.map((letter) => (letter.state === "sent" ? letter : { email: letter.email, state: "waiting" }));
    const set = (email: string, state: Letter["state"], error?: unknown) => {
      now = now.map((letter) => (letter.email === email ? { email, state, error } : letter));
      setLetters(now);
    };
    setLetters(now);
    let stopped = false;
    for (const { email, state } of now) {
      if (state === "sent") continue;
      if (stopped) {
        set(email, "held");
        continue;
      }
      set(email, "sending");
      const name = `${email} ${role}`;
      try {
        await invite(workspace, email, role, keys.of(name));
        keys.done(name);
        set(email, "sent");
      } catch (error) {
        set(email, "failed", error);
        stopped = !isOfOne(error);
      }
    }
    running.current = false;
    setBusy(false);
    const sent = now.filter(({ state }) => state === "sent").length;
    if (sent > 0) void invited(workspace);
    if (sent === now.length) {
      toast(t.team.invite.sentAll(sent));
      reset();
      await navigate({ search: { tab: "invitations" }, replace: true });
    } else {
      setAnswered(true);
    }
  };

  const begin = () => {
    const complaint =
      none.length > 0
        ? t.team.invite.wrong(none.length, list(none.map(isolated)))
        : emails.length === 0
          ? t.team.invite.none
          : emails.length > MOST
            ? t.team.invite.many(MOST)
            : undefined;
    setWrong(complaint);
    if (complaint) field.current?.querySelector("textarea")?.focus();
    else void send(emails.map((email) => ({ email, state: "waiting" })));
  };

  const edit = () => {
    setGiven((letters ?? []).filter(({ state }) => state !== "sent").map(({ email }) => email).join("\n"));
    setLetters(undefined);
    setAnswered(false);
  };
  const tried = (letters ?? []).filter(({ state }) => state !== "waiting" && state !== "sending").length;

  return (
    <Dialog open={open} onClose={onClose} title={t.team.invite.title}>
      {letters && answered ? (
        <Answers
          workspace={workspace}
          letters={letters}
          busy={busy}
          onEdit={edit}
          onAgain={() => send(letters)}
          onDone={() => {
            reset();
            onClose();
          }}
        />
      ) : (
        <form
          className="grid gap-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            begin();
          }}
        >
          <div ref={field}>
            <Area
              label={t.team.invite.emails}
              hint={given.trim() && !wrong ? t.team.invite.counted(emails.length) : t.team.invite.hint}
              error={wrong}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="email"
              required
              readOnly={busy}
              value={given}
              onChange={(event) => {
                setGiven(event.target.value);
                setWrong(undefined);
              }}
            />
          </div>
          <RoleCards legend={t.team.invite.role} role={role} own={own} onPick={setRole} />
          {free !== undefined && (emails.length > free || free === 0) && (
            <Notice tone="warn">{free === 0 ? t.team.invite.tightNone : t.team.invite.tight(free)}</Notice>
          )}
          <DialogActions>
            <Button onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" look="primary" busy={busy}>
              {busy ? t.team.invite.sending(tried, letters?.length ?? 0) : t.team.invite.send(emails.length)}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

function Answers({ workspace, letters, busy, onEdit, onAgain, onDone }: {
  workspace: string;
  letters: Letter[];
  busy: boolean;
  onEdit: () => void;
  onAgain: () => void;
  onDone: () => void;
}) {
  const t = useText();
  const sent = letters.filter(({ state }) => state === "sent").length;
  const tried = letters.filter(({ state }) => state !== "waiting" && state !== "sending").length;
  const stop = letters.find(({ state, error }) => state === "failed" && !isOfOne(error))?.error as Failure | undefined;
  return (
    <div className="grid gap-4">
      <p role="status" className="text-soft">
        {busy ? t.team.invite.sending(tried, letters.length) : t.team.invite.summary(sent, letters.length)}
      </p>
      {stop && !busy && <Refused workspace={workspace} error={stop} />}
      <ul className="max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line" tabIndex={0} aria-label={t.team.invite.emails}>
        {letters.map(({ email, state, error }) => (
          <li key={email} className="flex items-start gap-3 px-3 py-2.5">
            <span aria-hidden="true" className={cn("grid h-6 w-4 shrink-0 place-items-center", state === "sent" ? "text-good" : state === "failed" ? "text-bad" : "text-soft")}>
              {state === "sending" ? <Spinner /> : state === "sent" ? "✓" : state === "failed" ? "✕" : "○"}
            </span>
            <span className="min-w-0 flex-1">
              <bdi className="[overflow-wrap:anywhere]">{email}</bdi>
              {state === "failed" && isOfOne(error) && (
                <span className="block text-sm text-bad">{(error as Failure).fields["email"] ?? (error as Failure).sentence}</span>
              )}
              {state === "held" && <span className="block text-sm text-soft">{t.team.invite.held}</span>}
            </span>
            <span className={cn("text-sm", state === "sent" ? "text-good" : state === "failed" ? "text-bad" : "text-soft")}>{t.team.invite.state[state]}</span>
          </li>
        ))}
      </ul>
      <DialogActions>
        {!busy && <Button onClick={onEdit}>{t.team.invite.edit}</Button>}
        {!busy && stop && isFailure(stop) && (stop.passes || stop.status === 402) && <Button onClick={onAgain}>{t.team.invite.again}</Button>}
        <Button look="primary" busy={busy} onClick={onDone}>
          {t.team.invite.done}
        </Button>
      </DialogActions>
    </div>
  );
}
