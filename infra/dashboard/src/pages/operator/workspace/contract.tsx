// The form of a contract, filled with the one from before.

import { useState } from "react";
import type { Interval } from "../../../api/operator/types";
import { Field, Select } from "../../../kit/field";
import { useOperatorText } from "../../../text/operator";
import { ActForm } from "../act";
import type { FormProps } from "./acts";
import { draftOf, termsOf, wrongOf, type Draft, type Kind } from "./terms";

const INTERVALS: Interval[] = ["month", "year"];
const KINDS: Kind[] = ["plan", "number", "none"];

export function ContractForm({ facts: { workspace, contract, standing }, onSend, ...form }: FormProps) {
  const { act: text, workspace: words } = useOperatorText();
  const said = text.set_contract;
  // What is sent replaces what was shown, and nothing later.
  const [replaces] = useState(contract);
  const [draft, setDraft] = useState(() => draftOf(contract, standing.limits));
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const wrong = wrongOf(draft);
  const why = wrong && ("limit" in wrong ? text.whole(said.value(wrong.limit)) : wrong.size === "half" ? said.size : text.whole(said[wrong.size]));
  return (
    <ActForm {...form} lead={said.lead} action={said.action} why={why} onSend={(reason) => onSend({ command: "set_contract", workspace: workspace.id, contract: termsOf(draft), replaces }, reason)}>
      <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2">
        <Field label={said.plan} hint={said.planHint} autoComplete="off" spellCheck={false} value={draft.plan} onChange={({ target }) => set({ plan: target.value })} />
        <Select label={said.interval} value={draft.interval} onChange={({ target }) => set({ interval: target.value as Draft["interval"] })}>
          <option value="">{said.noInterval}</option>
          {INTERVALS.map((one) => (
            <option key={one} value={one}>
              {words.intervals[one]}
            </option>
          ))}
        </Select>
        <Field label={said.cpu} hint={said.sizeHint} inputMode="numeric" autoComplete="off" value={draft.cpu} onChange={({ target }) => set({ cpu: target.value })} />
        <Field label={said.memory} inputMode="numeric" autoComplete="off" value={draft.memory} onChange={({ target }) => set({ memory: target.value })} />
      </div>
      <Field label={said.features} hint={said.featuresHint} autoComplete="off" spellCheck={false} value={draft.features} onChange={({ target }) => set({ features: target.value })} />
      <Limits draft={draft} onChange={(limits) => set({ limits })} />
    </ActForm>
  );
}

function Limits({ draft: { limits }, onChange }: { draft: Draft; onChange: (limits: Draft["limits"]) => void }) {
  const { act: text } = useOperatorText();
  const said = text.set_contract;
  return (
    <fieldset>
      <legend className="text-sm font-medium">{said.limits}</legend>
      <ul className="mt-1.5 divide-y divide-line rounded-lg border border-line px-3">
        {Object.entries(limits).map(([name, { kind, value }]) => (
          <li key={name} className="grid grid-cols-2 items-center gap-x-3 gap-y-1 py-2 sm:grid-cols-[1fr_11rem_9rem]">
            <code className="col-span-2 font-mono text-xs break-all sm:col-span-1">{name}</code>
            <Select bare label={said.kind(name)} value={kind} onChange={({ target }) => onChange({ ...limits, [name]: { kind: target.value as Kind, value } })}>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {said.kinds[one]}
                </option>
              ))}
            </Select>
            {kind === "number" ? (
              <Field bare label={said.value(name)} inputMode="numeric" autoComplete="off" value={value} onChange={({ target }) => onChange({ ...limits, [name]: { kind, value: target.value } })} />
            ) : (
              <span />
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
