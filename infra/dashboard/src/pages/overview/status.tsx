import type { Schemas } from "../../api/types";
import { Badge, type Tone } from "../../kit/badge";
import { useText } from "../../text";

type Status = Schemas["RuntimeStatus"];

const tones: Record<Status, Tone> = {
  stopped: "plain",
  starting: "accent",
  running: "good",
  stopping: "accent",
  resizing: "accent",
  failed: "bad",
};

/** How a container is. */
export function StatusBadge({ status }: { status: Status }) {
  const t = useText();
  return <Badge tone={tones[status]}>{t.overview.status[status]}</Badge>;
}
