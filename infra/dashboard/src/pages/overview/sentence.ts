// An audit record as a sentence: which one it is, and the words that fill its places.

import type { Activity } from "../../api/queries/overview";
import type { Catalogue } from "../../api/queries/catalogue";
import type { Role } from "../../api/types";
import type { Text } from "../../text";
import { list } from "../../text/format";

/** A part of a sentence: plain words, or a name that somebody chose. */
export type Piece = { text: string } | { name: string };

type Key = keyof Text["overview"]["activity"]["sentences"];
type Names = Record<string, string | undefined>;

/** Integrations as their makers write them. */
const brands: Record<string, string> = {
  datadog: "Datadog",
  discord: "Discord",
  github: "GitHub",
  microsoft_teams: "Microsoft Teams",
  pagerduty: "PagerDuty",
  sentry: "Sentry",
  slack: "Slack",
  webhook: "Webhook",
};

/** The name of an integration's type. */
export function brandOf(type: string): string {
  return brands[type] ?? type;
}

const word = (value: unknown) => (typeof value === "string" && value ? value : undefined);

/** The sentence of a record: some actions have two. */
export function keyOf({ action, after }: Pick<Activity, "action" | "after">): Key {
  if (action === "workspace.updated" && word(after["name"])) return "workspace.renamed";
  if (action === "billing.changed" && word(after["plan"])) return "billing.plan_changed";
  return action;
}

/** `template` with its places filled; a place without a value is left out. */
export function fill(template: string, values: Record<string, Piece | undefined>): Piece[] {
  return template
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? values[part.slice(1, -1)] : { text: part }))
    .filter((piece): piece is Piece => piece !== undefined && ("name" in piece || piece.text !== ""));
}

export function describe(record: Activity, names: Names, t: Text, catalogue: Pick<Catalogue, "plan" | "meter">): Piece[] {
  const { before, after, action } = record;
  const said = t.overview.activity;
  const name = (value: string | undefined): Piece | undefined => (value ? { name: value } : undefined);
  const plain = (value: string | undefined): Piece | undefined => (value ? { text: value } : undefined);
  const operator = word(after["operator"]);
  const actor = operator ?? record.actor_name ?? names[record.actor];
  const role = word(after["role"]) as Role | undefined;
  const plan = word(after["plan"]);
  const meter = word(after["meter"]);
  const kind = action.startsWith("integration.") ? record.target : word(after["integration"]);
  const integration = kind && brandOf(kind);
  const member = names[record.target];
  const key = action.startsWith("api_key.") ? (word(after["name"]) ?? word(before["name"])) : undefined;
  const what = key ?? word(after["email"]) ?? word(before["email"]) ?? (action === "workspace.updated" ? word(after["name"]) : undefined) ?? integration ?? member;
  const fields = Object.keys(after).map((field) => said.fields[field as keyof typeof said.fields] ?? field);
  return fill(said.sentences[keyOf(record)] ?? `{who}: ${action}`, {
    who: name(actor ?? undefined) ?? { text: operator === undefined && isOperators(action) ? said.support : said.someone },
    what: name(what) ?? { text: said.member },
    role: plain(role && (t.roles[role] ?? role)),
    plan: plain(plan && catalogue.plan(plan)),
    meter: plain(meter && catalogue.meter(meter)),
    fields: plain(list(fields)),
    days: plain(said.days(Number(after["days"] ?? 0))),
    reason: name(word(after["reason"])),
  });
}

function isOperators(action: Activity["action"]): boolean {
  return action.startsWith("contract.") || action === "trial.granted" || action === "usage.returned" || action === "plan.migrated" || action.endsWith("suspended");
}
