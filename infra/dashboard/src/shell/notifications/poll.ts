// Asks again and again, while somebody looks at the page.

/** The milliseconds between two questions. */
export const EVERY = 30_000;
/** The most that failures make of it. */
export const SLOWEST = 5 * 60_000;
/** At least so long after the last question, whatever happens to the window. */
const APART = 1_000;
/** The same after a failure. */
const APART_FAILED = 5_000;

/** The milliseconds until the next question, after so many failures one after the other. */
export function pause(failures: number): number {
  return Math.min(EVERY * 2 ** failures, SLOWEST);
}

/** The window, as polling sees it. */
export interface Surroundings {
  isVisible: () => boolean;
  /** Calls `changed` when the window is seen, hidden, focused or online again. Returns how to end that. */
  watch: (changed: () => void) => () => void;
}

/**
 * Asks at once and then every 30 seconds while the page is visible, and at once when it is seen or focused again. `ask` resolves to true
 * if it was answered, or to the milliseconds for which not to ask.
 */
export function poll(ask: () => Promise<true | number>, { isVisible, watch }: Surroundings): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Date.now();
  let soonest = due;
  let failures = 0;
  let isAsking = false;
  let ended = false;
  const plan = () => {
    clearTimeout(timer);
    if (!ended && !isAsking && isVisible()) timer = setTimeout(() => void question(), Math.max(0, due - Date.now()));
  };
  const question = async () => {
    isAsking = true;
    const at = Date.now();
    const answered = await ask();
    isAsking = false;
    failures = answered === true ? 0 : failures + 1;
    due = at + Math.max(pause(failures), answered === true ? 0 : answered);
    soonest = at + (answered === true ? APART : Math.max(APART_FAILED, answered));
    plan();
  };
  const changed = () => {
    due = Math.min(due, Math.max(soonest, Date.now()));
    plan();
  };
  const unwatch = watch(changed);
  plan();
  return () => {
    ended = true;
    clearTimeout(timer);
    unwatch();
  };
}

export const theWindow: Surroundings = {
  isVisible: () => document.visibilityState === "visible",
  watch: (changed) => {
    document.addEventListener("visibilitychange", changed);
    addEventListener("focus", changed);
    addEventListener("online", changed);
    return () => {
      document.removeEventListener("visibilitychange", changed);
      removeEventListener("focus", changed);
      removeEventListener("online", changed);
    };
  },
};
