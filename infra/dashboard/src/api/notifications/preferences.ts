// The types of notifications that a member wants in a workspace.

import { queryOptions } from "@tanstack/react-query";
import { who } from "../../auth";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries, supersede } from "../query";
import type { Schemas } from "../types";
import { twice } from "./commands";
import type { NotificationType } from "./counts";

export type Preference = Schemas["NotificationPreference"];

export function preferencesQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "notifications", "preferences", who()?.email),
    queryFn: () => data(api().GET("/notifications/preferences", { params: { header: within(workspace) } })),
  });
}

export async function setPreference(workspace: string, type: NotificationType, wanted: boolean, key: string): Promise<void> {
  const params = { header: { ...within(workspace), "Idempotency-Key": key } };
  const send = () => data(api().POST("/notifications/preferences", { params, body: { in_app: { [type]: wanted } } }));
  const { queryKey } = preferencesQuery(workspace);
  const answer = await twice("preferences_changed", send);
  supersede(queryKey);
  queries.setQueryData(queryKey, answer);
}
