// The person who is signed in, as the API knows them.

import { queryOptions } from "@tanstack/react-query";
import { api } from "../client";
import { data } from "../data";
import { queries, supersede } from "../query";
import type { Schemas } from "../types";

export type Me = Schemas["Profile"];
export type MyChanges = Schemas["ProfileChanges"];
export type Deletion = Schemas["AccountDeletion"];

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: () => data(api().GET("/me")) });

export async function updateMe(body: MyChanges): Promise<Me> {
  const me = await data(api().PATCH("/me", { body }));
  supersede(meQuery.queryKey);
  queries.setQueryData(meQuery.queryKey, me);
  return me;
}

/** The pending deletion of the account. There is none unless the profile says so. */
export const deletionQuery = queryOptions({ queryKey: ["me", "deletion"], queryFn: () => data(api().GET("/me/deletion")) });

export async function deleteMe(): Promise<Deletion> {
  const deletion = await data(api().DELETE("/me"));
  supersede(deletionQuery.queryKey);
  supersede(meQuery.queryKey);
  queries.setQueryData(deletionQuery.queryKey, deletion);
  queries.setQueryData(meQuery.queryKey, (me) => me && { ...me, is_ending: true });
  return deletion;
}
