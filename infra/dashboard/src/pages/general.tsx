// A workspace's name, description and time zone, its id, and the ways out of it.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { workspaceQuery } from "../api/queries/workspaces";
import { Card } from "../kit/card";
import { Copy } from "../kit/copy";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { useText } from "../text";
import { Danger } from "./general/danger";
import { Head } from "./general/head";

export function General() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/" });
  const { data, error, refetch } = useQuery(workspaceQuery(ws));
  return (
    <Page title={t.general.title} lead={t.general.lead}>
      {!data && !error && (
        <>
          <Skeleton className="h-112 rounded-xl" />
          <Skeleton className="h-24 rounded-xl" />
          <Skeleton className="h-72 rounded-xl" />
        </>
      )}
      {!data && error && <Problem error={error} retry={() => void refetch()} />}
      {data && (
        <>
          <Card title={t.general.about}>
            <Head key={ws} workspace={ws} head={data} />
          </Card>
          <Card title={t.general.id} lead={t.general.idHint}>
            <div className="flex flex-wrap items-center gap-2">
              <code className="rounded-lg bg-sunken px-3 py-1.5 font-mono text-sm break-all">{ws}</code>
              <Copy value={ws} label={t.general.id} />
            </div>
          </Card>
          <Danger key={`danger-${ws}`} workspace={ws} head={data} />
        </>
      )}
    </Page>
  );
}
