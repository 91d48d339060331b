// The settings of an integration, as its type has them. What is entered is compared with the version that it began from, until that is
// saved or given up.

import { useEffect, useId, useRef, useState } from "react";
import { isFailure } from "../../../api/failure";
import { bounds } from "../../../api/integrations/forms";
import { readIntegration, setUp, type Integration } from "../../../api/integrations/integrations";
import { useSend } from "../../../api/send";
import { Button } from "../../../kit/button";
import { Card } from "../../../kit/card";
import { Conflict } from "../../../kit/conflict";
import { LimitReached } from "../../../kit/limit";
import { toast } from "../../../kit/toasts";
import { useAccess } from "../../../shell/access";
import { useEditText } from "../../../kit/edit";
import { useText } from "../../../text";
import { useIntegrationsText } from "../words";
import { Control, excess } from "./control";
import { differences } from "./differences";
import { bodyOf, changed, draftOf, merged, settingsOf, signs, type Draft, type Part, type Secret, type SettingName } from "./draft";
import { Events } from "./events";
import { Made } from "./made";
import { SecretField } from "./secret";

interface Order {
  base: Integration;
  mine: Draft;
  secret: Secret;
}

export function Form({ workspace, integration, onDirty }: { workspace: string; integration: Integration; onDirty: (isDirty: boolean) => void }) {
  const t = useText();
  const edit = useEditText();
  const text = useIntegrationsText();
  const type = integration.integration_type;
  const why = useAccess(workspace)("manage_integrations");
  const reason = useId();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(integration);
  const [mine, setMine] = useState(() => draftOf(integration));
  const [secret, setSecret] = useState<Secret>(() => untouched(integration));
  const [theirs, setTheirs] = useState<Integration>();
  const [made, setMade] = useState<string>();
  const start = (version: Integration) => {
    setBase(version);
    setMine(draftOf(version));
    setSecret(untouched(version));
    setTheirs(undefined);
  };
  const parts = changed(type, draftOf(base), mine);
  const hasSecret = secret.kind === "made" || (secret.kind === "given" && secret.text.trim() !== "");
  const isDirty = parts.length > 0 || secret.kind !== untouched(base).kind || (secret.kind === "given" && secret.text !== "");
  useEffect(() => {
    if (!isDirty) start(integration);
  }, [integration]);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  /** Where the focus goes when its button is gone. */
  const focus = () => form.current?.querySelector("input")?.focus();
  const { run, busy, error, reset } = useSend(
    async ({ base, mine, secret }: Order) => {
      const save = ({ version }: Integration) => setUp(workspace, type, version, bodyOf(type, draftOf(base), mine, secret, base.config_data == null));
      try {
        return await save(base);
      } catch (error) {
        if (!isFailure(error) || error.status !== 412) throw error;
        const now = await readIntegration(workspace, type);
        const isSame = (draft: Draft) => changed(type, draft, draftOf(now)).length === 0;
        // The answer to an earlier attempt was lost.
        if (secret.kind === "kept" && isSame(mine)) return { integration: now, secret: undefined };
        // It was disabled or enabled, which is no setting.
        if (isSame(draftOf(base)) && (secret.kind === "kept" || now.secret_hint === base.secret_hint)) return await save(now);
        return { theirs: now };
      }
    },
    (answer) => {
      if ("theirs" in answer) return setTheirs(answer.theirs);
      start(answer.integration);
      setMade(answer.secret);
      toast(text.form.saved(text.brands[type]));
    },
  );
  const order = { base, mine, secret };
  const fields = isFailure(error) ? error.fields : {};
  const settings = settingsOf(type);
  const lengths = [[mine.name, bounds.name] as const, ...settings.map(({ name, maxLength }) => [mine.config[name] ?? "", maxLength] as const)];
  const isTooLong = lengths.some(([value, most]) => excess(value, most) > 0);
  const lacksSecret = !base.has_secret && !hasSecret;
  const stop = why ?? (isTooLong ? text.form.shorten : lacksSecret ? text.form.secretFirst : isDirty || !base.has_secret ? undefined : edit.nothing);
  const retry = isFailure(error) && (error.passes || error.code === "integration_changed") ? () => run(order) : undefined;
  const useMine = (version: Integration) => {
    const draft = merged(type, draftOf(base), mine, draftOf(version));
    setBase(version);
    setMine(draft);
    setTheirs(undefined);
    focus();
    run({ base: version, mine: draft, secret });
  };
  const takeTheirs = (version: Integration) => {
    start(version);
    reset();
    focus();
  };
  const labelOf = (part: Part) => (part === "name" ? text.form.name : part === "events" ? text.events.title : text.form.settings[part].label);
  const hintOf = (name: SettingName) => {
    const { hint, moves }: { hint: string; moves?: string } = text.form.settings[name];
    return base.has_secret && moves ? `${hint} ${moves}` : hint;
  };
  const differing = (version: Integration) => differences({ type, base, mine, hasSecret, theirs: version }, text, labelOf);
  const locked = why ? reason : undefined;
  return (
    <Card title={text.form.title}>
      <form
        ref={form}
        noValidate
        className="grid grid-cols-1 gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (!stop && !theirs) run(order);
        }}
      >
        {why && (
          <p id={reason} className="text-sm text-soft">
            {why}
          </p>
        )}
        <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-2">
          <div className="grid grid-cols-1 content-start gap-5">
            <Control setting={{ name: "name", required: false, maxLength: bounds.name }} label={text.form.name} value={mine.name} error={fields["name"]} locked={locked} onChange={(name) => setMine({ ...mine, name })} />
            {settings.map((setting) => (
              <Control
                key={setting.name}
                setting={setting}
                label={labelOf(setting.name)}
                hint={hintOf(setting.name)}
                value={mine.config[setting.name] ?? ""}
                error={fields[`config.${setting.name}`]}
                locked={locked}
                onChange={(value) => setMine({ ...mine, config: { ...mine.config, [setting.name]: value } })}
              />
            ))}
            <SecretField type={type} stored={base.has_secret ? (base.secret_hint ?? "") : undefined} secret={secret} canMake={signs(type)} why={why} error={fields["secret"] ?? fields["generate_secret"]} onChange={setSecret} />
          </div>
          <Events type={type} selected={mine.events} error={fields["events"]} locked={locked} onChange={(events) => setMine({ ...mine, events })} />
        </div>
        {error && <LimitReached workspace={workspace} error={error} retry={retry} />}
        {theirs && <Conflict title={text.form.conflict} fields={differing(theirs)} busy={busy} onMine={() => useMine(theirs)} onTheirs={() => takeTheirs(theirs)} />}
        {!theirs && (
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" look="primary" busy={busy} why={stop}>
              {base.has_secret ? t.common.save : text.form.create}
            </Button>
            {isDirty && (
              <>
                <Button look="quiet" onClick={() => takeTheirs(integration)}>
                  {edit.discard}
                </Button>
                <span className="text-sm text-soft">{edit.unsaved}</span>
              </>
            )}
          </div>
        )}
      </form>
      <Made key={made} secret={made} onDone={() => setMade(undefined)} />
    </Card>
  );
}

/** The secret that the form begins with: a stored one is kept, and one that signs is made. */
function untouched({ has_secret, integration_type }: Integration): Secret {
  if (has_secret) return { kind: "kept" };
  return signs(integration_type) ? { kind: "made" } : { kind: "given", text: "" };
}
