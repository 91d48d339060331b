import { Badge, type Tone } from "../../kit/badge";
import type { Health } from "./health";
import { useIntegrationsText } from "./words";

const tones: Record<Health, Tone> = { connected: "good", untested: "accent", failing: "bad", disabled: "warn", removed: "plain", unset: "plain" };

export function HealthBadge({ health }: { health: Health }) {
  const text = useIntegrationsText();
  return <Badge tone={tones[health]}>{text.health[health]}</Badge>;
}

/** What the API says of a failure: it has no codes for it, and English only. */
export function Message({ children }: { children: string }) {
  return (
    <p lang="en" className="text-sm [overflow-wrap:anywhere]">
      {children.charAt(0).toUpperCase() + children.slice(1)}.
    </p>
  );
}
