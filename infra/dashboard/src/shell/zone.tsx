// A time zone among all that there are, with the time that it is there now.

import { useNow } from "../kit/time";
import { Combobox } from "../kit/field";
import { language } from "../text";

export const zones: readonly string[] = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** The browser's own. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The time of day in a zone, with its distance from UTC; nothing for a name that is none. */
export function clockIn(zone: string, at: number): string | undefined {
  try {
    const format = { hour: "numeric", minute: "2-digit", timeZone: zone, timeZoneName: "shortOffset" } as const;
    return new Intl.DateTimeFormat(language(), format).format(at);
  } catch {
    return undefined;
  }
}

export function ZoneField({ label, hint, unknown, value, onChange, error, readOnly, name = "timezone" }: {
  label: string;
  hint: (time: string) => string;
  /** What to say of a name that is none. */
  unknown: string;
  value: string;
  onChange: (zone: string) => void;
  error?: string | undefined;
  readOnly?: boolean;
  name?: string;
}) {
  const time = clockIn(value, useNow(15_000));
  return (
    <Combobox label={label} name={name} options={zones} value={value} readOnly={readOnly} error={error} hint={time ? hint(time) : unknown} onFocus={(event) => !readOnly && event.target.select()} onChange={(event) => onChange(event.target.value.trim())} />
  );
}
