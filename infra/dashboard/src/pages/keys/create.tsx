// Making a key: its name, what it may do, for how long, and what narrows it further.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type RefObject } from "react";
import { now } from "../../api/client";
import { isFailure } from "../../api/failure";
import { createKey } from "../../api/keys/list";
import type { NewApiKey } from "../../api/keys/types";
import { useCatalogue } from "../../api/queries/catalogue";
import { workspaceQuery } from "../../api/queries/workspaces";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Area, Field, Select } from "../../kit/field";
import { LimitReached } from "../../kit/limit";
import { Switch } from "../../kit/switch";
import { useAccess } from "../../shell/access";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { day } from "../../text/format";
import { bodyOf, DAYS, errorsOf, fresh, MOST_DAYS, whole, wrongIn, type Draft } from "./draft";
import { needsMaker, preset, presetOf, PRESETS } from "./scopes";
import type { Given } from "./secret/secret";
import { ScopeTable } from "./table";
import { useKeysText, useRefusal } from "./words";

const DAY = 86_400_000;

export function Create({ workspace, open, onClose, onGiven }: { workspace: string; open: boolean; onClose: () => void; onGiven: (given: Given) => void }) {
  const { form: text } = useKeysText();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (open) form.current?.querySelector("input")?.focus();
  }, [open]);
  return (
    <Dialog open={open} onClose={onClose} title={text.title} wide>
      <Form workspace={workspace} form={form} onClose={onClose} onGiven={onGiven} />
    </Dialog>
  );
}

function Form({ workspace, form, onClose, onGiven }: {
  workspace: string;
  form: RefObject<HTMLFormElement | null>;
  onClose: () => void;
  onGiven: (given: Given) => void;
}) {
  const t = useText();
  const { form: text } = useKeysText();
  const why = useAccess(workspace)("manage_keys");
  const [draft, setDraft] = useState<Draft>(fresh);
  const [isChecked, setChecked] = useState(false);
  const create = useSend(
    (body: NewApiKey, key) => createKey(workspace, body, key),
    (key) => onGiven({ key, isNew: true }),
  );
  const error = useRefusal(workspace, create.error);
  const fields = isFailure(error) ? error.fields : {};
  const set = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    if (create.error && !create.busy) create.reset();
  };
  const wrong = isChecked ? wrongIn(draft) : {};
  const submit = () => {
    setChecked(true);
    if (Object.keys(wrongIn(draft)).length === 0) return create.run(bodyOf(draft));
    // The first field that is wrong is the one to go on at.
    setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true], fieldset[aria-describedby$=error] input")?.focus());
  };
  return (
    <form
      ref={form}
      className="grid grid-cols-1 gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !create.busy) submit();
      }}
    >
      <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_15rem]">
        <Field
          label={text.name}
          hint={text.nameHint}
          error={wrong.name ? text.noName : errorsOf(fields, "name")}
          autoComplete="off"
          required
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
        <Expiry workspace={workspace} days={draft.days} error={wrong.days ? text.wrongDays : errorsOf(fields, "expires_in_days")} onChange={(days) => set({ days })} />
      </div>
      <ScopeTable
        lead={text.separate}
        scopes={draft.scopes}
        why={(scope) => (draft.service && needsMaker(scope) ? text.noInbox : undefined)}
        error={wrong.scopes ? text.noScopes : errorsOf(fields, "scopes")}
        onChange={(scopes) => set({ scopes })}
      >
        <Presets draft={draft} set={set} />
      </ScopeTable>
      <Limits workspace={workspace} draft={draft} wrong={wrong} fields={fields} set={set} />
      {error ? <LimitReached workspace={workspace} error={error} retry={isFailure(error) && error.passes ? submit : undefined} /> : null}
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button type="submit" look="primary" why={why} busy={create.busy}>
          {text.submit}
        </Button>
      </DialogActions>
    </form>
  );
}

type Set = (part: Partial<Draft>) => void;

function Presets({ draft, set }: { draft: Draft; set: Set }) {
  const { form: text } = useKeysText();
  const chosen = presetOf(draft.scopes, draft.service);
  return (
    <div role="group" aria-label={text.presets} className="flex flex-wrap gap-1.5">
      {PRESETS.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          onClick={() => set({ scopes: preset(name, draft.service) })}
          className="min-h-8 rounded-full border border-control/60 px-3 text-sm hover:bg-sunken aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
        >
          {text.preset[name]}
        </button>
      ))}
    </div>
  );
}

