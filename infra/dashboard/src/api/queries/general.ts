// A workspace's own settings, and what becomes of it.

import { each } from "berth-client";
import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries, readAgain, supersede } from "../query";
import type { Role, Schemas } from "../types";
import { texts } from "../walk/texts";
import type { Step } from "../walk/walk";
import { workspaceQuery } from "./workspaces";

export type Member = Schemas["Member"];

/** Changes the workspace if it is still of the version that `etag` names. */
export async function updateWorkspace(workspace: string, etag: string, changes: Schemas["WorkspaceChanges"]) {
  const params = { header: { ...within(workspace), "If-Match": etag } };
  const { data, response } = await api().PUT("/workspace", { params, body: changes });
  const head = { ...(data as Schemas["Workspace"]), etag: response.headers.get("etag") ?? "" };
  supersede(workspaceQuery(workspace).queryKey);
  queries.setQueryData(workspaceQuery(workspace).queryKey, head);
  void readAgain(["workspaces"]);
  return head;
}

/** The active members, from all pages; of one role, if it is named. */
export function activeMembersQuery(workspace: string, role?: Role) {
  return queryOptions({
    queryKey: of(workspace, "members", "active", role ?? "all"),
    queryFn: async () => {
      const found: Member[] = [];
      const query = { status: "active", limit: 100, ...(role ? { role } : {}) } as const;
      const read = (cursor: string | undefined) => api().GET("/team/members", { params: { header: within(workspace), query: { ...query, cursor } } });
      for await (const member of each("members", read)) found.push(member);
      return found;
    },
  });
}

export async function leaveWorkspace(workspace: string, key: string): Promise<void> {
  await api().POST("/team/leave", { params: { header: { ...within(workspace), "Idempotency-Key": key } } });
}

export async function transferOwnership(workspace: string, member: string, key: string): Promise<void> {
  const params = { header: { ...within(workspace), "Idempotency-Key": key } };
  await api().POST("/team/transfer-ownership", { params, body: { member_id: member } });
}

/** Deletes the workspace; `force`: although it has other members. The id of the receipt. */
export async function deleteWorkspace(workspace: string, force: boolean): Promise<string> {
  const params = { header: within(workspace), query: force ? { force } : {} };
  return (await data(api().DELETE("/workspace", { params }))).deletion_id;
}

/** The largest that the API takes. */
const EXPORTED = 100;

/** Everything that is stored of the workspace, as lines of JSON. It is a POST that changes nothing: it takes no idempotency key. */
export function workspaceExportStep(workspace: string, found: (lines: string) => void): Step {
  const header = within(workspace);
  return texts((cursor) => api().POST("/workspace/export", { params: { header, query: { limit: EXPORTED, cursor } }, parseAs: "text" }), found);
}
