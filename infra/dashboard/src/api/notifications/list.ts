// The notifications of an inbox in pages, newest first.

import { infiniteQueryOptions, type InfiniteData } from "@tanstack/react-query";
import { who } from "../../auth";
import { api, now, within } from "../client";
import { data } from "../data";
import { of, queries } from "../query";
import type { Schemas } from "../types";
import { changed, follow, type Change } from "./changes";
import { noteCounts, type NotificationType } from "./counts";

type Page = Schemas["NotificationPage"];
export type Pages = InfiniteData<Page>;

export interface Filter {
  type: NotificationType | undefined;
  unread: boolean;
}

const LIMIT = 20;

function listsOf(workspace: string) {
  return of(workspace, "notifications", "list", who()?.email);
}

export function notificationsQuery(workspace: string, { type, unread }: Filter) {
  return infiniteQueryOptions({
    queryKey: [...listsOf(workspace), type ?? "all", unread],
    queryFn: async ({ pageParam }) => {
      const query = { limit: LIMIT, ...(type ? { type } : {}), ...(unread ? { unread } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const page = await data(api().GET("/notifications", { params: { header: within(workspace), query } }));
      noteCounts(workspace, page);
      return page;
    },
    initialPageParam: undefined as string | undefined,
    // A page may be short, or empty, although more follow.
    getNextPageParam: ({ pagination }) => (pagination.has_more ? (pagination.next_cursor ?? undefined) : undefined),
    staleTime: 0,
    // The counts say when it is behind.
    refetchOnWindowFocus: false,
  });
}

/** The version of the inbox that the list was read at. */
export function versionOf(pages: Pick<Pages, "pages"> | undefined): number {
  return pages?.pages[0]?.rev ?? 0;
}

/** Leaves the first page of every list, so that it is read again from there. */
export function beginAgain(workspace: string): void {
  queries.setQueriesData<Pages>({ queryKey: listsOf(workspace) }, (shown) =>
    shown && { pages: shown.pages.slice(0, 1), pageParams: shown.pageParams.slice(0, 1) },
  );
}

/** Puts a change that the API has made into every list that was read. A read that is on its way is from before the change: a first one is sent again. */
export function applyToLists(workspace: string, change: Change, rev?: number): void {
  const queryKey = listsOf(workspace);
  const first = queries.getQueryCache().findAll({ queryKey, fetchStatus: "fetching", predicate: ({ state }) => state.data === undefined });
  void queries.cancelQueries({ queryKey }, { silent: true });
  const at = new Date(now()).toISOString();
  queries.setQueriesData<Pages>({ queryKey }, (shown) =>
    shown && {
      ...shown,
      pages: shown.pages.map((page) => ({
        ...page,
        rev: rev === undefined ? page.rev : follow(page.rev, rev),
        notifications: page.notifications.flatMap((one) => changed(one, change, at) ?? []),
      })),
    },
  );
  for (const { queryKey } of first) void queries.invalidateQueries({ queryKey, exact: true });
}
