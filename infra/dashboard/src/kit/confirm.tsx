// Dialogs that ask before something that is hard to undo.

import { useEffect, useState, type ReactNode } from "react";
import { useText } from "../text";
import { isolated } from "../text/format";
import { Button } from "./button";
import { Dialog, DialogActions } from "./dialog";
import { Problem } from "./problem";
import { Field } from "./field";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children?: ReactNode;
  action: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  /** A text that must be typed first. */
  typed?: string;
}

export function Confirm({ open, onClose, title, children, action, danger, busy, error, onConfirm, typed }: Props) {
  const t = useText();
  const [given, setGiven] = useState("");
  useEffect(() => {
    if (!open) setGiven("");
  }, [open]);
  // A name that is copied from the sentence may carry the marks that isolate it.
  const entered = given.replace(/[\u2066-\u2069]/g, "").trim();
  const why = typed !== undefined && entered !== typed.trim() ? t.common.typeFirst(isolated(typed)) : undefined;
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <form
        className="grid grid-cols-1 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!why && !busy) onConfirm();
        }}
      >
        {children}
        {typed !== undefined && (
          <Field label={t.common.typeToConfirm(isolated(typed))} value={given} onChange={(event) => setGiven(event.target.value)} autoComplete="off" />
        )}
        {error ? <Problem error={error} /> : null}
        <DialogActions>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} why={why} busy={busy}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
