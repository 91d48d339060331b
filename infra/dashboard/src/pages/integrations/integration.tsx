// One integration: how it is, its settings, and what was delivered.

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { Integration } from "../../api/integrations/integrations";
import { workspaceQuery } from "../../api/queries/workspaces";
import { buttonClass } from "../../kit/button";
import { Empty } from "../../kit/empty";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Page } from "../../shell/page";
import { Form } from "./form/form";
import { healthOf } from "./health";
import { Paused } from "./paused";
import { Standing } from "./standing";
import { useIntegrations } from "./watch";
import { useIntegrationsText } from "./words";

// Below what is seen at first.
const Below = lazy(async () => ({ default: (await import("./below")).Below }));

export function OneIntegration() {
  const text = useIntegrationsText();
  const { ws, type } = useParams({ from: "/inside/w/$ws/settings/integrations/$type" });
  const { query, paused, update } = useIntegrations(ws);
  const head = useQuery(workspaceQuery(ws));
  const integration = query.data?.find(({ integration_type }) => integration_type === type);
  const known = Object.entries(text.brands).find(([name]) => name === type);
  const failed = [query, head].find(({ error, data }) => error && !data);
  const isMissing = query.data ? !integration : !known;
  const brand = known?.[1] ?? text.title;
  return (
    <div className="grid grid-cols-1 gap-3">
      <Link to="/w/$ws/settings/integrations" params={{ ws }} className="-my-1 inline-flex min-h-8 items-center gap-1.5 justify-self-start rounded-lg text-sm text-soft hover:text-ink">
        <svg viewBox="0 0 12 12" className="size-3 rtl:rotate-180" aria-hidden="true">
          <path d="M7.5 2.5 4 6l3.5 3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        {text.back}
      </Link>
      <Page title={isMissing ? text.noneHere : brand} lead={integration && text.about[integration.integration_type]}>
        {isMissing && (
          <Empty
            title={text.noneHereLead}
            action={
              <Link to="/w/$ws/settings/integrations" params={{ ws }} className={buttonClass("primary")}>
                {text.back}
              </Link>
            }
          />
        )}
        {!isMissing && failed && <Problem error={failed.error} retry={() => void Promise.all([query.refetch(), head.refetch()])} />}
        {!isMissing && !failed && !(integration && head.data) && (
          <>
            <Skeleton className="h-40 rounded-xl" />
            <Skeleton className="h-140 rounded-xl" />
          </>
        )}
        {integration && head.data && (
          <>
            {query.error && <Problem error={query.error} retry={() => void query.refetch()} />}
            <Parts key={`${ws} ${type}`} workspace={ws} integration={integration} zone={head.data.timezone} paused={paused} />
            {paused && <Paused onUpdate={update} />}
          </>
        )}
      </Page>
    </div>
  );
}

function Parts({ workspace, integration, zone, paused }: {
  workspace: string;
  integration: Integration;
  zone: string;
  paused: boolean;
}) {
  const [isDirty, setDirty] = useState(false);
  const health = healthOf(integration);
  return (
    <>
      {health !== "unset" && <Standing workspace={workspace} integration={integration} zone={zone} isDirty={isDirty} />}
      <Form workspace={workspace} integration={integration} onDirty={setDirty} />
      {health !== "unset" && (
        <Suspense fallback={<Skeleton className="h-96 rounded-xl" />}>
          <Below workspace={workspace} integration={integration} zone={zone} paused={paused} />
        </Suspense>
      )}
    </>
  );
}
