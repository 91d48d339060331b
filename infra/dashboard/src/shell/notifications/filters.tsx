import { useId, type KeyboardEvent } from "react";
import type { Counts, NotificationType } from "../../api/notifications/counts";
import type { Filter } from "../../api/notifications/list";
import { cn } from "../../kit/cn";
import { useText } from "../../text";
import { number } from "../../text/format";

export const TYPES: readonly NotificationType[] = ["system", "billing", "agent", "workflow", "team", "kb"];

/** How many are unread of those that the type allows; nothing until it is known. */
export function unreadOf(counts: Counts | undefined, type: NotificationType | undefined): number | undefined {
  return type ? counts?.by_type[type] : counts?.unread_count;
}

/** The ids of the tabs, and of what they control. */
export function useTabs() {
  const id = useId();
  return { all: `${id}-all`, unread: `${id}-unread`, panel: `${id}-panel` };
}

export function Filters({ ids, filter, counts, onChange }: {
  ids: ReturnType<typeof useTabs>;
  filter: Filter;
  counts: Counts | undefined;
  onChange: (filter: Filter) => void;
}) {
  const t = useText();
  const unread = unreadOf(counts, filter.type) ?? 0;
  // With two tabs, either arrow leads to the other one.
  const other = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    onChange({ ...filter, unread: !filter.unread });
    document.getElementById(filter.unread ? ids.all : ids.unread)?.focus();
  };
  const tab = (isUnread: boolean) => ({
    type: "button" as const,
    role: "tab",
    id: isUnread ? ids.unread : ids.all,
    "aria-selected": filter.unread === isUnread,
    "aria-controls": ids.panel,
    tabIndex: filter.unread === isUnread ? 0 : -1,
    onClick: () => onChange({ ...filter, unread: isUnread }),
    className: cn(
      "inline-flex items-center gap-1.5 border-b-2 px-2 py-2 text-sm font-medium whitespace-nowrap",
      filter.unread === isUnread ? "border-accent text-ink" : "border-transparent text-soft hover:text-ink",
    ),
  });
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3">
      <div role="tablist" aria-label={t.notifications.show} onKeyDown={other} className="-ms-2 flex gap-1">
        <button {...tab(false)}>{t.notifications.all}</button>
        <button {...tab(true)}>
          {t.notifications.unread}
          {unread > 0 && <span className="font-normal text-soft tabular-nums">{number(unread)}</span>}
        </button>
      </div>
      <select
        aria-label={t.notifications.type}
        value={filter.type ?? ""}
        onChange={({ target }) => onChange({ ...filter, type: TYPES.find((type) => type === target.value) })}
        className="mb-1.5 min-h-8 max-w-40 rounded-lg border border-control/60 bg-panel px-2 text-sm text-ink"
      >
        <option value="">{t.notifications.allTypes}</option>
        {TYPES.map((type) => {
          const { name } = t.notifications.types[type];
          const count = counts?.by_type[type] ?? 0;
          return (
            <option key={type} value={type}>
              {count > 0 ? t.notifications.ofType(name, count) : name}
            </option>
          );
        })}
      </select>
    </div>
  );
}
