import { expect, test } from "vitest";
import type { Integration } from "../../api/integrations/integrations";
import { healthOf } from "./health";

const of = (more: Partial<Integration>) =>
  healthOf({ integration_type: "slack", integration_name: "Slack", version: 1, is_enabled: true, health_status: "healthy", config_data: {}, events: [], has_secret: true, stats: { total_events_sent: 0, total_errors: 0 }, ...more });

test("health is what people would say", () => {
  expect(of({})).toBe("connected");
  expect(of({ health_status: "unknown" })).toBe("untested");
  expect(of({ health_status: "failing" })).toBe("failing");
});

test("what is disabled is neither connected nor failing, however it was", () => {
  for (const health_status of ["healthy", "failing", "unknown"] as const) expect(of({ is_enabled: false, health_status })).toBe("disabled");
});

test("without a secret it is not set up, or not any more", () => {
  expect(of({ is_enabled: false, has_secret: false })).toBe("removed");
  expect(of({ is_enabled: false, has_secret: false, config_data: null })).toBe("unset");
});
