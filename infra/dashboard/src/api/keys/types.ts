// The routes of API keys, as openapi.json has them.

import type { Meter, Schemas } from "../types";

export type KeyScope =
  | "workspace:read"
  | "team:read"
  | "billing:read"
  | "runtime:read"
  | "runtime:write"
  | "integrations:read"
  | "integrations:write"
  | "usage:read"
  | "usage:write"
  | "notifications:read"
  | "notifications:write"
  | "audit:read";

export type KeyState = "active" | "expiring" | "expired" | "maker_left";

export interface ApiKey {
  id: string;
  name: string;
  scopes: KeyScope[];
  /** Networks in CIDR notation from which it may be used; none are all. */
  networks: string[];
  /** What it may consume in a month, by meter. */
  budgets: Partial<Record<Meter, number>>;
  /** True if it rests on the workspace, not on its maker. */
  service: boolean;
  state: KeyState;
  /** The last four characters of the secret. */
  hint: string;
  created_by: string;
  created_at: string;
  rotated_at: string;
  expires_at: string;
  /** The former secret is valid until then. */
  previous_until?: string | null;
  last_used_at?: string | null;
  last_address?: string | null;
  uses: number;
}

/** The secret is null in the answer to a repeated request. */
export type ApiKeyWithSecret = ApiKey & { secret: string | null };

export interface NewApiKey {
  name: string;
  scopes: KeyScope[];
  expires_in_days?: number;
  networks?: string[];
  budgets?: Partial<Record<Meter, number>>;
  service?: boolean;
}

export type ApiKeyChanges = Partial<Pick<ApiKey, "name" | "scopes" | "networks">>;

export interface Rotation {
  overlap_hours?: number;
}

/** What GET /access says of keys. */
export type KeyAction = "read_keys" | "manage_keys" | "revoke_key";

type Id = { id: string };
type Header = { "X-Workspace-ID": string };
type Keyed = Header & { "Idempotency-Key"?: string | null };

interface Json<T> {
  content: { "application/json": T };
}

interface Route<In, Status extends number, Out, Body = undefined> {
  parameters: In;
  requestBody?: Body extends undefined ? never : Json<Body>;
  responses: { [S in Status]: { headers: Record<string, unknown>; content: Out extends undefined ? undefined : Json<Out>["content"] } };
}

interface ApiKeyPage {
  api_keys: ApiKey[];
  pagination: Schemas["Pagination"];
}

export interface KeyPaths {
  "/api-keys": {
    get: Route<{ header: Header; query?: { limit?: number; cursor?: string } }, 200, ApiKeyPage>;
    post: Route<{ header: Keyed }, 201, ApiKeyWithSecret, NewApiKey>;
  };
  "/api-keys/{id}": {
    patch: Route<{ header: Header; path: Id }, 200, ApiKey, ApiKeyChanges>;
    delete: Route<{ header: Header; path: Id }, 204, undefined>;
  };
  "/api-keys/{id}/rotate": {
    post: Route<{ header: Keyed; path: Id }, 200, ApiKeyWithSecret, Rotation>;
  };
}
