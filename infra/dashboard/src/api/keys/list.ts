// API keys: what is listed, and what becomes of them.

import { each } from "berth-client";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { of, readAgain } from "../query";
import type { ApiKey, ApiKeyChanges, ApiKeyWithSecret, NewApiKey } from "./types";

const LIMIT = 50;
const MOST = 100;

export function keysQuery(workspace: string) {
  return infiniteQueryOptions({
    queryKey: of(workspace, "keys", "pages"),
    queryFn: ({ pageParam }) => data(api().GET("/api-keys", { params: { header: within(workspace), query: { limit: LIMIT, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ pagination }) => pagination.next_cursor ?? undefined,
  });
}

/** The keys that end with the membership of a member. */
export function keysOfQuery(workspace: string, member: string) {
  return queryOptions({
    queryKey: of(workspace, "keys", "of", member),
    queryFn: async () => {
      const found: ApiKey[] = [];
      const read = (cursor: string | undefined) => api().GET("/api-keys", { params: { header: within(workspace), query: { limit: MOST, cursor } } });
      for await (const key of each("api_keys", read)) if (endsWith(key, member)) found.push(key);
      return found;
    },
  });
}

/** True if the key works now, and no longer once the member has left. */
export function endsWith({ created_by, service, state }: ApiKey, member: string): boolean {
  return created_by === member && !service && (state === "active" || state === "expiring");
}

/** Reads again what changes with a key: the list, the number of keys in use, the log. */
function readKeysAgain(workspace: string) {
  return readAgain(...["keys", "entitlements", "usage", "audit"].map((part) => of(workspace, part)));
}

/** A change may have been made although its answer failed, and a refusal may say that the list is out of date. */
async function followed<T>(workspace: string, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } finally {
    void readKeysAgain(workspace);
  }
}

export function createKey(workspace: string, body: NewApiKey, key: string): Promise<ApiKeyWithSecret> {
  return followed(workspace, data(api().POST("/api-keys", { params: { header: { ...within(workspace), "Idempotency-Key": key } }, body })));
}

export function rotateKey(workspace: string, id: string, overlap_hours: number, key: string): Promise<ApiKeyWithSecret> {
  const params = { path: { id }, header: { ...within(workspace), "Idempotency-Key": key } };
  return followed(workspace, data(api().POST("/api-keys/{id}/rotate", { params, body: { overlap_hours } })));
}

export function changeKey(workspace: string, id: string, body: ApiKeyChanges): Promise<ApiKey> {
  return followed(workspace, data(api().PATCH("/api-keys/{id}", { params: { path: { id }, header: within(workspace) }, body })));
}

export async function revokeKey(workspace: string, id: string): Promise<void> {
  await followed(workspace, api().DELETE("/api-keys/{id}", { params: { path: { id }, header: within(workspace) } }));
}
