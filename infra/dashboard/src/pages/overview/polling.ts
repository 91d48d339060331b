// When a page reads again by itself: only while somebody looks at it.

import { useEffect, useState } from "react";

/** Without input for this long, a page no longer reads by itself. */
export const PATIENCE = 10 * 60_000;

const inputs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** True after PATIENCE without input, until `resume` or until the tab comes to the front again. */
export function usePaused(): { paused: boolean; resume: () => void } {
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    if (paused) return;
    let last = Date.now();
    const noted = () => (last = Date.now());
    const timer = setInterval(() => Date.now() - last >= PATIENCE && setPaused(true), 5_000);
    for (const input of inputs) addEventListener(input, noted, { passive: true });
    return () => {
      clearInterval(timer);
      for (const input of inputs) removeEventListener(input, noted);
    };
  }, [paused]);
  useEffect(() => {
    const seen = () => document.visibilityState === "visible" && setPaused(false);
    document.addEventListener("visibilitychange", seen);
    addEventListener("focus", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("focus", seen);
    };
  }, []);
  return { paused, resume: () => setPaused(false) };
}
