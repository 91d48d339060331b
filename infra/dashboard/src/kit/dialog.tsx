// A modal dialog on the native element: it traps the focus, closes on Escape, and gives the focus back.

import { useEffect, useId, useReducer, useRef, type MouseEvent, type PointerEvent, type ReactNode, type SyntheticEvent } from "react";
import { useText } from "../text";
import { cn } from "./cn";

/** The attributes of a modal dialog. `onClose` is called when the person closes it, not when the parent does by `open`. */
export function useModal(open: boolean, onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  const pressed = useRef(false);
  // A press and its release on the backdrop close it. The second click of those that opened it does not, nor does a selection that
  // ends outside.
  const leave = (event: MouseEvent) => {
    if (event.target === dialog.current && pressed.current && event.detail < 2) onClose();
  };
  // The parent knows of Escape at once. The element alone would report its close later, and end what the person opened meanwhile.
  const escaped = (event: SyntheticEvent) => {
    if (event.target !== dialog.current) return;
    event.preventDefault();
    onClose();
  };
  // The element reports every close. If `open` is false, the parent asked for it, and knows. Browsers let no page refuse Escape for
  // long: if the parent keeps it open, it opens again.
  const [closes, count] = useReducer((before: number) => before + 1, 0);
  const closed = () => {
    if (!open || dialog.current?.open) return;
    onClose();
    count();
  };
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open, closes]);
  return {
    ref: dialog,
    onCancel: escaped,
    onClose: closed,
    onPointerDown: (event: PointerEvent) => void (pressed.current = event.target === dialog.current),
    onClick: leave,
  };
}

export function Dialog({ open, onClose, title, children, wide }: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  const id = useId();
  const modal = useModal(open, onClose);
  return (
    <dialog
      {...modal}
      aria-labelledby={id}
      className={cn(
        "m-auto max-h-[90dvh] w-[calc(100%-2rem)] rounded-xl border border-line bg-panel p-0 text-ink shadow-2xl",
        wide ? "max-w-3xl" : "max-w-lg",
      )}
    >
      {open && (
        <div className="grid grid-cols-1 gap-4 p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} className="line-clamp-3 min-w-0 text-xl font-semibold [overflow-wrap:anywhere]">
              {title}
            </h2>
            <CloseButton onClose={onClose} />
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}

export function CloseButton({ onClose }: { onClose: () => void }) {
  const t = useText();
  return (
    <button type="button" onClick={onClose} aria-label={t.common.close} className="-me-2 -mt-1 grid size-9 shrink-0 place-items-center rounded-lg text-soft hover:bg-sunken">
      <svg viewBox="0 0 16 16" className="size-4" aria-hidden="true">
        <path d="m3 3 10 10M13 3 3 13" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
    </button>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 pt-2">{children}</div>;
}
