import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of } from "../query";

export function subscriptionQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "subscription"),
    queryFn: () => data(api().GET("/billing/subscription", { params: { header: within(workspace) } })),
  });
}
