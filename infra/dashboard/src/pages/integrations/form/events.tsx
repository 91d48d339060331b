import { useId } from "react";
import type { IntegrationType } from "../../../api/integrations/integrations";
import { Button } from "../../../kit/button";
import { Checkbox } from "../../../kit/field";
import { useIntegrationsText } from "../words";
import { eventsOf, type Event } from "./draft";

/** The events that are sent. */
export function Events({ type, selected, error, locked, onChange }: {
  type: IntegrationType;
  selected: readonly Event[];
  error: string | undefined;
  /** The id of the reason why it cannot be changed. */
  locked: string | undefined;
  onChange: (events: Event[]) => void;
}) {
  const { events: text } = useIntegrationsText();
  const id = useId();
  const all = eventsOf(type);
  const set = (event: Event, on: boolean) => onChange(all.filter((one) => (one === event ? on : selected.includes(one))));
  return (
    <div role="group" aria-labelledby={`${id}-title`} aria-describedby={`${id}-note`} className="grid content-start gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <h3 id={`${id}-title`} className="text-sm font-medium">
          {text.title}
        </h3>
        {!locked && (
          <span className="-my-1 flex">
            <Button small look="quiet" onClick={() => onChange([...all])}>
              {text.all}
            </Button>
            <Button small look="quiet" className="-me-3" onClick={() => onChange([])}>
              {text.clear}
            </Button>
          </span>
        )}
      </div>
      <div className="grid gap-2.5 rounded-lg border border-line p-4">
        {all.map((event) => (
          <Checkbox
            key={event}
            label={text.names[event]}
            checked={selected.includes(event)}
            aria-disabled={locked ? true : undefined}
            {...(locked && { "aria-describedby": locked })}
            onChange={({ target }) => !locked && set(event, target.checked)}
          />
        ))}
      </div>
      <div id={`${id}-note`} className="text-sm text-soft">
        <p>{selected.length === 0 ? text.none : text.count(selected.length, all.length)}</p>
        {type === "pagerduty" && <p>{text.resolves}</p>}
      </div>
      {error && <p className="text-sm text-bad">{error}</p>}
    </div>
  );
}
