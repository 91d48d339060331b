// What the overview shows. GET /overview fills all parts in one request; a part that it did not fill is read by itself.

import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries } from "../query";
import type { Schemas } from "../types";
import { noteRuntime } from "./runtime";

export type Onboarding = Schemas["Onboarding"];
export type Activity = Schemas["Activity"];

export type NearLimit = Schemas["NearLimit"];

/** From this share on, a limit is near. */
export const NEAR = 0.8;
/** As many as GET /overview has. */
const RECENT = 5;

export function overviewQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "overview"),
    queryFn: async () => {
      const first = await data(api().GET("/overview", { params: { header: within(workspace) } }));
      if (first.onboarding) queries.setQueryData(onboardingQuery(workspace).queryKey, first.onboarding);
      if (first.runtime) noteRuntime(workspace, first.runtime);
      if (first.near_limits) queries.setQueryData(nearLimitsQuery(workspace).queryKey, first.near_limits);
      if (first.recent_activity) queries.setQueryData(recentQuery(workspace).queryKey, first.recent_activity);
      return null;
    },
    retry: false,
    refetchOnWindowFocus: false,
  });
}

export function onboardingQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "onboarding"),
    queryFn: () => data(api().GET("/onboarding", { params: { header: within(workspace) } })),
  });
}

export function nearLimits(usage: Schemas["MeterUsage"][]): NearLimit[] {
  return usage
    .flatMap(({ meter, used, limit, resets_at }) => (limit == null ? [] : [{ resource: meter, used, limit, resets_at }]))
    .filter(({ used, limit }) => used >= limit * NEAR && used > 0)
    .sort((a, b) => b.used / b.limit - a.used / a.limit);
}

export function nearLimitsQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "near-limits"),
    queryFn: async () => {
      const { usage } = await data(api().GET("/billing/usage", { params: { header: within(workspace) } }));
      return nearLimits(usage);
    },
  });
}

export function recentQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "recent"),
    queryFn: async () => {
      const params = { header: within(workspace), query: { limit: RECENT } };
      const page = await data(api().GET("/team/activity", { params }));
      return (page as { activity: Activity[] }).activity;
    },
  });
}

/** The names of the members by id. */
export function namesQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "names"),
    queryFn: async () => {
      const params = { header: within(workspace), query: { limit: 100 } };
      const { members } = await data(api().GET("/team/members", { params }));
      return Object.fromEntries(members.map(({ id, full_name, email }) => [id, full_name ?? email ?? undefined]));
    },
    staleTime: 60_000,
  });
}
