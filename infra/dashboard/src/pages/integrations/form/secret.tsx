// The secret of an integration: it is written, and never read. One that signs deliveries can be made for the person.

import { useEffect, useId, useState, type ReactNode } from "react";
import type { IntegrationType } from "../../../api/integrations/integrations";
import { Button } from "../../../kit/button";
import { Field } from "../../../kit/field";
import { useIntegrationsText } from "../words";
import type { Secret } from "./draft";

export function SecretField({ type, stored, secret, canMake, why, error, onChange }: {
  type: IntegrationType;
  /** The last characters of the stored one; missing if none is stored. */
  stored: string | undefined;
  secret: Secret;
  canMake: boolean;
  why: string | undefined;
  error: string | undefined;
  onChange: (secret: Secret) => void;
}) {
  const { secret: text } = useIntegrationsText();
  const { label } = text.labels[type];
  const id = useId();
  const fresh: Secret = canMake ? { kind: "made" } : { kind: "given", text: "" };
  // The API wants one with this change.
  useEffect(() => {
    if (error && secret.kind === "kept") onChange(fresh);
  }, [error]);
  if (secret.kind === "kept") {
    return (
      <div className="grid gap-1.5">
        <p className="text-sm font-medium">{label}</p>
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-sunken px-3 py-2">
          <p className="min-w-0 flex-1 basis-48 text-sm text-soft">
            {stored && (
              <>
                <span aria-hidden="true" className="me-1.5 tracking-widest">
                  ••••
                </span>
                {text.hint(stored)}{" "}
              </>
            )}
            {text.stored}
          </p>
          <Button small why={why} onClick={() => onChange(fresh)}>
            {text.replace}
          </Button>
        </div>
      </div>
    );
  }
  const given = secret.kind === "given";
  return (
    <div className="grid gap-3">
      {canMake && (
        <fieldset className="grid gap-2" aria-describedby={why ? `${id}-why` : undefined}>
          <legend className="mb-1.5 text-sm font-medium">{label}</legend>
          <Choice name={id} hint={text.makeLead} on={!given} locked={Boolean(why)} onChoose={() => onChange({ kind: "made" })}>
            {text.make}
          </Choice>
          <Choice name={id} on={given} locked={Boolean(why)} onChoose={() => onChange({ kind: "given", text: "" })}>
            {text.own}
          </Choice>
        </fieldset>
      )}
      {given && <Masked type={type} value={secret.text} bare={canMake} locked={Boolean(why)} error={error} onChange={(value) => onChange({ kind: "given", text: value })} />}
      {!given && error && <p className="text-sm text-bad">{error}</p>}
      {why && (
        <p id={`${id}-why`} className="sr-only">
          {why}
        </p>
      )}
      {stored !== undefined && (
        <div className="grid justify-items-start gap-2">
          {canMake && <p className="text-sm text-soft">{text.both}</p>}
          <Button small onClick={() => onChange({ kind: "kept" })}>
            {text.keep}
          </Button>
        </div>
      )}
    </div>
  );
}

function Choice({ name, hint, on, locked, onChoose, children }: {
  name: string;
  hint?: string;
  on: boolean;
  locked: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input type="radio" id={id} name={name} checked={on} aria-disabled={locked || undefined} aria-describedby={hint ? `${id}-hint` : undefined} className="mt-1 size-4 accent-accent" onChange={() => !locked && onChoose()} />
      <div>
        <label htmlFor={id}>{children}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-soft">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** A secret that is entered. It can be shown, to be compared. */
function Masked({ type, value, bare, locked, error, onChange }: {
  type: IntegrationType;
  value: string;
  bare: boolean;
  locked: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { secret: text } = useIntegrationsText();
  const { label, hint } = text.labels[type];
  const [isShown, setShown] = useState(false);
  return (
    <div className="relative">
      <Field
        label={label}
        bare={bare}
        hint={hint}
        error={error}
        name="secret"
        type={isShown ? "text" : "password"}
        dir="ltr"
        autoComplete="off"
        spellCheck={false}
        readOnly={locked}
        className="pe-24 font-mono text-sm"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <button
        type="button"
        aria-label={isShown ? text.hideLabel(label) : text.showLabel(label)}
        className={`absolute end-1 min-h-8 rounded-md bg-panel px-2.5 text-sm text-soft hover:bg-sunken ${bare ? "top-1" : "top-7.5"}`}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? text.hide : text.show}
      </button>
    </div>
  );
}
