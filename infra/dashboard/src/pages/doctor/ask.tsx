// The question before a repair: what it does, and what it leaves.

import { useEffect, useRef } from "react";
import type { Difference } from "../../api/doctor/examination";
import { isFailure } from "../../api/failure";
import { Button } from "../../kit/button";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Problem } from "../../kit/problem";
import { useText } from "../../text";
import { list } from "../../text/format";
import { brandOf } from "../overview/sentence";
import { isRepairable, planOf } from "./facts";
import { useDoctorText } from "./words";

export function Ask({ open, differences, why, busy, error, onClose, onConfirm }: {
  open: boolean;
  differences: readonly Difference[];
  /** Why it cannot be confirmed any more. */
  why: string | undefined;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const t = useText();
  const { dialog: text, repair } = useDoctorText();
  const left = differences.filter((one) => !isRepairable(one)).length;
  const passes = isFailure(error) && error.passes;
  const note = useRef<HTMLDivElement>(null);
  // It is below the list, which may be long.
  useEffect(() => {
    if (error) note.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <Dialog open={open} onClose={onClose} title={text.title}>
      <p>{text.lead}</p>
      <PlanList differences={differences} />
      <div className="grid gap-1 text-sm text-soft">
        {left > 0 && <p>{text.left(left)}</p>}
        <p>{text.recorded}</p>
      </div>
      {error && (
        <div ref={note} className="grid gap-2">
          <Problem error={error} />
          <p className="text-sm text-soft">{passes ? text.safe : text.lost}</p>
        </div>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button look="primary" why={why} busy={busy} onClick={onConfirm}>
          {error && passes ? t.common.retry : repair}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

export function PlanList({ differences }: { differences: readonly Difference[] }) {
  const text = useDoctorText();
  const done = planOf(differences, text, brandOf, list);
  if (done.length === 0) return null;
  return (
    <ul className="grid list-disc gap-1.5 ps-5">
      {done.map((one) => (
        <li key={one} className="wrap-anywhere">
          {one}
        </li>
      ))}
    </ul>
  );
}
