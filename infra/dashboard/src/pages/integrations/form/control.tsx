// The control of one setting, made from what openapi.json says of it. The API is the validator; only a length is counted here, while
// people type.

import { Field, Select } from "../../../kit/field";
import { useEditText } from "../../../kit/edit";
import { useIntegrationsText } from "../words";
import type { Setting } from "./draft";

/** From this share of the length on, what is left is shown. */
const NEAR = 0.8;

/** How many characters there are too many. Schemas count them as people do, not as UTF-16. */
export function excess(value: string, most: number | undefined): number {
  return most === undefined ? 0 : [...value.trim()].length - most;
}

interface Shown extends Omit<Setting, "name"> {
  name: string;
}

export function Control({ setting, label, hint, value, error, locked, onChange }: {
  setting: Shown;
  label: string;
  hint?: string;
  value: string;
  /** What the API says is wrong. */
  error: string | undefined;
  /** The id of the reason why it cannot be changed. */
  locked: string | undefined;
  onChange: (value: string) => void;
}) {
  const edit = useEditText();
  const { form: text } = useIntegrationsText();
  const { name, required, format, options, maxLength, example } = setting;
  const reason = locked && { "aria-describedby": locked };
  if (options) {
    const names = text.options as Record<string, string | undefined>;
    return (
      <Select label={label} name={name} hint={locked ? undefined : hint} error={error} value={value} aria-disabled={locked ? true : undefined} {...reason} onChange={({ target }) => !locked && onChange(target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {names[option] ?? option}
          </option>
        ))}
      </Select>
    );
  }
  const over = excess(value, maxLength);
  const left = Math.abs(Math.min(over, 0));
  const isNear = maxLength !== undefined && over <= 0 && left < maxLength * (1 - NEAR);
  const address = format === "uri";
  return (
    <Field
      label={label}
      name={name}
      type={address ? "url" : "text"}
      {...(address && { dir: "ltr" })}
      required={required}
      autoComplete="off"
      spellCheck={false}
      placeholder={locked ? undefined : example}
      readOnly={Boolean(locked)}
      hint={locked ? (address ? text.partly : undefined) : isNear ? edit.left(left) : hint}
      error={over > 0 ? text.tooLong(over) : error}
      value={value}
      {...reason}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
