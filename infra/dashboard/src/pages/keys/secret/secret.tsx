// The secret of a key, which is shown once: it is copied, or the person knows what they lose.

import { useBlocker } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState, type RefObject } from "react";
import { isFailure } from "../../../api/failure";
import { rotateKey } from "../../../api/keys/list";
import type { ApiKeyWithSecret } from "../../../api/keys/types";
import { useSend } from "../../../api/send";
import { Button } from "../../../kit/button";
import { Dialog, DialogActions } from "../../../kit/dialog";
import { LimitReached } from "../../../kit/limit";
import { Notice } from "../../../kit/notice";
import { useText } from "../../../text";
import { useKeysText, useRefusal } from "../words";
import { Snippets } from "./programs";

export interface Given {
  key: ApiKeyWithSecret;
  /** False for a key that was rotated. */
  isNew: boolean;
}

export function Secret({ workspace, given, onGiven, onClose }: { workspace: string; given: Given | undefined; onGiven: (given: Given) => void; onClose: () => void }) {
  const { secret: text } = useKeysText();
  const [isCopied, setCopied] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const secret = given?.key.secret;
  const isHeld = typeof secret === "string" && !isCopied;
  const close = () => {
    setCopied(false);
    setLeaving(false);
    onClose();
  };
  const leave = () => (isHeld ? setLeaving(true) : close());
  // It is selected, to be copied by the keyboard.
  useEffect(() => {
    if (secret) field.current?.focus();
  }, [secret]);
  // Going back, and closing the tab, would lose it, too.
  useBlocker({
    shouldBlockFn: () => {
      if (isHeld) setLeaving(true);
      return isHeld;
    },
    enableBeforeUnload: () => isHeld,
    disabled: !isHeld,
  });
  const title = !given ? "" : typeof secret !== "string" ? text.lost : given.isNew ? text.made : text.rotated;
  return (
    <Dialog open={given !== undefined} onClose={leave} title={title} wide={typeof secret === "string"}>
      {given && typeof secret === "string" && (
        <Shown key={secret} field={field} given={given} secret={secret} isCopied={isCopied} isLeaving={isLeaving} onCopied={() => setCopied(true)} onLeave={leave} onClose={close} />
      )}
      {given && typeof secret !== "string" && <Lost workspace={workspace} given={given} onGiven={onGiven} onClose={close} />}
    </Dialog>
  );
}

function Shown({ field, given, secret, isCopied, isLeaving, onCopied, onLeave, onClose }: {
  field: RefObject<HTMLTextAreaElement | null>;
  given: Given;
  secret: string;
  isCopied: boolean;
  isLeaving: boolean;
  onCopied: () => void;
  onLeave: () => void;
  onClose: () => void;
}) {
  const { secret: text } = useKeysText();
  const id = useId();
  const [isRefused, setRefused] = useState(false);
  const copy = async (): Promise<boolean> => {
    try {
      await navigator.clipboard.writeText(secret);
    } catch {
      setRefused(true);
      field.current?.focus();
      field.current?.select();
      return false;
    }
    setRefused(false);
    onCopied();
    return true;
  };
  const copyAndClose = async () => {
    if (await copy()) onClose();
  };
  return (
    <>
      <div className="grid grid-cols-1 gap-2">
        <label htmlFor={id} className="text-sm font-medium">
          {text.label}
        </label>
        <div className="flex flex-wrap items-start gap-2">
          <textarea
            ref={field}
            id={id}
            readOnly
            rows={3}
            spellCheck={false}
            dir="ltr"
            aria-describedby={`${id}-about`}
            value={secret}
            onFocus={({ currentTarget }) => currentTarget.select()}
            onCopy={onCopied}
            className="min-w-0 flex-1 basis-72 resize-none rounded-lg border border-control bg-sunken px-3 py-2 font-mono text-sm break-all max-sm:h-32"
          />
          <Button look={isCopied ? "plain" : "primary"} onClick={() => void copy()}>
            {text.copy}
          </Button>
        </div>
        <p id={`${id}-about`} role="status" className={isRefused && !isCopied ? "text-sm text-warn" : isCopied ? "text-sm text-good" : "text-sm text-soft"}>
          {isCopied ? text.copied : isRefused ? text.refused : text.lead}
        </p>
      </div>
      <Snippets scopes={given.key.scopes} />
      {isLeaving && !isCopied ? (
        <Notice
          tone="warn"
          live
          title={text.leaveTitle}
          actions={
            <>
              <Button small look="primary" onClick={() => void copyAndClose()}>
                {text.copyAndClose}
              </Button>
              <Button small onClick={onClose}>
                {text.closeAnyway}
              </Button>
            </>
          }
        >
          {text.leaveLead}
        </Notice>
      ) : (
        <DialogActions>
          <Button onClick={onLeave}>{text.done}</Button>
        </DialogActions>
      )}
    </>
  );
}

/** The answer that had the secret did not arrive. */
function Lost({ workspace, given: { key, isNew }, onGiven, onClose }: { workspace: string; given: Given; onGiven: (given: Given) => void; onClose: () => void }) {
  const t = useText();
  const { secret: text } = useKeysText();
  // Nobody has the secret that this ends.
  const rotate = useSend(
    (id: string, idempotencyKey) => rotateKey(workspace, id, 0, idempotencyKey),
    (rotated) => onGiven({ key: rotated, isNew }),
  );
  const error = useRefusal(workspace, rotate.error);
  const again = () => rotate.run(key.id);
  return (
    <>
      <p>{isNew ? text.lostMade : text.lostRotated}</p>
      {error ? <LimitReached workspace={workspace} error={error} retry={isFailure(error) && error.passes ? again : undefined} /> : null}
      <DialogActions>
        <Button onClick={onClose}>{error ? t.common.close : text.later}</Button>
        <Button look="primary" busy={rotate.busy} onClick={again}>
          {text.again}
        </Button>
      </DialogActions>
    </>
  );
}
