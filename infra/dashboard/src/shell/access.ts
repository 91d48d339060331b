// What the person may do in a workspace, from GET /access: controls that they may not use say why.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, within } from "../api/client";
import { data } from "../api/data";
import { of } from "../api/query";
import { text, useText } from "../text";

export function accessQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "access"),
    queryFn: () => data(api().GET("/access", { params: { header: within(workspace) } })),
    staleTime: 60_000,
  });
}

type Access = Awaited<ReturnType<NonNullable<ReturnType<typeof accessQuery>["queryFn"]>>>;
export type Action = Access["actions"][number]["action"];

/** True once it is known that the person may do it, and where that could not be read: what they may not read is not asked for. */
export function useAllowed(workspace: string, action: Action): boolean {
  const { data: access, isFetched } = useQuery(accessQuery(workspace));
  return isFetched && (access?.actions.find((entry) => entry.action === action)?.allowed ?? true);
}

/** Why an action is refused; nothing if it is not, or until that is known. */
export function reasonOf(access: Access | undefined, action: Action): string | undefined {
  const entry = access?.actions.find((entry) => entry.action === action);
  if (!entry || entry.allowed) return undefined;
  const t = text();
  return entry.reason === "workspace_suspended" ? t.common.suspended : t.common.forbidden(t.roles[entry.required_role]);
}

/** Why the person may not do each action; nothing if they may, or until it is known (the API decides in any case). */
export function useAccess(workspace: string): (action: Action) => string | undefined {
  useText();
  const { data: access } = useQuery(accessQuery(workspace));
  return (action) => reasonOf(access, action);
}
