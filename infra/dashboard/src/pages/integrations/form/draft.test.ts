import { expect, test } from "vitest";
import type { Integration } from "../../../api/integrations/integrations";
import { bodyOf, changed, draftOf, eventsOf, merged, type Draft } from "./draft";

const integration = (more: Partial<Integration> = {}): Integration => ({
  integration_type: "webhook",
  integration_name: "Ours",
  version: 1,
  is_enabled: true,
  health_status: "healthy",
  config_data: { url: "https://a.example/", description: null },
  events: ["member.joined"],
  has_secret: true,
  stats: { total_events_sent: 0, total_errors: 0 },
  ...more,
});
const base = draftOf(integration());
const kept = { kind: "kept" } as const;

test("a new integration begins with the usual events and the first options", () => {
  const draft = draftOf(integration({ integration_type: "pagerduty", config_data: null, events: [], has_secret: false }));
  expect(draft.config).toEqual({ region: "us" });
  expect(draft.events).toHaveLength(9);
  expect(draft.events.filter((event) => event.startsWith("audit."))).toEqual([]);
});

test("one that is set up keeps its events, even none", () => {
  expect(draftOf(integration({ events: [] })).events).toEqual([]);
});

test("only webhooks and Datadog are offered the events of the audit log", () => {
  expect(eventsOf("webhook")).toContain("audit.recorded");
  expect(eventsOf("datadog")).toContain("audit.checkpoint");
  for (const type of ["discord", "github", "microsoft_teams", "pagerduty", "sentry", "slack"] as const) expect(eventsOf(type)).toHaveLength(9);
});

test("a change sends all settings, and of the rest what differs", () => {
  const mine: Draft = { ...base, config: { url: " https://b.example/ ", description: "" } };
  expect(changed("webhook", base, mine)).toEqual(["url"]);
  expect(bodyOf("webhook", base, mine, kept, false)).toEqual({ config: { url: "https://b.example/" } });
  expect(bodyOf("webhook", base, { ...base, events: [] }, { kind: "made" }, false)).toEqual({ config: { url: "https://a.example/" }, events: [], generate_secret: true });
});

test("a new integration sends everything that the form shows", () => {
  expect(bodyOf("webhook", base, base, { kind: "given", text: " whsec_x " }, true)).toEqual({ name: "Ours", config: { url: "https://a.example/" }, events: ["member.joined"], secret: "whsec_x" });
});

test("the order of events is no change", () => {
  const two: Draft = { ...base, events: ["member.joined", "plan.changed"] };
  expect(changed("webhook", two, { ...two, events: ["plan.changed", "member.joined"] })).toEqual([]);
});

test("what others changed stays, unless it was changed here", () => {
  const mine: Draft = { ...base, name: "Mine" };
  const theirs: Draft = { name: "Theirs", config: { url: "https://c.example/", description: "New" }, events: [] };
  expect(merged("webhook", base, mine, theirs)).toEqual({ ...theirs, name: "Mine" });
});
