// The person who is signed in, as the API knows them.

import { queryOptions } from "@tanstack/react-query";
import { api } from "../client";
import { data } from "../data";
import { queries } from "../query";

export interface Me {
  id: string;
  email: string;
  email_verified: boolean;
  name?: string | null;
  language?: string | null;
  timezone?: string | null;
}

export type MyChanges = Partial<Pick<Me, "name" | "language" | "timezone">>;

interface Reader {
  GET(path: "/me"): Promise<{ data?: Me }>;
  PATCH(path: "/me", init: { body: MyChanges }): Promise<{ data?: Me }>;
}

const client = () => api() as unknown as Reader;

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: () => data(client().GET("/me")) });

export async function updateMe(body: MyChanges): Promise<Me> {
  const me = await data(client().PATCH("/me", { body }));
  queries.setQueryData(meQuery.queryKey, me);
  return me;
}
