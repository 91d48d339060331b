// Brings an element into view, and keeps it there while the page around it is still being loaded.

/** After so long, whatever comes is not part of the arrival. */
const ARRIVAL = 5_000;
const INPUT = ["wheel", "touchmove", "keydown", "pointerdown"];

/** Ends by itself, and as soon as the person does anything. Returns how to end it before. */
export function bringIntoView(element: Element): () => void {
  const bring = () => element.scrollIntoView({ block: "start" });
  // What is above may become smaller or larger than its placeholder.
  const sizes = new ResizeObserver(bring);
  const end = () => {
    sizes.disconnect();
    clearTimeout(timer);
    for (const event of INPUT) removeEventListener(event, end, true);
  };
  const timer = setTimeout(end, ARRIVAL);
  for (const event of INPUT) addEventListener(event, end, true);
  bring();
  sizes.observe(document.body);
  return end;
}
