import { useId, type MouseEvent, type ReactNode } from "react";
import type { Notification } from "../../api/notifications/changes";
import { cn } from "../../kit/cn";
import { Time } from "../../kit/time";
import { useText } from "../../text";
import { CategoryIcon } from "./category";
import { pageOf } from "./link";

/** The attribute by which the panel finds the control of a notification. */
export const ENTRY = "data-notification";

export function Entry({ notification, zone, current, onOpen, onToggle, onDelete }: {
  notification: Notification;
  zone: string;
  /** The one that Tab leads to. The arrow keys lead to the others. */
  current: boolean;
  /** `page` is missing if it is opened elsewhere, or leads nowhere. */
  onOpen: (page?: string) => void;
  onToggle: () => void;
  onDelete: () => void;
}) {
  const t = useText();
  const id = useId();
  const { title, body, category, read_at } = notification;
  const isUnread = read_at == null;
  const page = pageOf(notification.link);
  const tabIndex = current ? 0 : -1;
  const open = (event: MouseEvent) => {
    // With these keys, the browser opens another tab or window.
    const here = page !== undefined && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (here) event.preventDefault();
    onOpen(here ? page : undefined);
  };
  const main = {
    [ENTRY]: notification.id,
    tabIndex,
    onClick: open,
    "aria-describedby": `${id}-body ${id}-when`,
    className: "text-start outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent",
  };
  const words = (
    <>
      <span className="sr-only">
        {isUnread && `${t.notifications.isUnread}. `}
        {t.notifications.categories[category] ?? category}:{" "}
      </span>
      {title}
    </>
  );
  return (
    <li className="notification group relative flex gap-3 px-4 py-3 hover:bg-sunken">
      <CategoryIcon category={category} />
      <div className="min-w-0 flex-1">
        <div className="flex items-start justify-between gap-2">
          <h3 dir="auto" className={cn("min-w-0 leading-snug [overflow-wrap:anywhere]", isUnread ? "font-semibold" : "font-medium")}>
            {page === undefined ? (
              <button type="button" {...main} className={cn(main.className, "font-[inherit]")}>
                {words}
              </button>
            ) : (
              <a href={page} {...main}>
                {words}
              </a>
            )}
          </h3>
          {isUnread && <span aria-hidden="true" className="mt-1.5 size-2 shrink-0 rounded-full bg-accent" />}
        </div>
        <p id={`${id}-body`} dir="auto" className="mt-0.5 text-sm text-soft [overflow-wrap:anywhere]">
          {body}
        </p>
        <div className="mt-0.5 -mb-1 flex min-h-8 items-center justify-between gap-2">
          <p id={`${id}-when`} className="relative text-sm text-soft">
            {t.notifications.types[notification.type]?.name ?? notification.type}
            {" · "}
            <Time at={notification.created_at} zone={zone} format="relative" />
          </p>
          <div className="notification-acts relative -me-1.5 flex">
            <Act label={isUnread ? t.notifications.markRead : t.notifications.markUnread} title={title} keys="E" shortcuts="E U" tabIndex={tabIndex} onClick={onToggle}>
              {isUnread ? <path d="m4.5 10.5 3.5 3.5 7.5-8" /> : <circle cx="10" cy="10" r="3.6" fill="currentColor" />}
            </Act>
            <Act label={t.notifications.delete} title={title} keys="Del" shortcuts="Delete Backspace" tabIndex={tabIndex} onClick={onDelete}>
              <path d="M3.8 5.6h12.4M8 5.6V3.9c0-.5.4-.9.9-.9h2.2c.5 0 .9.4.9.9v1.7m2.8 0-.7 10.1c0 .7-.6 1.3-1.3 1.3H7.2c-.7 0-1.3-.6-1.3-1.3L5.2 5.6" />
            </Act>
          </div>
        </div>
      </div>
    </li>
  );
}

function Act({ label, title, keys, shortcuts, tabIndex, onClick, children }: {
  label: string;
  title: string;
  keys: string;
  shortcuts: string;
  tabIndex: number;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={`${label}: ${title}`}
      title={`${label} (${keys})`}
      aria-keyshortcuts={shortcuts}
      tabIndex={tabIndex}
      onClick={onClick}
      className="grid size-8 place-items-center rounded-lg text-soft hover:bg-line hover:text-ink"
    >
      <svg viewBox="0 0 20 20" className="size-4.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        {children}
      </svg>
    </button>
  );
}

/** Holds the place of entries that load. */
export function EntriesLoading({ count, children }: { count: number; children: ReactNode }) {
  return (
    <div className="divide-y divide-line">
      {Array.from({ length: count }, (_, place) => (
        <div key={place} aria-hidden="true" className="flex gap-3 px-4 py-3">
          <div className="skeleton size-8 shrink-0 rounded-full!" />
          <div className="grid flex-1 gap-2 py-1">
            <div className="skeleton h-4 w-2/5" />
            <div className="skeleton h-4 w-11/12" />
            <div className="skeleton mt-1 h-4 w-1/4" />
          </div>
        </div>
      ))}
      {children}
    </div>
  );
}
