// The frame of every act: what will happen, its fields, the reason, and who reads it.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { isFailure } from "../../api/failure";
import { Button } from "../../kit/button";
import { DialogActions } from "../../kit/dialog";
import { Area } from "../../kit/field";
import { Problem } from "../../kit/problem";
import { useText } from "../../text";
import { useOperatorText } from "../../text/operator";

export const MAX_REASON = 500;

/** The state of what is sent. */
export interface Sending {
  busy: boolean;
  error: Error | null;
}

interface Props extends Sending {
  lead: ReactNode;
  action: string;
  danger?: boolean;
  /** Why it cannot be sent yet, but for the reason. */
  why?: string | undefined;
  /** In place of the note that the customer's owners see the reason. */
  reasonHint?: string;
  /** In place of the note that it is not done twice, if nobody knows whether it was done. */
  unknown?: string;
  /** The reason to begin with. */
  given?: string;
  onClose: () => void;
  onSend: (reason: string) => void;
  children?: ReactNode;
}

export function ActForm({ lead, action, danger, why, reasonHint, unknown, given = "", busy, error, onClose, onSend, children }: Props) {
  const t = useText();
  const { act: text } = useOperatorText();
  const [reason, setReason] = useState(given);
  const length = [...reason.trim()].length;
  const isLong = length > MAX_REASON;
  const missing = why ?? (length === 0 ? text.reasonFirst : isLong ? text.reasonLong(length) : undefined);
  const failure = isFailure(error) ? error : undefined;
  // An earlier attempt may be what is under way.
  const outcome = failure?.code === "redrive_under_way" ? undefined : failure && !failure.passes ? text.unchanged : (unknown ?? text.unknown);
  const { reason: refused, ...others } = failure?.fields ?? {};
  const end = useRef<HTMLDivElement>(null);
  // It is below a form that may be long.
  useEffect(() => {
    if (error) end.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !busy) onSend(reason.trim());
      }}
    >
      <div>{lead}</div>
      {children}
      <Area label={text.reason} hint={reasonHint ?? text.reasonHint} error={isLong ? text.reasonLong(length) : refused} required value={reason} onChange={({ target }) => setReason(target.value)} />
      <div ref={end} className="grid grid-cols-1 gap-2">
        {error && (
          <>
            <Problem error={error} />
            {Object.keys(others).length > 0 && (
              <ul className="list-disc ps-5 text-sm text-bad">
                {Object.entries(others).map(([field, message]) => (
                  <li key={field}>
                    <code className="font-mono text-xs">{field}</code>: {message}
                  </li>
                ))}
              </ul>
            )}
            {outcome && <p className="text-sm text-soft">{outcome}</p>}
          </>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} why={missing} busy={busy}>
            {failure?.passes ? t.common.retry : action}
          </Button>
        </DialogActions>
      </div>
    </form>
  );
}
