// What a workspace sends its events to: one integration of each type, and how each is.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Integration } from "../api/integrations/integrations";
import { workspaceQuery } from "../api/queries/workspaces";
import { Empty } from "../kit/empty";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { isSetUp } from "./integrations/health";
import { IntegrationCard } from "./integrations/list/card";
import { Limit } from "./integrations/list/limit";
import { useListText } from "./integrations/list/words";
import { Paused } from "./integrations/paused";
import { useIntegrations } from "./integrations/watch";
import { useIntegrationsText } from "./integrations/words";

export function Integrations() {
  const text = useIntegrationsText();
  const listed = useListText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/integrations" });
  const { query, paused, update } = useIntegrations(ws);
  const { data: all, error, refetch } = query;
  return (
    <Page title={text.title} lead={listed.lead}>
      {all && <Limit workspace={ws} used={all.filter(({ is_enabled }) => is_enabled).length} />}
      {error && <Problem error={error} retry={() => void refetch()} />}
      {all && <Lists workspace={ws} all={all} />}
      {all && paused && <Paused onUpdate={update} />}
      {!all && !error && (
        <>
          <Skeleton className="h-23.5 rounded-xl" />
          <Skeleton className="h-152 rounded-xl" />
        </>
      )}
    </Page>
  );
}

function Lists({ workspace, all }: { workspace: string; all: Integration[] }) {
  const text = useListText();
  const { data: head } = useQuery(workspaceQuery(workspace));
  const inUse = all.filter(isSetUp);
  const others = all.filter((one) => !isSetUp(one));
  const cards = (some: Integration[]) => (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {some.map((one) => (
        <IntegrationCard key={one.integration_type} workspace={workspace} integration={one} zone={head?.timezone ?? "UTC"} />
      ))}
    </ul>
  );
  return (
    <>
      <section aria-labelledby="in-use" className="grid gap-3">
        <h2 id="in-use" className="text-lg font-semibold">
          {text.inUse}
        </h2>
        {inUse.length > 0 ? cards(inUse) : <Empty title={text.noneInUse}>{text.noneInUseLead}</Empty>}
      </section>
      {others.length > 0 && (
        <section aria-labelledby="available" className="grid gap-3">
          <h2 id="available" className="text-lg font-semibold">
            {text.available}
          </h2>
          {cards(others)}
        </section>
      )}
    </>
  );
}
