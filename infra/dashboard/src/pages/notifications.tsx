// What a member wants to be notified of in a workspace, and when it is mailed.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { preferencesQuery } from "../api/notifications/preferences";
import { Card } from "../kit/card";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { useText } from "../text";
import { Choice } from "./notifications/choice";
import { Quiet } from "./notifications/quiet";

export function Notifications() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/notifications" });
  const { data, error, refetch } = useQuery(preferencesQuery(ws));
  const text = t.notifications.settings;
  return (
    <Page title={text.title} lead={text.lead}>
      {!data && !error && <Skeleton className="h-176 rounded-xl" />}
      {!data && error && <Problem error={error} retry={() => void refetch()} />}
      {data && (
        <>
          <Card title={text.card} lead={text.cardLead}>
            <ul className="-my-4 max-w-2xl divide-y divide-line">
              {data.types.map((preference) => (
                <li key={preference.type} className="py-4">
                  <Choice key={ws} workspace={ws} preference={preference} />
                </li>
              ))}
            </ul>
          </Card>
          <Card title={text.mailCard} lead={text.mailLead}>
            <Quiet key={ws} workspace={ws} hours={data.quiet_hours ?? undefined} zone={data.timezone} />
          </Card>
        </>
      )}
    </Page>
  );
}
