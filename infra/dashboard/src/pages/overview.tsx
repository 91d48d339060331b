// A workspace at a glance: what to do first, its container, what is near a limit, and what happened last.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { overviewQuery } from "../api/queries/overview";
import { workspaceQuery } from "../api/queries/workspaces";
import { Skeleton } from "../kit/skeleton";
import { Page } from "../shell/page";
import { useText } from "../text";
import { Recent } from "./overview/activity";
import { Checklist } from "./overview/checklist";
import { Container } from "./overview/container";
import { NearLimits } from "./overview/limits";

export function Overview() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/" });
  const { data: head } = useQuery(workspaceQuery(ws));
  const { isPending } = useQuery(overviewQuery(ws));
  const zone = head?.timezone ?? "UTC";
  return (
    <Page title={t.shell.overview} lead={head ? <bdi className="[overflow-wrap:anywhere]">{head.name}</bdi> : " "}>
      {isPending ? (
        <>
          <Skeleton className="h-44 rounded-xl" />
          <div className="grid items-start gap-6 lg:grid-cols-3">
            <Skeleton className="h-72 rounded-xl lg:col-span-2" />
            <Skeleton className="h-40 rounded-xl" />
          </div>
          <Skeleton className="h-80 rounded-xl" />
        </>
      ) : (
        <>
          <Checklist key={`checklist-${ws}`} workspace={ws} />
          <div className="grid items-start gap-6 lg:grid-cols-3">
            <Container key={`container-${ws}`} workspace={ws} zone={zone} />
            <NearLimits workspace={ws} zone={zone} />
          </div>
          <Recent workspace={ws} zone={zone} />
        </>
      )}
    </Page>
  );
}
