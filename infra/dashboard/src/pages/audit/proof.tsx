// What makes the log a proof, and where that is described.

import { useText } from "../../text";
import { useAuditText } from "./words";

/** The build puts docs/audit-format.md there. */
const FORMAT = "/audit-format.txt";

export function Proof() {
  const t = useText();
  const { proof: text } = useAuditText();
  return (
    <p>
      {text.lead}{" "}
      <a href={FORMAT} target="_blank" rel="noreferrer" className="font-medium underline underline-offset-2">
        {text.link}
        <span className="sr-only"> ({t.billing.newTab})</span>
      </a>
    </p>
  );
}
