import { useEffect, useRef } from "react";
import { Name } from "../../kit/avatar";
import { Button } from "../../kit/button";
import { useText } from "../../text";
import { FIELDS, type Draft } from "./changes";
import { useGeneralText } from "./words";

/** Two versions of the workspace next to each other; the person chooses. */
export function Conflict({ base, mine, theirs, busy, onMine, onTheirs }: {
  base: Draft;
  mine: Draft;
  theirs: Draft;
  busy: boolean;
  onMine: () => void;
  onTheirs: () => void;
}) {
  const t = useText();
  const text = useGeneralText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const labels = { name: text.name, description: text.description, timezone: t.workspaces.zone };
  const differing = FIELDS.filter((field) => mine[field].trim() !== base[field] || theirs[field] !== base[field]);
  const value = (given: string) => (given ? <Name>{given}</Name> : <em className="text-soft">{text.empty}</em>);
  return (
    <div role="group" aria-labelledby="conflict" className="grid gap-4 rounded-xl border border-warn/40 bg-warn-soft p-4">
      <div>
        <h3 id="conflict" ref={heading} tabIndex={-1} className="font-semibold focus:outline-none">
          {text.conflict.title}
        </h3>
        <p className="text-sm">{text.conflict.lead}</p>
      </div>
      <div className="grid gap-3">
        {differing.map((field) => (
          <div key={field} className="grid gap-2 rounded-lg border border-line bg-panel p-3">
            <h4 className="text-sm font-medium">{labels[field]}</h4>
            <dl className="grid gap-2 sm:grid-cols-2">
            <div className="min-w-0">
              <dt className="text-sm text-soft">{text.conflict.theirs}</dt>
              <dd>{value(theirs[field])}</dd>
            </div>
            <div className="min-w-0">
              <dt className="text-sm text-soft">{text.conflict.yours}</dt>
              <dd>{mine[field].trim() === base[field] ? <span className="text-sm text-soft">{text.conflict.untouched}</span> : value(mine[field].trim())}</dd>
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