function Expiry({ workspace, days, error, onChange }: { workspace: string; days: string; error: string | undefined; onChange: (days: string) => void }) {
  const { form: text } = useKeysText();
  const { data: head } = useQuery(workspaceQuery(workspace));
  const [isOther, setOther] = useState(false);
  const count = whole(days);
  const isKnown = count !== undefined && count >= 1 && count <= MOST_DAYS;
  const hint = isKnown ? text.until(day(new Date(now() + count * DAY).toISOString(), head?.timezone ?? "UTC")) : undefined;
  return (
    <div className="grid content-start gap-2">
      <Select
        label={text.expiry}
        hint={isOther ? undefined : hint}
        value={isOther ? "other" : days}
        onChange={({ target }) => {
          setOther(target.value === "other");
          if (target.value !== "other") onChange(target.value);
        }}
      >
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {text.days(one)}
          </option>
        ))}
        <option value="other">{text.other}</option>
      </Select>
      {isOther && <Field label={text.otherDays} hint={hint} error={error} inputMode="numeric" autoComplete="off" value={days} onChange={({ target }) => onChange(target.value)} />}
    </div>
  );
}

function Limits({ workspace, draft, wrong, fields, set }: { workspace: string; draft: Draft; wrong: ReturnType<typeof wrongIn>; fields: Record<string, string>; set: Set }) {
  const t = useText();
  const { form: text } = useKeysText();
  const role = useRole(workspace);
  const networks = wrong.networks !== undefined ? text.manyNetworks(wrong.networks) : errorsOf(fields, "networks");
  const budgets = wrong.budgets !== undefined || errorsOf(fields, "budgets") !== undefined;
  const [isOpen, setOpen] = useState(false);
  const service = (isOn: boolean) => set({ service: isOn, ...(isOn && { scopes: new Set([...draft.scopes].filter((scope) => !needsMaker(scope))) }) });
  return (
    <details open={isOpen || networks !== undefined || budgets} onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className="group rounded-lg border border-line">
      <summary className="flex min-h-11 list-none items-center gap-2 rounded-lg px-4 font-medium hover:bg-sunken">
        <svg viewBox="0 0 12 12" className="size-3 text-soft transition-transform group-open:rotate-90 rtl:-scale-x-100" aria-hidden="true">
          <path d="m4.5 2.5 3.5 3.5-3.5 3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        {text.limits}
      </summary>
      <div className="grid grid-cols-1 gap-5 border-t border-line p-4">
        <Area label={text.networks} hint={text.networksHint} error={networks} autoComplete="off" autoCapitalize="none" spellCheck={false} value={draft.networks} onChange={({ target }) => set({ networks: target.value })} />
        <Budgets draft={draft} wrong={wrong.budgets ?? []} fields={fields} set={set} />
        <Switch label={text.service} hint={text.serviceHint} on={draft.service} why={role === undefined || role === "owner" ? undefined : t.team.rank(t.roles.owner)} onChange={service} />
      </div>
    </details>
  );
}

function Budgets({ draft, wrong, fields, set }: { draft: Draft; wrong: readonly string[]; fields: Record<string, string>; set: Set }) {
  const { form: text } = useKeysText();
  const consumed = useCatalogue().meters.filter((meter) => meter.consumed);
  const isOff = !draft.scopes.has("usage:write");
  if (consumed.length === 0) return null;
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-3">
      <legend className="mb-1 text-sm font-medium">{text.budgets}</legend>
      <p className="text-sm text-soft">{isOff ? text.budgetsFor : text.budgetsLead}</p>
      {!isOff && (
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {consumed.map(({ meter, title }) => (
            <Field
              key={meter}
              label={title}
              inputMode="numeric"
              autoComplete="off"
              error={wrong.includes(meter) ? text.wrongBudget : errorsOf(fields, `budgets.${meter}`)}
              value={draft.budgets[meter] ?? ""}
              onChange={({ target }) => set({ budgets: { ...draft.budgets, [meter]: target.value } })}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
