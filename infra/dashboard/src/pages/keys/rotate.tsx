// Rotating a key: for how long the present secret works on.

import { useId, useState } from "react";
import { now } from "../../api/client";
import { isFailure } from "../../api/failure";
import { rotateKey } from "../../api/keys/list";
import type { ApiKey } from "../../api/keys/types";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { cn } from "../../kit/cn";
import { Dialog, DialogActions } from "../../kit/dialog";
import { LimitReached } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { isolated } from "../../text/format";
import type { Given } from "./secret/secret";
import { useKeysText, useRefusal } from "./words";

const HOURS: readonly number[] = [0, 1, 24, 168];

export function Rotate({ workspace, apiKey, onClose, onGiven }: { workspace: string; apiKey: ApiKey | undefined; onClose: () => void; onGiven: (given: Given) => void }) {
  const { rotation: text } = useKeysText();
  return (
    <Dialog open={apiKey !== undefined} onClose={onClose} title={apiKey ? text.title(isolated(apiKey.name)) : ""}>
      {apiKey && <Form workspace={workspace} apiKey={apiKey} onClose={onClose} onGiven={onGiven} />}
    </Dialog>
  );
}

function Form({ workspace, apiKey, onClose, onGiven }: { workspace: string; apiKey: ApiKey; onClose: () => void; onGiven: (given: Given) => void }) {
  const t = useText();
  const { rotation: text } = useKeysText();
  const why = useAccess(workspace)("manage_keys");
  const isExpired = apiKey.state === "expired";
  const hasFormer = apiKey.previous_until != null && Date.parse(apiKey.previous_until) > now();
  const [hours, setHours] = useState(24);
  const rotate = useSend(
    (overlap: number, key) => rotateKey(workspace, apiKey.id, overlap, key),
    (key) => onGiven({ key, isNew: false }),
  );
  const error = useRefusal(workspace, rotate.error);
  const submit = () => rotate.run(isExpired ? 0 : hours);
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !rotate.busy) submit();
      }}
    >
      <p>{text.lead}</p>
      {isExpired ? <p className="text-soft">{text.gone}</p> : <Overlap hours={hours} onPick={setHours} />}
      {hasFormer && <Notice tone="warn">{text.second}</Notice>}
      {error ? <LimitReached workspace={workspace} error={error} retry={isFailure(error) && error.passes ? submit : undefined} /> : null}
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button type="submit" look="primary" why={why} busy={rotate.busy}>
          {text.action}
        </Button>
      </DialogActions>
    </form>
  );
}

function Overlap({ hours, onPick }: { hours: number; onPick: (hours: number) => void }) {
  const { rotation: text } = useKeysText();
  const id = useId();
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{text.overlap}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-control">
        {HOURS.map((one) => (
          <label key={one} className={cn("flex cursor-pointer gap-3 px-3 py-2.5", one === hours ? "bg-accent-soft" : "hover:bg-sunken")}>
            <input type="radio" name={id} checked={one === hours} aria-describedby={text.about[one] ? `${id}-${one}` : undefined} onChange={() => onPick(one)} className="mt-1 size-4 shrink-0 accent-accent" />
            <span className="min-w-0">
              <span className="block">{text.choices[one]}</span>
              {text.about[one] && (
                <span id={`${id}-${one}`} aria-hidden="true" className="block text-sm text-soft">
                  {text.about[one]}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
      <p className="text-sm text-soft">{text.end}</p>
    </fieldset>
  );
}
