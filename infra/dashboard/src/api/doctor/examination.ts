// What the doctor finds. Examinations and repairs ask Stripe, ECS and Secrets Manager, and five a minute are given out: none is made by
// itself but the first one.

import { queryOptions } from "@tanstack/react-query";
import { api, now, within } from "../client";
import { data } from "../data";
import { queries, refresh, supersede } from "../query";
import type { Schemas } from "../types";

export type Difference = Schemas["Difference"];
export type Code = Schemas["DifferenceCode"];
export type Outcome = Schemas["RepairResult"];

/** When it was made, and whether it is the result of a repair. */
export interface Examined {
  differences: Difference[];
  at: number;
  isRepair: boolean;
}

/** Not among what is read again when the workspace changes. */
const keyOf = (workspace: string) => ["doctor", workspace];

export function examinationQuery(workspace: string) {
  return queryOptions({
    queryKey: keyOf(workspace),
    queryFn: async (): Promise<Examined> => {
      const { differences } = await data(api().GET("/workspace/doctor", { params: { header: within(workspace) } }));
      return { differences, at: now(), isRepair: false };
    },
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Repairs what it finds, which may be more or less than was found before. Its result takes the place of the examination. */
export async function repair(workspace: string, key: string): Promise<Examined> {
  const { differences } = await data(api().POST("/workspace/doctor", { params: { header: { ...within(workspace), "Idempotency-Key": key } } }));
  const found = { differences, at: now(), isRepair: true };
  supersede(keyOf(workspace));
  queries.setQueryData(examinationQuery(workspace).queryKey, found);
  void refresh(workspace);
  return found;
}
