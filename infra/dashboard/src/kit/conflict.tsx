import { useEffect, useRef } from "react";
import { Name } from "./avatar";
import { Button } from "./button";
import { useEditText } from "./edit";

/** A field that others changed in the meantime, the person did, or both. */
export interface Differing {
  label: string;
  theirs: string;
  /** Missing if the person left it as it was. */
  mine: string | undefined;
}

/** Two versions next to each other; the person chooses. */
export function Conflict({ title, fields, busy, onMine, onTheirs }: {
  title: string;
  fields: readonly Differing[];
  busy: boolean;
  onMine: () => void;
  onTheirs: () => void;
}) {
  const text = useEditText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const value = (version: string) => (version ? <Name>{version}</Name> : <em className="text-soft">{text.empty}</em>);
  return (
    <div role="group" aria-labelledby="conflict" className="grid gap-4 rounded-xl border border-warn/40 bg-warn-soft p-4">
      <div>
        <h3 id="conflict" ref={heading} tabIndex={-1} className="font-semibold focus:outline-none">
          {title}
        </h3>
        <p className="text-sm">{text.conflict.lead}</p>
      </div>
      <div className="grid gap-3">
        {fields.map(({ label, theirs, mine }) => (
          <div key={label} className="grid gap-2 rounded-lg border border-line bg-panel p-3">
            <h4 className="text-sm font-medium">{label}</h4>
            <dl className="grid gap-2 sm:grid-cols-2">
              <div className="min-w-0">
                <dt className="text-sm text-soft">{text.conflict.theirs}</dt>
                <dd>{value(theirs)}</dd>
              </div>
              <div className="min-w-0">
                <dt className="text-sm text-soft">{text.conflict.yours}</dt>
                <dd>{mine === undefined ? <span className="text-sm text-soft">{text.conflict.untouched}</span> : value(mine)}</dd>
              </div>
            </dl>
          </div>
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" busy={busy} onClick={onMine}>
          {text.conflict.useMine}
        </Button>
        <Button onClick={onTheirs}>{text.conflict.takeTheirs}</Button>
      </div>
    </div>
  );
}
