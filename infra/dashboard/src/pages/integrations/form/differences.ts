import type { Integration, IntegrationType } from "../../../api/integrations/integrations";
import type { Differing } from "../../../kit/conflict";
import { list } from "../../../text/format";
import type { useIntegrationsText } from "../words";
import { changed, draftOf, settingsOf, type Draft, type Part } from "./draft";

interface Versions {
  type: IntegrationType;
  base: Integration;
  mine: Draft;
  /** The person has entered a secret, or wants one made. */
  hasSecret: boolean;
  theirs: Integration;
}

/** The parts that the person or others changed, each as both have it. */
export function differences({ type, base, mine, hasSecret, theirs }: Versions, text: ReturnType<typeof useIntegrationsText>, labelOf: (part: Part) => string): Differing[] {
  const ours = changed(type, draftOf(base), mine);
  const others = changed(type, draftOf(base), draftOf(theirs));
  const value = ({ name, config, events }: Draft, part: Part) => {
    if (part === "name") return name;
    return part === "events" ? list(events.map((event) => text.events.names[event])) : (config[part] ?? "");
  };
  const all: Part[] = ["name", ...settingsOf(type).map(({ name }) => name), "events"];
  const fields = all
    .filter((part) => ours.includes(part) || others.includes(part))
    .map((part) => ({ label: labelOf(part), theirs: value(draftOf(theirs), part), mine: ours.includes(part) ? value(mine, part).trim() : undefined }));
  if (theirs.secret_hint === base.secret_hint) return fields;
  const hint = theirs.secret_hint ? text.secret.hint(theirs.secret_hint) : text.health.removed;
  return [...fields, { label: text.secret.labels[type].label, theirs: hint, mine: hasSecret ? text.secret.fresh : undefined }];
}
