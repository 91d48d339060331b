// The hours of each day in which a member gets no e-mail that can wait.

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePreference, type QuietHours } from "../../api/notifications/preferences";
import { isFailure } from "../../api/failure";
import { Button } from "../../kit/button";
import { Field } from "../../kit/field";
import { Problem } from "../../kit/problem";
import { Switch } from "../../kit/switch";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";

const NIGHT: QuietHours = { from: "22:00", to: "07:00" };

export function Quiet({ workspace, hours, zone }: { workspace: string; hours: QuietHours | undefined; zone: string }) {
  const t = useText();
  const text = t.notifications.settings.quiet;
  const forbidden = useAccess(workspace)("update_notifications");
  const { change, pending, refused } = usePreference<QuietHours | null>(workspace, "quiet hours", (wanted) => ({ quiet_hours: wanted }));
  const stored = pending ? (pending.wanted ?? undefined) : hours;
  return (
    <div className="grid max-w-2xl gap-4">
      <Switch
        label={text.title}
        hint={
          <>
            {text.lead(zone)}{" "}
            <Link to="/account" className="rounded text-accent underline underline-offset-4">
              {text.changeZone}
            </Link>
          </>
        }
        on={stored !== undefined}
        why={forbidden}
        onChange={(on) => change(on ? NIGHT : null)}
      />
      {stored && <Hours key={`${stored.from} ${stored.to}`} stored={stored} busy={pending !== undefined} forbidden={forbidden} save={change} />}
      {refused && <Problem error={refused.error} title={text.failed} retry={isFailure(refused.error) && refused.error.passes ? refused.retry : undefined} />}
    </div>
  );
}

function Hours({ stored, busy, forbidden, save }: { stored: QuietHours; busy: boolean; forbidden: string | undefined; save: (hours: QuietHours) => void }) {
  const t = useText();
  const text = t.notifications.settings.quiet;
  const [{ from, to }, set] = useState(stored);
  const why = forbidden ?? (!from || !to ? text.both : from === to ? text.different : from === stored.from && to === stored.to ? text.nothing : undefined);
  return (
    <form
      noValidate
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !busy) save({ from, to });
      }}
    >
      <Field type="time" label={text.from} className="max-w-36" value={from} readOnly={forbidden !== undefined} onChange={({ target }) => set({ from: target.value, to })} />
      <Field type="time" label={text.to} className="max-w-36" value={to} readOnly={forbidden !== undefined} onChange={({ target }) => set({ from, to: target.value })} />
      <Button type="submit" busy={busy} why={why}>
        {t.common.save}
      </Button>
    </form>
  );
}
