import type { Notification } from "../../api/notifications/changes";
import { cn } from "../../kit/cn";

type Category = Notification["category"];

const tones: Record<Category, string> = {
  info: "bg-accent-soft text-accent",
  success: "bg-good-soft text-good",
  warning: "bg-warn-soft text-warn",
  error: "bg-bad-soft text-bad",
};

// Each has a shape of its own, for people who do not see the colour.
const shapes: Record<Category, string> = {
  info: "M10 9.2v4.3M10 6.4v.1M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15Z",
  success: "m6.7 10.3 2.3 2.3 4.3-4.9M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15Z",
  warning: "M10 7.8v3.6m0 2.6v.1M8.7 3.2 2.4 14.3c-.6 1 .1 2.3 1.3 2.3h12.6c1.2 0 1.9-1.3 1.3-2.3L11.3 3.2a1.5 1.5 0 0 0-2.6 0Z",
  error: "M10 6.3v4.4m0 2.9v.1M6.9 2.5h6.2l4.4 4.4v6.2l-4.4 4.4H6.9l-4.4-4.4V6.9l4.4-4.4Z",
};

/** The severity as a sign. Its word is said elsewhere. */
export function CategoryIcon({ category }: { category: Category }) {
  return (
    <span aria-hidden="true" className={cn("grid size-8 shrink-0 place-items-center rounded-full", tones[category] ?? tones.info)}>
      <svg viewBox="0 0 20 20" className="size-4.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round">
        <path d={shapes[category] ?? shapes.info} />
      </svg>
    </span>
  );
}
