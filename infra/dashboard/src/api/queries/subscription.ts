import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { withAddons } from "../data";
import { of } from "../query";

export function subscriptionQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "subscription"),
    // The outcome of a recorded command is shown without a reload.
    refetchInterval: ({ state }) => (state.data?.last_command?.status === "pending" ? 5000 : false),
    queryFn: () => withAddons(api().GET("/billing/subscription", { params: { header: within(workspace) } })),
  });
}
