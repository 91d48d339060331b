// The deletions that this person has requested here, until their end.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { dropDeletion, keptDeletions, watchDeletions, type Kept } from "../../api/deletions/kept";
import { confirmed, isComplete, isMissing, PARTS, receiptQuery } from "../../api/deletions/receipt";
import { buttonClass } from "../../kit/button";
import { Notice } from "../../kit/notice";
import { Spinner } from "../../kit/spinner";
import { usePageText } from "../../text";
import { deletion } from "../../text/en/pages/deletion";
import { isolated } from "../../text/format";

/** Nothing if there are none. One that ends while it is shown stays until the page is left. */
export function Deletions() {
  const text = usePageText("deletion", deletion);
  const [kept, setKept] = useState(keptDeletions);
  useEffect(
    () =>
      watchDeletions(() =>
        setKept((shown) => [...keptDeletions().filter(({ id }) => shown.every((one) => one.id !== id)), ...shown]),
      ),
    [],
  );
  const hide = (id: string) => setKept((shown) => shown.filter((one) => one.id !== id));
  if (kept.length === 0) return null;
  return (
    <section aria-label={text.list} className="grid grid-cols-1 gap-3">
      {kept.map((one) => (
        <Row key={one.id} kept={one} onOver={() => hide(one.id)} />
      ))}
    </section>
  );
}

function Row({ kept, onOver }: { kept: Kept; onOver: () => void }) {
  const text = usePageText("deletion", deletion);
  const { data: receipt, error } = useQuery(receiptQuery(kept.id));
  const isDone = receipt !== undefined && isComplete(receipt);
  const isGone = isMissing(error);
  const wasRunning = useRef(false);
  useEffect(() => {
    if (receipt && !isDone) wasRunning.current = true;
    if (!isDone && !isGone) return;
    dropDeletion(kept.id);
    if (isGone || !wasRunning.current) onOver();
  }, [receipt, isDone, isGone]);
  if (isGone) return null;
  const name = isolated(kept.name);
  return (
    <Notice
      tone={isDone ? "good" : "info"}
      title={
        <span className="flex items-center gap-2 [overflow-wrap:anywhere]">
          {!isDone && <Spinner />}
          <span role="status" className="min-w-0">
            {isDone ? text.isDeleted(name) : text.isBeingDeleted(name)}
          </span>
        </span>
      }
      actions={
        <Link to="/deletions/$id" params={{ id: kept.id }} className={buttonClass("plain", true)} aria-label={text.receiptOf(name)}>
          {text.receipt}
        </Link>
      }
    >
      {!isDone && <p className="ps-6">{receipt ? text.confirmed(confirmed(receipt), PARTS.length) : error ? text.unread : "\u00a0"}</p>}
    </Notice>
  );
}
