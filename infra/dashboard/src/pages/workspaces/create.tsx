import { useCatalogue } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { isFailure } from "../../api/failure";
import { createWorkspace, workspacesQuery } from "../../api/queries/workspaces";
import { useSend } from "../../api/send";
import { Button, buttonClass } from "../../kit/button";
import { DialogActions } from "../../kit/dialog";
import { Field } from "../../kit/field";
import { LimitReached } from "../../kit/limit";
import { toast } from "../../kit/toasts";
import { ownZone, ZoneField } from "../../shell/zone";
import { useText } from "../../text";
import { isolated } from "../../text/format";

/** The form of a new workspace; leads into it. */
export function Create({ onCancel }: { onCancel?: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [zone, setZone] = useState(ownZone);
  const { run, busy, error } = useSend(
    (wanted: { name: string; zone: string }, key) => createWorkspace(wanted.name, wanted.zone, key),
    async ({ id, name }) => {
      toast(t.workspaces.created(isolated(name)));
      await navigate({ to: "/w/$ws", params: { ws: id } });
    },
  );
  const fields = isFailure(error) ? error.fields : {};
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        run({ name: name.trim(), zone });
      }}
    >
      <Field label={t.workspaces.name} name="name" required maxLength={100} autoComplete="off" placeholder={t.workspaces.namePlaceholder} autoFocus={Boolean(onCancel)} value={name} error={fields["name"]} onChange={(event) => setName(event.target.value)} />
      <ZoneField label={t.workspaces.zone} hint={t.workspaces.zoneHint} unknown={t.workspaces.zoneUnknown} value={zone} onChange={setZone} error={fields["timezone"]} />
      {error && <LimitReached error={error} />}
      {isFailure(error) && error.code === "free_workspace_limit_reached" && <Free />}
      <DialogActions>
        {onCancel && <Button onClick={onCancel}>{t.common.cancel}</Button>}
        <Button type="submit" look="primary" busy={busy} className={onCancel ? undefined : "w-full"}>
          {t.workspaces.submit}
        </Button>
      </DialogActions>
    </form>
  );
}

/** The free workspaces of which the person is an owner: one of them has to make room. */
function Free() {
  const t = useText();
  const catalogue = useCatalogue();
  const { data } = useQuery(workspacesQuery);
  const free = data?.workspaces.filter(({ plan, role }) => catalogue.isFree(plan) && role === "owner") ?? [];
  if (free.length === 0) return null;
  return (
    <div className="grid gap-2">
      <p className="text-sm text-soft">{t.workspaces.free}</p>
      <ul className="grid grid-cols-1 gap-2">
        {free.map(({ id, name }) => (
          <li key={id} className="flex items-center justify-between gap-3 rounded-lg bg-sunken py-1.5 ps-3 pe-1.5">
            <bdi className="min-w-0 truncate">{name}</bdi>
            <Link to="/w/$ws/settings/billing" params={{ ws: id }} className={buttonClass("plain", true)} aria-label={t.workspaces.upgrade(isolated(name))}>
              {t.workspaces.upgradeThis}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
