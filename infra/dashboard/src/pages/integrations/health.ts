import type { Integration } from "../../api/integrations/integrations";

/** How an integration is, for people. `unset` was never set up; `removed` has its settings left, but no secret. */
export type Health = "connected" | "untested" | "failing" | "disabled" | "removed" | "unset";

const enabled = { healthy: "connected", unknown: "untested", failing: "failing" } as const;

export function healthOf({ has_secret, is_enabled, config_data, health_status }: Integration): Health {
  if (!has_secret) return config_data ? "removed" : "unset";
  return is_enabled ? enabled[health_status] : "disabled";
}

/** True if its settings are complete, whether or not it is enabled. */
export function isSetUp({ has_secret }: Integration): boolean {
  return has_secret;
}
