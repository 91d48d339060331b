// The cache of what was read. A read is sent again twice where that may help; a change never is by itself.

import { MutationCache, QueryCache, QueryClient, notifyManager, type QueryKey } from "@tanstack/react-query";
import { isFailure } from "./failure";

/** Any answer may be the first to say that a workspace is gone: the head is read again, and with it the frame says so. */
export function noticeGone(error: unknown) {
  if (!isFailure(error) || error.code !== "workspace_not_found") return;
  void queries.invalidateQueries({ predicate: ({ queryKey: [kind, , part], state }) => kind === "workspace" && part === "head" && state.status !== "error" });
}

/** A change that is refused for the person's role may be the first to say that it is another one now: what they may do is read again. */
function noticeRole(error: unknown) {
  if (!isFailure(error) || error.code !== "role_required") return;
  void queries.invalidateQueries({ predicate: ({ queryKey: [kind, , part] }) => kind === "workspace" && part === "access" });
}

/** A longer list, in pages, is not read again by itself: each page would be a request, one after the other. */
const MOST_PAGES = 4;

export function isShort({ state: { data } }: { state: { data: unknown } }): boolean {
  return ((data as { pages?: unknown[] } | undefined)?.pages?.length ?? 0) <= MOST_PAGES;
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeGone }),
  mutationCache: new MutationCache({
    onError: (error) => {
      noticeGone(error);
      noticeRole(error);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && isFailure(error) && error.passes && error.status !== 429,
      retryDelay: (count) => 500 * 2 ** count,
      networkMode: "always",
      refetchOnReconnect: isShort,
      refetchOnWindowFocus: isShort,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

/** The key of something in a workspace. */
export function of(workspace: string, ...parts: unknown[]): unknown[] {
  return ["workspace", workspace, ...parts];
}

/**
 * After a change: reads again what the keys begin with. A first read that is on its way is from before the change; an invalidation alone
 * would wait for it and keep its answer.
 */
export function readAgain(...keys: QueryKey[]): Promise<void> {
  return notifyManager.batch(() => {
    const read = keys.map((queryKey) => {
      void queries.cancelQueries({ queryKey }, { silent: true });
      return queries.invalidateQueries({ queryKey });
    });
    return Promise.all(read).then(() => undefined);
  });
}

/** Ends a read of this key that is on its way, so that it does not replace what is put there next. */
export function supersede(queryKey: QueryKey): void {
  void queries.cancelQueries({ queryKey, exact: true }, { silent: true });
}

/** Reads everything of the workspace again. */
export function refresh(workspace: string): Promise<void> {
  return readAgain(of(workspace));
}
