// Short confirmations. Errors never go here: they stay in their place until they are dealt with.

import { useSyncExternalStore } from "react";

interface Toast {
  id: number;
  text: string;
}

let toasts: Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function set(next: Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string) {
  const id = ++count;
  set([...toasts.slice(-2), { id, text }]);
  setTimeout(() => set(toasts.filter((toast) => toast.id !== id)), 5000);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div aria-live="polite" className="no-print fixed inset-x-4 bottom-4 z-50 grid justify-items-end gap-2 pointer-events-none">
      {shown.map(({ id, text }) => (
        <p key={id} className="rounded-lg border border-line bg-ink px-4 py-2.5 text-sm text-ground shadow-lg">
          {text}
        </p>
      ))}
    </div>
  );
}
