// The end of a scrolled list.

import { useEffect, useRef, useState } from "react";

/** How far below what is seen the end may be, in pixels. */
const MARGIN = 400;

/** Calls `reach` after each render at which the element is nearly in sight, and when it comes there. */
export function useNear(reach: () => void): (element: HTMLElement | null) => void {
  const [, renderAgain] = useState(0);
  const near = useRef<() => boolean>(undefined);
  const observer = useRef<IntersectionObserver>(undefined);
  const [watch] = useState(() => (element: HTMLElement | null) => {
    observer.current?.disconnect();
    const root = element?.closest("[role=tabpanel]");
    near.current = undefined;
    if (!element || !root) return;
    // Measured, since an observer reports where the element was before the last page came.
    near.current = () => element.getBoundingClientRect().top < root.getBoundingClientRect().bottom + MARGIN;
    observer.current = new IntersectionObserver(() => renderAgain((count) => count + 1), { root, rootMargin: `0px 0px ${MARGIN}px 0px` });
    observer.current.observe(element);
  });
  useEffect(() => {
    if (near.current?.()) reach();
  });
  return watch;
}
