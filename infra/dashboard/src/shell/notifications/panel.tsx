// The notifications of a workspace, in a panel that the bell opens.

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { isFailure } from "../../api/failure";
import { neighbour, type Change, type Notification } from "../../api/notifications/changes";
import { useOrder } from "../../api/notifications/commands";
import { beginAgain, type Filter } from "../../api/notifications/list";
import { workspaceQuery } from "../../api/queries/workspaces";
import { Button, buttonClass } from "../../kit/button";
import { Problem } from "../../kit/problem";
import { Sheet } from "../../kit/sheet";
import { useText } from "../../text";
import { isolated } from "../../text/format";
import { End } from "./end";
import { Entry, ENTRY } from "./entry";
import { Filters, unreadOf, useTabs } from "./filters";
import { useInbox } from "./inbox";
import { actOf } from "./keys";

interface Trouble {
  change: Change;
  error: Error;
  title: string;
}

const EVERYTHING: Filter = { type: undefined, unread: false };

export function Panel({ workspace, open, onClose }: { workspace: string; open: boolean; onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const ids = useTabs();
  const { data: head } = useQuery(workspaceQuery(workspace));
  const [filter, setFilter] = useState(EVERYTHING);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [trouble, setTrouble] = useState<Trouble>();
  const [said, setSaid] = useState("");
  const [focused, setFocused] = useState<string>();
  const inbox = useInbox(workspace, { open, filter, kept });
  const { notifications, counts } = inbox;
  const list = useRef<HTMLDivElement>(null);
  const titles = useRef(new Map<string, string>());
  for (const { id, title } of notifications) titles.current.set(id, title);

  const isOpen = useRef(open);
  isOpen.current = open;
  const order = useOrder(workspace, (change, error) => {
    // Opened again, the panel shows what is stored.
    if (error && isOpen.current) setTrouble({ change, error, title: "id" in change ? (titles.current.get(change.id) ?? "") : "" });
  });
  const change = (wanted: Change, words: string) => {
    setTrouble(undefined);
    // The same words twice are read out twice.
    setSaid((before) => (before === words ? `${words}\u00a0` : words));
    order(wanted);
  };

  const everyId = notifications.map(({ id }) => id);
  const current = focused !== undefined && everyId.includes(focused) ? focused : everyId[0];
  const controlOf = (id: string) => list.current?.querySelector<HTMLElement>(`[${ENTRY}="${CSS.escape(id)}"]`);
  const goTo = (id: string | undefined) => (id === undefined ? list.current : controlOf(id))?.focus();

  // The row of a deleted notification is gone a moment after the order.
  const leaving = useRef<{ id: string; next: string | undefined }>(undefined);
  useLayoutEffect(() => {
    if (!leaving.current || everyId.includes(leaving.current.id)) return;
    goTo(leaving.current.next);
    leaving.current = undefined;
  });

  const toggle = ({ id, read_at }: Notification) => {
    const read = read_at == null;
    setKept((before) => new Set(before).add(id));
    change({ kind: "mark", id, read }, read ? t.notifications.said.read : t.notifications.said.unread);
  };
  const remove = ({ id }: Notification) => {
    if (list.current?.contains(document.activeElement)) leaving.current = { id, next: neighbour(everyId, id) };
    change({ kind: "delete", id }, t.notifications.said.deleted);
  };
  const markAll = () => {
    setKept(new Set());
    change({ kind: "mark_all", type: filter.type }, t.notifications.said.allRead);
  };
  const close = () => {
    beginAgain(workspace);
    setKept(new Set());
    setTrouble(undefined);
    setSaid("");
    onClose();
  };
  const visit = ({ id, read_at }: Notification, page: string | undefined) => {
    if (read_at == null) {
      setKept((before) => new Set(before).add(id));
      order({ kind: "mark", id, read: true });
    }
    if (page === undefined) return;
    close();
    void navigate({ href: page });
  };
  const choose = (next: Filter) => {
    setFilter(next);
    setKept(new Set());
    setFocused(undefined);
    list.current?.scrollTo({ top: 0 });
  };
  const pressed = (event: KeyboardEvent) => {
    const act = actOf(event);
    if (!act || !(event.target instanceof Element) || event.target.matches("select, [role=tab]")) return;
    const at = event.target.closest("li")?.querySelector(`[${ENTRY}]`)?.getAttribute(ENTRY);
    const place = at ? everyId.indexOf(at) : -1;
    const notification = notifications[place];
    if (act === "next" || act === "previous") {
      event.preventDefault();
      // From anywhere else, the way leads to the one that had the focus last.
      const next = place < 0 ? current : everyId[place + (act === "next" ? 1 : -1)];
      if (next !== undefined) goTo(next);
    } else if (notification && !event.repeat) {
      event.preventDefault();
      if (act === "toggle") toggle(notification);
      else remove(notification);
    }
  };

  const unread = unreadOf(counts, filter.type);
  const isMarkingAll = inbox.pending.some(({ kind }) => kind === "mark_all");
  return (
    <Sheet
      open={open}
      onClose={close}
      onKeyDown={pressed}
      title={t.notifications.title}
      head={<Filters ids={ids} filter={filter} counts={counts} onChange={choose} />}
      foot={
        <>
          <Button small look="quiet" busy={isMarkingAll} why={unread === 0 ? t.notifications.nothingUnread : undefined} onClick={markAll}>
            {t.notifications.markAll}
          </Button>
          <Link to="/w/$ws/settings/notifications" params={{ ws: workspace }} onClick={close} className={buttonClass("quiet", true)}>
            <svg viewBox="0 0 20 20" className="size-4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" aria-hidden="true">
              <path d="M3 6.5h7m5 0h2m-14 7h2m5 0h7" />
              <circle cx="12.5" cy="6.5" r="2.2" />
              <circle cx="7.5" cy="13.5" r="2.2" />
            </svg>
            <span className="max-[25rem]:sr-only">{t.notifications.preferences}</span>
          </Link>
        </>
      }
    >
      <div
        ref={list}
        id={ids.panel}
        role="tabpanel"
        aria-labelledby={filter.unread ? ids.unread : ids.all}
        tabIndex={-1}
        onFocus={({ target }) => setFocused((before) => target.closest("li")?.querySelector(`[${ENTRY}]`)?.getAttribute(ENTRY) ?? before)}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-none sm:min-h-[min(18rem,40dvh)]"
      >
        <p aria-live="polite" className="sr-only">
          {said}
        </p>
        {trouble && (
          <div className="p-3">
            <Problem error={trouble.error} title={saying(trouble, t)} retry={isGone(trouble.error) ? undefined : () => change(trouble.change, "")} />
          </div>
        )}
        {inbox.fresh && (
          <div className="sticky top-2 z-10 grid h-0 justify-items-center">
            <Button
              small
              look="primary"
              className="shadow-lg"
              onClick={() => {
                inbox.fresh?.();
                list.current?.scrollTo({ top: 0 });
                list.current?.focus();
              }}
            >
              {t.notifications.fresh}
            </Button>
          </div>
        )}
        {notifications.length > 0 && (
          <ul aria-label={t.notifications.list} className="divide-y divide-line">
            {notifications.map((notification) => (
              <Entry
                key={notification.id}
                notification={notification}
                zone={head?.timezone ?? "UTC"}
                current={notification.id === current}
                onOpen={(page) => visit(notification, page)}
                onToggle={() => toggle(notification)}
                onDelete={() => remove(notification)}
              />
            ))}
          </ul>
        )}
        <End inbox={inbox} filter={filter} />
      </div>
    </Sheet>
  );
}

function isGone(error: Error): boolean {
  return isFailure(error) && error.code === "notification_not_found";
}

function saying({ change, title }: Trouble, t: ReturnType<typeof useText>): string {
  switch (change.kind) {
    case "mark":
      return t.notifications.failed.mark(isolated(title));
    case "delete":
      return t.notifications.failed.delete(isolated(title));
    case "mark_all":
      return t.notifications.failed.markAll;
  }
}
