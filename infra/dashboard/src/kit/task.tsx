// Something that reads many pages: how far it is, that it waits, and why it stopped.

import { useEffect, useState, type ReactNode } from "react";
import type { Progress } from "../api/walk/walk";
import { Button } from "./button";
import { Notice } from "./notice";
import { Problem } from "./problem";
import { Spinner } from "./spinner";

interface Walk {
  progress: Progress | undefined;
  goOn: () => void;
  cancel: () => void;
}

interface Words {
  /** It waits for the API's budget. */
  waits: (seconds: number) => string;
  failed: string;
  cancel: string;
}

/** Nothing before it has begun and when it is done. */
export function Task({ walk, title, count, note, words }: { walk: Walk; title: string; count: ReactNode; note?: ReactNode; words: Words }) {
  const { progress, goOn, cancel } = walk;
  if (!progress || progress.state === "done") return null;
  const end = (
    <Button small onClick={cancel}>
      {words.cancel}
    </Button>
  );
  if (progress.state === "failed") {
    return (
      <div className="no-print grid gap-2">
        <Problem title={title} error={progress.error} retry={goOn} />
        <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-soft">
          <p>{words.failed}</p>
          {end}
        </div>
      </div>
    );
  }
  return (
    <div className="no-print">
      <Notice
        title={
          <span className="flex items-center gap-2">
            <Spinner />
            <span role="status">{title}</span>
          </span>
        }
        actions={end}
      >
        <div className="ps-6 tabular-nums">
          <p>{count}</p>
          {progress.state === "waiting" && <Waits seconds={progress.seconds} say={words.waits} />}
          {note && <p className="text-soft">{note}</p>}
        </div>
      </Notice>
    </div>
  );
}

function Waits({ seconds, say }: { seconds: number; say: Words["waits"] }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return <p>{say(left)}</p>;
}
