import { useEffect, useRef, useState } from "react";
import { isFailure } from "../../api/failure";
import { updateWorkspace } from "../../api/queries/general";
import { workspaceQuery } from "../../api/queries/workspaces";
import { queries } from "../../api/query";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Conflict, type Differing } from "../../kit/conflict";
import { useEditText } from "../../kit/edit";
import { Area, Field } from "../../kit/field";
import { Problem } from "../../kit/problem";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { ZoneField } from "../../shell/zone";
import { useText } from "../../text";
import { changesOf, draftOf, FIELDS, merged, type Draft } from "./changes";
import { useGeneralText } from "./words";

interface Version {
  etag: string;
  name: string;
  description?: string | null;
  timezone: string;
}

const MAX = 500;

/** The form. What is typed is compared with the version that it began from, until that is saved or given up. */
export function Head({ workspace, head }: { workspace: string; head: Version }) {
  const t = useText();
  const text = useGeneralText();
  const edit = useEditText();
  const why = useAccess(workspace)("update_workspace");
  const [base, setBase] = useState(head);
  const [mine, setMine] = useState(() => draftOf(head));
  const [theirs, setTheirs] = useState<Version>();
  const form = useRef<HTMLFormElement>(null);
  const changes = changesOf(draftOf(base), mine);
  const dirty = Object.keys(changes).length > 0;
  /** Where the focus goes when its button is gone. */
  const focus = () => form.current?.querySelector("input")?.focus();
  const start = (version: Version, draft: Draft = draftOf(version)) => {
    setBase(version);
    setMine(draft);
    setTheirs(undefined);
  };
  useEffect(() => {
    if (!dirty) start(head);
  }, [head]);
  const { run, busy, error, reset } = useSend(
    async ({ etag, changes }: { etag: string; changes: Partial<Draft> }) => {
      try {
        return await updateWorkspace(workspace, etag, changes);
      } catch (error) {
        if (isFailure(error) && error.status === 412) {
          const fresh = await queries.fetchQuery({ ...workspaceQuery(workspace), staleTime: 0 });
          setTheirs(fresh);
          return undefined;
        }
        throw error;
      }
    },
    (saved) => {
      if (!saved) return;
      start(saved);
      toast(text.saved);
    },
  );
  const fields = isFailure(error) ? error.fields : {};
  const set = (field: keyof Draft) => (value: string) => setMine({ ...mine, [field]: value });
  const useMine = (version: Version) => {
    const draft = merged(draftOf(base), mine, draftOf(version));
    setBase(version);
    setMine(draft);
    setTheirs(undefined);
    focus();
    run({ etag: version.etag, changes: changesOf(draftOf(version), draft) });
  };
  const labels = { name: text.name, description: text.description, timezone: t.workspaces.zone };
  const differing = (theirs: Draft): Differing[] =>
    FIELDS.filter((field) => field in changes || theirs[field] !== draftOf(base)[field]).map((field) => ({ label: labels[field], theirs: theirs[field], mine: changes[field] }));
  const takeTheirs = (version: Version) => {
    start(version);
    reset();
    focus();
  };
  return (
    <form
      ref={form}
      noValidate
      className="grid max-w-2xl gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty && !theirs) run({ etag: base.etag, changes });
      }}
    >
      <Field label={text.name} name="name" maxLength={100} required readOnly={Boolean(why)} hint={why} value={mine.name} error={fields["name"]} onChange={(event) => set("name")(event.target.value)} />
      <Area label={text.description} name="description" maxLength={MAX} readOnly={Boolean(why)} hint={mine.description.length > MAX * 0.8 ? edit.left(MAX - mine.description.length) : text.descriptionHint} value={mine.description} error={fields["description"]} onChange={(event) => set("description")(event.target.value)} />
      <ZoneField label={t.workspaces.zone} hint={t.workspaces.zoneHint} unknown={t.workspaces.zoneUnknown} readOnly={Boolean(why)} value={mine.timezone} onChange={set("timezone")} error={fields["timezone"]} />
      {error && <Problem error={error} retry={isFailure(error) && (error.passes || error.status === 409) ? () => run({ etag: base.etag, changes }) : undefined} />}
      {theirs && <Conflict title={text.conflict} fields={differing(draftOf(theirs))} busy={busy} onMine={() => useMine(theirs)} onTheirs={() => takeTheirs(theirs)} />}
      {!theirs && (
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" busy={busy} why={why ?? (dirty ? undefined : edit.nothing)}>
            {t.common.save}
          </Button>
          {dirty && (
            <>
              <Button
                look="quiet"
                onClick={() => {
                  start(head);
                  reset();
                  focus();
                }}
              >
                {edit.discard}
              </Button>
              <span className="text-sm text-soft">{edit.unsaved}</span>
            </>
          )}
        </div>
      )}
    </form>
  );
}
