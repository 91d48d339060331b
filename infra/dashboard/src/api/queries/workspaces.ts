import { infiniteQueryOptions, queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, freshKey, within } from "../client";
import { data } from "../data";
import { of, queries, readAgain } from "../query";
import type { Schemas } from "../types";

export const workspacesQuery = queryOptions({
  queryKey: ["workspaces"],
  queryFn: () => data(api().GET("/workspaces", { params: { query: { limit: 100 } } })),
});

/** The person's workspaces in pages, newest first. */
export const workspacePagesQuery = infiniteQueryOptions({
  queryKey: ["workspaces", "pages"],
  queryFn: ({ pageParam }) =>
    data(api().GET("/workspaces", { params: { query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } } })),
  initialPageParam: "",
  getNextPageParam: (last) => last.pagination.next_cursor ?? undefined,
});

/** The person's workspaces. While `isWanted`, all pages are read: the API has no search. */
export function useAllWorkspaces(isWanted: boolean) {
  const query = useInfiniteQuery(workspacePagesQuery);
  const { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const goesOn = isWanted && hasNextPage && !isFetching && !isFetchNextPageError;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const all = useMemo(() => data?.pages.flatMap(({ workspaces }) => workspaces), [data]);
  return { all, query, isReading: query.isPending || (isWanted && hasNextPage && !query.error) };
}

/** A workspace with the entity tag that a change of it must name. */
export function workspaceQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "head"),
    queryFn: async () => {
      const { data, response } = await api().GET("/workspace", { params: { header: within(workspace) } });
      return { ...(data as Schemas["Workspace"]), etag: response.headers.get("etag") ?? "" };
    },
  });
}

export async function createWorkspace(name: string, timezone: string, key = freshKey()) {
  const created = await data(
    api().POST("/workspaces", { params: { header: { "Idempotency-Key": key } }, body: { name, timezone } }),
  );
  await readAgain(["workspaces"]);
  return created;
}

/** Forgets a workspace that the person is no longer in. */
export function forget(workspace: string): void {
  if (localStorage.getItem("berth.workspace") === workspace) localStorage.removeItem("berth.workspace");
  // The inbox of a person who comes back begins again with version 0.
  queries.removeQueries({ queryKey: of(workspace, "notifications") });
  void readAgain(["workspaces"]);
}
