// A labelled control with its hint and its error. The server is the validator: it names every wrong field at once.

import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";
import { cn } from "./cn";

interface Shell {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Hides the label from eyes, not from readers. */
  bare?: boolean;
}

const box =
  "w-full rounded-lg border bg-panel px-3 min-h-10 text-ink placeholder:text-soft aria-disabled:bg-sunken";
// Selects count as read-only in CSS, too.
const writable = "read-only:bg-sunken";

function Labelled({ label, hint, error, bare, children }: Shell & { children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`];
  const described = cn(Boolean(hint) && hintId, Boolean(error) && errorId) || undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className={bare ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      {children({ id, "aria-describedby": described, "aria-invalid": error ? true : undefined })}
      {hint && (
        <p id={hintId} className="text-sm text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={errorId} className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

interface Ids {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

const edge = (error?: string) => (error ? "border-bad" : "border-control");

export function Field({ label, hint, error, bare, className, ...rest }: Shell & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Labelled {...{ label, hint, error, bare }}>
      {(ids) => <input {...ids} dir="auto" className={cn(box, writable, edge(error), className)} {...rest} />}
    </Labelled>
  );
}

export function Area({ label, hint, error, bare, ...rest }: Shell & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Labelled {...{ label, hint, error, bare }}>
      {(ids) => <textarea {...ids} dir="auto" rows={3} className={cn(box, writable, "py-2", edge(error))} {...rest} />}
    </Labelled>
  );
}

export function Select({ label, hint, error, bare, className, ...rest }: Shell & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Labelled {...{ label, hint, error, bare }}>
      {(ids) => <select {...ids} className={cn(box, edge(error), "pe-8", className)} {...rest} />}
    </Labelled>
  );
}

/** A choice among many: a text field with suggestions, which is native and searchable. */
export function Combobox({
  label,
  hint,
  error,
  options,
  ...rest
}: Shell & InputHTMLAttributes<HTMLInputElement> & { options: readonly string[] }) {
  const list = useId();
  return (
    <>
      <Field {...{ label, hint, error }} list={list} autoComplete="off" spellCheck={false} {...rest} />
      <datalist id={list}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </>
  );
}

export function Checkbox({ label, hint, ...rest }: { label: ReactNode; hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input type="checkbox" id={id} aria-describedby={hint ? `${id}-hint` : undefined} className="mt-1 size-4 accent-accent aria-disabled:opacity-60" {...rest} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-soft">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
