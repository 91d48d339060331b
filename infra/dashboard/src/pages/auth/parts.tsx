// What the pages of the sign-in family share.

import { useState, type FormEvent, type ReactNode } from "react";
import { AuthFailure } from "../../auth";
import { Field } from "../../kit/field";
import { Notice } from "../../kit/notice";
import { useText } from "../../text";

interface Steps {
  busy: boolean;
  failed: AuthFailure["code"] | undefined;
  run: (step: () => Promise<void>) => (event: FormEvent) => void;
  /** Takes the failure away: what was entered is changed. */
  forget: () => void;
}

/** A step that is under way at most once, and the failure of the last one. */
export function useStep(): Steps {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<AuthFailure["code"]>();
  const run = (step: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailed(undefined);
    step()
      .catch((error: unknown) => setFailed(error instanceof AuthFailure ? error.code : "unknown"))
      .finally(() => setBusy(false));
  };
  return { busy, failed, run, forget: () => setFailed(undefined) };
}

export function Failed({ code, children }: { code: AuthFailure["code"] | undefined; children?: ReactNode }) {
  const t = useText();
  if (!code) return null;
  return (
    <Notice tone="bad" live actions={children}>
      {t.auth.failures[code]}
    </Notice>
  );
}

export function Email({ value, onChange, readOnly }: { value: string; onChange?: (value: string) => void; readOnly?: boolean }) {
  const t = useText();
  return (
    <Field label={t.auth.email} type="email" name="email" autoComplete="username" inputMode="email" required readOnly={readOnly} value={value} onChange={(event) => onChange?.(event.target.value)} />
  );
}

/** A password that can be shown; `rules` lists what a new one needs, and which of it is met. */
export function Password({ label, value, onChange, fresh }: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  fresh?: boolean;
}) {
  const t = useText();
  const [shown, setShown] = useState(false);
  return (
    <div className="grid gap-2">
      <div className="relative">
        <Field label={label} type={shown ? "text" : "password"} name="password" autoComplete={fresh ? "new-password" : "current-password"} required className="pe-20" value={value} onChange={(event) => onChange(event.target.value)} />
        <button type="button" className="absolute end-1 bottom-1 min-h-8 rounded-md px-2.5 text-sm text-soft hover:bg-sunken" aria-label={shown ? t.auth.hidePassword : t.auth.showPassword} onClick={() => setShown(!shown)}>
          {shown ? t.auth.hide : t.auth.show}
        </button>
      </div>
      {fresh && <Rules password={value} />}
    </div>
  );
}

const rules = {
  length: (password: string) => password.length >= 12,
  lower: (password: string) => /\p{Ll}/u.test(password),
  upper: (password: string) => /\p{Lu}/u.test(password),
  digit: (password: string) => /\d/.test(password),
};

export function isStrong(password: string): boolean {
  return Object.values(rules).every((rule) => rule(password));
}

function Rules({ password }: { password: string }) {
  const t = useText();
  return (
    <div className="text-sm">
      <p className="text-soft">{t.auth.rules}</p>
      <ul className="mt-1 grid gap-0.5">
        {Object.entries(rules).map(([name, rule]) => {
          const met = rule(password);
          return (
            <li key={name} className={met ? "text-good" : "text-soft"}>
              <span aria-hidden="true">{met ? "✓" : "○"}</span> {t.auth.rule[name as keyof typeof rules]}{" "}
              <span className="sr-only">({met ? t.auth.met : t.auth.unmet})</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function Code({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string }) {
  const t = useText();
  return (
    <Field label={t.auth.code} name="code" inputMode="numeric" autoComplete="one-time-code" pattern="[0-9]*" maxLength={6} required error={error} className="font-mono text-lg tracking-[0.3em]" value={value} onChange={(event) => onChange(event.target.value.replace(/\D/g, ""))} />
  );
}
