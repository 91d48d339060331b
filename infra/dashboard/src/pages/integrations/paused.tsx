import { Button } from "../../kit/button";
import { useIntegrationsText } from "./words";

/** That nothing is read by itself any more, since nobody seems to look. */
export function Paused({ onUpdate }: { onUpdate: () => void }) {
  const text = useIntegrationsText();
  return (
    <div role="status" className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-sunken px-4 py-2 text-sm">
      <span>{text.paused}</span>
      <Button small onClick={onUpdate}>
        {text.update}
      </Button>
    </div>
  );
}
