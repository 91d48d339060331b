// What the form of an integration changes, and where that meets the changes of others.

import { events as all, forms } from "../../../api/integrations/forms";
import type { Changes, Integration, IntegrationType } from "../../../api/integrations/integrations";
import type { Schemas } from "../../../api/types";

export type Event = Schemas["EventType"];

/** A setting as openapi.json has it. */
export interface Setting {
  name: SettingName;
  required: boolean;
  format?: "uri";
  options?: readonly string[];
  maxLength?: number;
  example?: string;
}
export type SettingName = (typeof forms)[IntegrationType][number]["name"];

export interface Draft {
  name: string;
  config: Partial<Record<SettingName, string>>;
  events: readonly Event[];
}

/** What becomes of the secret. */
export type Secret = { kind: "kept" } | { kind: "given"; text: string } | { kind: "made" };

export function settingsOf(type: IntegrationType): readonly Setting[] {
  return forms[type];
}

/** The events that a type can be sent. Those of the audit log are for programs that keep them. */
export function eventsOf(type: IntegrationType): readonly Event[] {
  return type === "webhook" || type === "datadog" ? all : all.filter((event) => !isOfAudit(event));
}

export function isOfAudit(event: Event): boolean {
  return event.startsWith("audit.");
}

/** True if its secret signs deliveries, so that we can make one. */
export function signs(type: IntegrationType): boolean {
  return type === "webhook";
}

export function draftOf(integration: Integration): Draft {
  const { integration_type: type, integration_name: name, config_data, events } = integration;
  const stored = (config_data ?? {}) as Partial<Record<SettingName, string | null>>;
  const config = Object.fromEntries(settingsOf(type).map(({ name, options }) => [name, stored[name] ?? options?.[0] ?? ""]));
  return { name, config, events: config_data ? events : all.filter((event) => !isOfAudit(event)) };
}

/** A part of a draft that is compared by itself. */
export type Part = "name" | "events" | SettingName;

/** The parts of `mine` that differ from `base`. */
export function changed(type: IntegrationType, base: Draft, mine: Draft): Part[] {
  const settings = settingsOf(type).map(({ name }) => name);
  return [
    ...(mine.name.trim() === base.name ? [] : (["name"] as const)),
    ...settings.filter((name) => (mine.config[name] ?? "").trim() !== (base.config[name] ?? "")),
    ...(sameEvents(mine.events, base.events) ? [] : (["events"] as const)),
  ];
}

function sameEvents(one: readonly Event[], other: readonly Event[]): boolean {
  return one.length === other.length && one.every((event) => other.includes(event));
}

/** `theirs` with what `mine` changed of `base`. */
export function merged(type: IntegrationType, base: Draft, mine: Draft, theirs: Draft): Draft {
  const parts = changed(type, base, mine);
  const config = Object.fromEntries(settingsOf(type).map(({ name }) => [name, parts.includes(name) ? mine.config[name] : theirs.config[name]]));
  return { name: parts.includes("name") ? mine.name : theirs.name, config, events: parts.includes("events") ? mine.events : theirs.events };
}

/** What is sent: all settings, since they replace the former ones, and whatever else differs from `base`. */
export function bodyOf(type: IntegrationType, base: Draft, mine: Draft, secret: Secret, isNew: boolean): Changes {
  const parts = changed(type, base, mine);
  const config = Object.fromEntries(settingsOf(type).flatMap(({ name }) => (mine.config[name]?.trim() ? [[name, mine.config[name].trim()]] : [])));
  return {
    config,
    ...((isNew || parts.includes("name")) && { name: mine.name.trim() }),
    ...((isNew || parts.includes("events")) && { events: [...mine.events] }),
    ...(secret.kind === "given" && { secret: secret.text.trim() }),
    ...(secret.kind === "made" && { generate_secret: true }),
  };
}
