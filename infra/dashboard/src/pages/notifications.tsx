// What a member wants to be notified of in a workspace.

import { useMutation, useMutationState, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { isFailure } from "../api/failure";
import { useKeys } from "../api/keys";
import type { NotificationType } from "../api/notifications/counts";
import { preferencesQuery, setPreference, type Preference } from "../api/notifications/preferences";
import { of } from "../api/query";
import { Card } from "../kit/card";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Switch } from "../kit/switch";
import { useAccess } from "../shell/access";
import { Page } from "../shell/page";
import { useText } from "../text";

export function Notifications() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/notifications" });
  const { data, error, refetch } = useQuery(preferencesQuery(ws));
  return (
    <Page title={t.notifications.settings.title} lead={t.notifications.settings.lead}>
      {!data && !error && <Skeleton className="h-136 rounded-xl" />}
      {!data && error && <Problem error={error} retry={() => void refetch()} />}
      {data && (
        <Card title={t.notifications.settings.card} lead={t.notifications.settings.cardLead}>
          <ul className="-my-4 max-w-2xl divide-y divide-line">
            {data.types.map((preference) => (
              <li key={preference.type} className="py-4">
                <Choice key={ws} workspace={ws} preference={preference} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}

/** A switch for one type. It shows what is wanted at once, and what is stored if that fails. */
function Choice({ workspace, preference: { type, in_app, locked } }: { workspace: string; preference: Preference }) {
  const t = useText();
  const keys = useKeys();
  const forbidden = useAccess(workspace)("update_notifications");
  const { name, lead } = t.notifications.types[type] ?? { name: type, lead: undefined };
  const mutationKey = of(workspace, "notifications", "preference", type);
  const { mutate, variables, error, isError } = useMutation({
    mutationKey,
    // Each answer is the whole state: they are sent one after the other.
    scope: { id: `preferences ${workspace}` },
    mutationFn: (wanted: boolean) => setPreference(workspace, type, wanted, keys.of(nameOf(type, wanted))),
    onSettled: (_, error, wanted) => {
      if (!isFailure(error) || !error.passes) keys.done(nameOf(type, wanted));
    },
  });
  const pending = useMutationState({ filters: { mutationKey, status: "pending" }, select: ({ state }) => state.variables as boolean });
  const on = pending.at(-1) ?? in_app;
  const { failedOn, failedOff } = t.notifications.settings;
  return (
    <div className="grid gap-3">
      <Switch label={name} hint={lead} on={on} why={locked ? t.notifications.settings.locked : forbidden} onChange={mutate} />
      {isError && pending.length === 0 && <Problem error={error} title={(variables ? failedOn : failedOff)(name)} retry={() => mutate(variables)} />}
    </div>
  );
}

function nameOf(type: NotificationType, wanted: boolean): string {
  return `${type} ${wanted}`;
}
