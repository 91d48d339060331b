// The bell in the frame: how many notifications are unread, and the way to them.

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { isFailure } from "../../api/failure";
import { areCounted, recount, useCounts } from "../../api/notifications/counts";
import { noticeGone } from "../../api/query";
import { isLive } from "../../live";
import { useText } from "../../text";
import { poll, theWindow } from "./poll";
import { short } from "./short";
import { setUnread } from "./title";

const load = () => import("./panel");
const Panel = lazy(async () => ({ default: (await load()).Panel }));

/** While what happens is pushed, nothing is asked. A poll that fails is not reported: the next one follows, and what is shown stays true for its time. */
async function ask(workspace: string): Promise<true | number> {
  if (isLive(workspace) && areCounted(workspace)) return true;
  try {
    await recount(workspace);
    return true;
  } catch (error) {
    noticeGone(error);
    return isFailure(error) ? (error.retryAfter ?? 0) * 1000 : 0;
  }
}

export function Bell({ workspace }: { workspace: string }) {
  const t = useText();
  const counts = useCounts(workspace);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const unread = counts?.unread_count ?? 0;
  useEffect(() => poll(() => ask(workspace), theWindow), [workspace]);
  useEffect(() => {
    setUnread(unread);
    return () => setUnread(0);
  }, [unread]);
  const show = () => {
    setWanted(true);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={t.notifications.bell(unread)}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={show}
        className="relative grid size-10 shrink-0 place-items-center rounded-full text-soft hover:bg-sunken hover:text-ink"
      >
        <svg viewBox="0 0 20 20" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
          <path d="M10 2.6a5 5 0 0 0-5 5c0 3.2-.8 4.7-1.7 5.8-.3.4 0 1.1.6 1.1h12.2c.6 0 .9-.7.6-1.1-.9-1.1-1.7-2.6-1.7-5.8a5 5 0 0 0-5-5Z" />
          <path d="M8.2 17.2a2.1 2.1 0 0 0 3.6 0" />
        </svg>
        {unread > 0 && (
          <span aria-hidden="true" className="absolute start-5 top-0.5 min-w-4.5 rounded-full border-2 border-panel bg-accent px-1 text-center text-[0.6875rem] leading-4 font-semibold text-accent-ink tabular-nums">
            {short(unread)}
          </span>
        )}
      </button>
      <Announcement unread={unread} />
      {wanted && (
        <Suspense>
          <Panel key={workspace} workspace={workspace} open={open} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** Read out when the number grows while the page is open. */
function Announcement({ unread }: { unread: number }) {
  const t = useText();
  const before = useRef<number>(undefined);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (before.current !== undefined && unread !== before.current) setSaid(unread > before.current ? t.notifications.grown(unread) : "");
    before.current = unread;
  }, [unread, t]);
  return (
    <span aria-live="polite" className="sr-only">
      {said}
    </span>
  );
}
