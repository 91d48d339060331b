// The notifications of the panel: those that were read, with the changes that are on their way.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { now } from "../../api/client";
import { distinct, withChanges, type Notification } from "../../api/notifications/changes";
import { usePendingChanges } from "../../api/notifications/commands";
import { useCounts } from "../../api/notifications/counts";
import { beginAgain, notificationsQuery, versionOf, type Filter } from "../../api/notifications/list";

/** `kept`: ids that stay in the list of unread ones although they have been read since it was opened. */
export function useInbox(workspace: string, { open, filter, kept }: { open: boolean; filter: Filter; kept: ReadonlySet<string> }) {
  const options = notificationsQuery(workspace, filter);
  const query = useInfiniteQuery({ ...options, enabled: open });
  const { data, isFetching, refetch } = query;
  const counts = useCounts(workspace);
  const pending = usePendingChanges(workspace);
  const shown = withChanges(distinct(data?.pages.flatMap((page) => page.notifications) ?? []), pending, new Date(now()).toISOString());
  const notifications = shown.filter(({ id, read_at }: Notification) => !filter.unread || read_at == null || kept.has(id));
  const isBehind = data !== undefined && counts !== undefined && counts.rev > versionOf(data) && pending.length === 0 && !isFetching;
  const isShort = (data?.pages.length ?? 0) <= 1;
  // A short list is read again by itself, once for each version: the list under a reader who has scrolled does not move.
  const readFor = useRef<number>(undefined);
  useEffect(() => {
    if (!open || !isBehind || !isShort || readFor.current === counts.rev) return;
    readFor.current = counts.rev;
    void refetch();
  }, [open, isBehind, isShort, counts?.rev, refetch]);
  const fresh = () => {
    beginAgain(workspace);
    void refetch();
  };
  return { ...query, notifications, counts, pending, fresh: isBehind && !isShort ? fresh : undefined };
}
