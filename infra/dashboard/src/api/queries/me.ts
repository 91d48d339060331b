// The person who is signed in, as the API knows them.

import { queryOptions } from "@tanstack/react-query";
import { api } from "../client";
import { data } from "../data";
import { isFailure } from "../failure";
import { queries } from "../query";
import type { Schemas } from "../types";

export type Me = Schemas["Profile"];
export type MyChanges = Schemas["ProfileChanges"];
export type Deletion = Schemas["AccountDeletion"];

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: () => data(api().GET("/me")) });

export async function updateMe(body: MyChanges): Promise<Me> {
  const me = await data(api().PATCH("/me", { body }));
  queries.setQueryData(meQuery.queryKey, me);
  return me;
}

/** The pending or last deletion of the account; null if there is none. */
export const deletionQuery = queryOptions({
  queryKey: ["me", "deletion"],
  queryFn: async (): Promise<Deletion | null> => {
    try {
      return await data(api().GET("/me/deletion"));
    } catch (error) {
      if (isFailure(error) && error.code === "account_deletion_not_found") return null;
      throw error;
    }
  },
});

export async function deleteMe(): Promise<Deletion> {
  const deletion = await data(api().DELETE("/me"));
  queries.setQueryData(deletionQuery.queryKey, deletion);
  return deletion;
}
