// A workspace's name, description and time zone, its id, and the ways out of it.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { workspaceQuery } from "../api/queries/workspaces";
import { Card } from "../kit/card";
import { Copy } from "../kit/copy";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { Danger } from "./general/danger";
import { Head } from "./general/head";
import { useGeneralText } from "./general/words";

export function General() {
  const text = useGeneralText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/" });
  const { data, error, refetch } = useQuery(workspaceQuery(ws));
  return (
    <Page title={text.title} lead={text.lead}>
      {!data && !error && (
        <>
          <Skeleton className="h-112 rounded-xl" />
          <Skeleton className="h-24 rounded-xl" />
          <Skeleton className="h-92 rounded-xl" />
        </>
      )}
      {!data && error && <Problem error={error} retry={() => void refetch()} />}
      {data && (
        <>
          <Card title={text.about}>
            <Head key={ws} workspace={ws} head={data} />
          </Card>
          <Card title={text.id} lead={text.idHint}>
            <div className="flex flex-wrap items-center gap-2">
              <code className="rounded-lg bg-sunken px-3 py-1.5 font-mono text-sm break-all">{ws}</code>
              <Copy value={ws} label={text.id} />
            </div>
          </Card>
          <Danger key={`danger-${ws}`} workspace={ws} head={data} />
        </>
      )}
    </Page>
  );
}
