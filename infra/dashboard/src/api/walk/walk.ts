// Reads a list to its end, page by page, within the budget of the API. Who started it sees how far it is, and may cancel it.

import { useEffect, useRef, useState } from "react";
import { isFailure } from "../failure";
import { noticeGone } from "../query";

export type Progress =
  | { state: "reading" }
  /** The budget is used up: the next page is asked for after so many seconds. */
  | { state: "waiting"; seconds: number }
  | { state: "failed"; error: unknown }
  | { state: "done" };

/** Reads the next page, and remembers where the one after it begins. Returns true if there is one. What comes after the end is dropped. */
export type Step = (end: AbortSignal) => Promise<boolean>;

/** The wait after a refusal that does not say how long. */
const WAIT = 10;
const REPETITIONS = 2;
const FIRST_PAUSE = 500;

export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** A step that fails has not moved, so the same walk can be begun again after a failure. */
export async function walk(step: Step, report: (progress: Progress) => void, signal: AbortSignal, sleep: Sleep): Promise<void> {
  const show = (progress: Progress) => {
    if (!signal.aborted) report(progress);
  };
  let failures = 0;
  show({ state: "reading" });
  while (!signal.aborted) {
    try {
      if (!(await step(signal))) return show({ state: "done" });
      failures = 0;
    } catch (error) {
      if (isFailure(error) && error.status === 429) {
        const seconds = error.retryAfter ?? WAIT;
        show({ state: "waiting", seconds });
        await sleep(seconds * 1000, signal);
        show({ state: "reading" });
      } else if (isFailure(error) && error.passes && failures < REPETITIONS) {
        await sleep(FIRST_PAUSE * 2 ** failures++, signal);
      } else {
        noticeGone(error);
        return show({ state: "failed", error });
      }
    }
  }
}

/** Ends early when it is cancelled. */
const sleep: Sleep = (milliseconds, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });

/** A walk that ends with the page that shows it. */
export function useWalk() {
  const [progress, setProgress] = useState<Progress>();
  const walking = useRef<{ step: Step; end: AbortController }>(undefined);
  const run = (step: Step) => {
    walking.current?.end.abort();
    const end = new AbortController();
    walking.current = { step, end };
    void walk(step, setProgress, end.signal, sleep);
  };
  useEffect(() => () => walking.current?.end.abort(), []);
  return {
    progress,
    isBusy: progress?.state === "reading" || progress?.state === "waiting",
    run,
    goOn: () => walking.current && run(walking.current.step),
    cancel: () => {
      walking.current?.end.abort();
      setProgress(undefined);
    },
  };
}
