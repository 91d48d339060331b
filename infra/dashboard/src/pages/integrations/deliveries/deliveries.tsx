// What was delivered to an integration, and what was not: newest first, kept up to date, and sent again on request.

import { useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { now } from "../../../api/client";
import { isFailure } from "../../../api/failure";
import { deliveriesQuery, renewalQuery } from "../../../api/integrations/deliveries";
import type { Integration } from "../../../api/integrations/integrations";
import { pace, type Deliveries as List } from "../../../api/integrations/pages";
import { Empty } from "../../../kit/empty";
import { AskOwner } from "../../../kit/limit";
import { More } from "../../../kit/more";
import { Problem } from "../../../kit/problem";
import { Skeleton } from "../../../kit/skeleton";
import { useAccess, useAllowed } from "../../../shell/access";
import { Table } from "./table";
import { useDeliveriesText } from "./words";

interface Props {
  workspace: string;
  integration: Integration;
  zone: string;
  paused: boolean;
}

export function Deliveries(props: Props) {
  const { workspace, integration, zone } = props;
  const text = useDeliveriesText();
  const forbidden = useAccess(workspace)("read_deliveries");
  const isAllowed = useAllowed(workspace, "read_deliveries");
  const query = useInfiniteQuery({ ...deliveriesQuery(workspace, integration.integration_type), enabled: isAllowed });
  const { data, error } = query;
  const hidden = forbidden ?? (isFailure(error) && error.code === "role_required" ? error.sentence : undefined);
  return (
    <section aria-labelledby="deliveries" className="grid grid-cols-1 gap-3">
      <div>
        <h2 id="deliveries" className="text-lg font-semibold">
          {text.title}
        </h2>
        {!hidden && <p className="text-sm text-soft">{text.lead(zone)}</p>}
      </div>
      {hidden ? (
        <Empty title={text.hidden}>
          {hidden} <AskOwner workspace={workspace} />
        </Empty>
      ) : data ? (
        <Known {...props} list={data} query={query} />
      ) : error ? (
        <Problem error={error} retry={() => void query.refetch()} />
      ) : (
        <Skeleton className="h-72 rounded-xl" />
      )}
    </section>
  );
}

function Known({ workspace, integration, zone, paused, list, query }: Props & { list: List; query: ReturnType<typeof useInfiniteQuery> }) {
  const text = useDeliveriesText();
  const renewals = useRenewals(workspace, integration, list, paused);
  const stale = renewals.find(({ error }) => error);
  const isEmpty = list.pages.every(({ deliveries }) => deliveries.length === 0);
  return (
    <>
      {stale && <Problem error={stale.error} title={text.stale} retry={() => void stale.refetch()} />}
      {isEmpty ? <Empty title={text.none}>{text.noneLead}</Empty> : <Table workspace={workspace} integration={integration} list={list} zone={zone} />}
      {query.error && <Problem error={query.error} retry={() => void query.fetchNextPage()} />}
      <div className="grid empty:hidden">
        <More query={query} all={false} searching={text.searching} />
      </div>
    </>
  );
}

/** Reads those pages again in which something is about to change. */
function useRenewals(workspace: string, { integration_type: type }: Integration, { pages, pageParams }: List, paused: boolean) {
  const due = pages.flatMap((page, place) => {
    const wait = pace(page, place === 0, now());
    return wait === undefined ? [] : [{ cursor: String(pageParams[place]), wait }];
  });
  return useQueries({
    queries: due.map(({ cursor, wait }) => ({ ...renewalQuery(workspace, type, cursor), refetchInterval: paused ? (false as const) : wait })),
  });
}
