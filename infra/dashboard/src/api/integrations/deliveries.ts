// The deliveries to an integration. Nothing of them is pushed, so pages with something that changes are read again, and only those.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of, queries, readAgain } from "../query";
import { noticing, type IntegrationType } from "./integrations";
import { NEWEST, renewed, replaced, type DeliveryPage } from "./pages";

const LIMIT = 50;

async function read(workspace: string, type: IntegrationType, cursor: string): Promise<DeliveryPage> {
  const query = { limit: LIMIT, ...(cursor !== NEWEST && { cursor }) };
  return data(api().GET("/integrations/{type}/deliveries", { params: { path: { type }, header: within(workspace), query } }));
}

/** It is forgotten with the page that shows it: the next visit begins with the newest. */
export function deliveriesQuery(workspace: string, type: IntegrationType) {
  return infiniteQueryOptions({
    queryKey: of(workspace, "deliveries", type),
    queryFn: ({ pageParam }) => read(workspace, type, pageParam),
    initialPageParam: NEWEST,
    getNextPageParam: ({ pagination }) => pagination.next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Reads one page of the list again. */
export function renewalQuery(workspace: string, type: IntegrationType, cursor: string) {
  return queryOptions({
    queryKey: of(workspace, "renewals", type, cursor),
    queryFn: async () => {
      const page = await read(workspace, type, cursor);
      queries.setQueryData(deliveriesQuery(workspace, type).queryKey, (list) => list && renewed(list, cursor, page));
      return null;
    },
    initialData: null,
    gcTime: 0,
  });
}

export async function retryDelivery(workspace: string, type: IntegrationType, id: string, key: string): Promise<void> {
  const params = { path: { type, id }, header: { ...within(workspace), "Idempotency-Key": key } };
  const delivery = await noticing(workspace, data(api().POST("/integrations/{type}/deliveries/{id}/retry", { params })));
  queries.setQueryData(deliveriesQuery(workspace, type).queryKey, (list) => list && replaced(list, delivery));
  void readAgain(of(workspace, "recent"), of(workspace, "audit"));
}
