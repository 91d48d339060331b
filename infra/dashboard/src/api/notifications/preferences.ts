// What a member wants to be notified of in a workspace, and when it is mailed.

import { queryOptions, useMutation, useMutationState } from "@tanstack/react-query";
import { who } from "../../auth";
import { api, within } from "../client";
import { data } from "../data";
import { isFailure } from "../failure";
import { useKeys } from "../keys";
import { of, queries, supersede } from "../query";
import type { Schemas } from "../types";
import { twice } from "./commands";

export type Preference = Schemas["NotificationPreference"];
export type Preferences = Schemas["NotificationPreferences"];
export type EmailMode = Schemas["EmailMode"];
export type QuietHours = Schemas["QuietHours"];
type Changes = Schemas["PreferenceChanges"];

export function preferencesQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "notifications", "preferences", who()?.email),
    queryFn: () => data(api().GET("/notifications/preferences", { params: { header: within(workspace) } })),
  });
}

async function send(workspace: string, body: Changes, key: string): Promise<void> {
  const params = { header: { ...within(workspace), "Idempotency-Key": key } };
  const { queryKey } = preferencesQuery(workspace);
  const answer = await twice("preferences_changed", () => data(api().POST("/notifications/preferences", { params, body })));
  supersede(queryKey);
  queries.setQueryData(queryKey, answer);
}

/** The preference `name`: what is wanted, if that is not stored yet, and how to change it. */
export function usePreference<T>(workspace: string, name: string, changes: (wanted: T) => Changes) {
  const keys = useKeys();
  const mutationKey = of(workspace, "notifications", "preference", name);
  const { mutate, variables, error, isError } = useMutation({
    mutationKey,
    // Each answer is the whole state: they are sent one after the other.
    scope: { id: `preferences ${workspace}` },
    mutationFn: (wanted: T) => send(workspace, changes(wanted), keys.of(JSON.stringify(wanted))),
    onSettled: (_, error, wanted) => {
      if (!isFailure(error) || !error.passes) keys.done(JSON.stringify(wanted));
    },
  });
  const pending = useMutationState({ filters: { mutationKey, status: "pending" }, select: ({ state }) => ({ wanted: state.variables as T }) }).at(-1);
  return {
    change: mutate,
    /** The last change on its way. */
    pending,
    /** The change that was refused last, unless another one is on its way. */
    refused: isError && !pending ? { error, wanted: variables, retry: () => mutate(variables) } : undefined,
  };
}
