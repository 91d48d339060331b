// A modal panel at the side of the header; on phones, a sheet that covers the page. Its head and foot stay while the content scrolls.

import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { CloseButton, useModal } from "./dialog";

export function Sheet({ open, onClose, title, head, foot, onKeyDown, children }: {
  open: boolean;
  onClose: () => void;
  title: string;
  head?: ReactNode;
  foot?: ReactNode;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}) {
  const id = useId();
  const modal = useModal(open, onClose);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (open) heading.current?.focus({ preventScroll: true });
  }, [open]);
  return (
    <dialog
      {...modal}
      aria-labelledby={id}
      onKeyDown={onKeyDown}
      className="fixed inset-x-0 top-3 bottom-0 m-0 h-auto max-h-none w-full max-w-none flex-col overflow-hidden rounded-t-2xl border border-line bg-panel p-0 text-ink shadow-2xl open:flex sm:start-auto sm:end-[max(1rem,calc((100vw-72rem)/2+1rem))] sm:top-16 sm:bottom-auto sm:max-h-[min(44rem,calc(100dvh-5rem))] sm:w-[27rem] sm:rounded-xl sm:backdrop:bg-transparent"
    >
      {open && (
        <>
          <div className="grid shrink-0 grid-cols-1 gap-2 border-b border-line px-4 pt-4">
            <div className="flex items-start justify-between gap-4">
              <h2 ref={heading} id={id} tabIndex={-1} className="text-lg font-semibold outline-none">
                {title}
              </h2>
              <CloseButton onClose={onClose} />
            </div>
            {head}
          </div>
          {children}
          {foot && <div className="flex shrink-0 flex-wrap items-center justify-between gap-x-2 gap-y-1 border-t border-line px-2 pt-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">{foot}</div>}
        </>
      )}
    </dialog>
  );
}
