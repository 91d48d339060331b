// The container: how it is, and the commands to it.

import { queryOptions } from "@tanstack/react-query";
import { api, now, within } from "../client";
import { data } from "../data";
import { of, queries, readAgain, supersede } from "../query";
import type { Schemas } from "../types";

export type RuntimeView = Schemas["Runtime"];
export type Command = "start" | "stop" | "restart";

/** A view with the moment at which it was read, and the last one at which the container had reported figures. */
export interface Witnessed extends RuntimeView {
  readAt: number;
  reportedAt: number | undefined;
}

const QUICK = 2_000;
const CALM = 15_000;

export function isChanging(status: RuntimeView["status"] | undefined): boolean {
  return status === "starting" || status === "stopping" || status === "resizing";
}

/** The milliseconds until the next read; false if changes are pushed. The figures of a running container are not. */
export function pace(status: RuntimeView["status"] | undefined, isLive: boolean): number | false {
  if (isChanging(status)) return QUICK;
  return isLive && status !== "running" ? false : CALM;
}

export function witnessed(view: RuntimeView, before: Witnessed | undefined, at: number): Witnessed {
  const reports = view.resources.ram_used_mb != null || view.resources.cpu_percent != null;
  const same = before?.container_id === view.container_id && view.status === "running";
  return { ...view, readAt: at, reportedAt: reports ? at : same ? before?.reportedAt : undefined };
}

/** For how many seconds the container has been running at `at`. */
export function uptime(view: Witnessed, at: number): number | undefined {
  return view.uptime == null ? undefined : view.uptime + Math.max(0, Math.floor((at - view.readAt) / 1000));
}

export function runtimeQuery(workspace: string) {
  const queryKey = of(workspace, "runtime");
  return queryOptions({
    queryKey,
    queryFn: async () => {
      const view = await data(api().GET("/workspace/status", { params: { header: within(workspace) } }));
      return witnessed(view, queries.getQueryData<Witnessed>(queryKey), now());
    },
  });
}

/** Puts what an answer says of the container in the place of what was read before. */
export function noteRuntime(workspace: string, view: RuntimeView): void {
  queries.setQueryData<Witnessed>(of(workspace, "runtime"), (before) => witnessed(view, before, now()));
}

export async function command(workspace: string, command: Command, key: string): Promise<void> {
  const params = { header: { ...within(workspace), "Idempotency-Key": key } };
  const view = await data(api().POST(`/workspace/${command}`, { params }));
  supersede(of(workspace, "runtime"));
  noteRuntime(workspace, view);
  void readAgain(["workspaces"], of(workspace, "onboarding"), of(workspace, "recent"));
}
