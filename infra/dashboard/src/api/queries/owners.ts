import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of } from "../query";

/** The people who may pay, for those who may not. */
export function ownersQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "owners"),
    queryFn: () =>
      data(api().GET("/team/members", { params: { header: within(workspace), query: { role: "owner", status: "active", limit: 100 } } })),
    staleTime: 60_000,
  });
}
