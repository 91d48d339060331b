// The keys with which programs use the workspace: how many there are, what each may do, and who made it.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { peopleQuery } from "../api/audit/log";
import { keysQuery } from "../api/keys/list";
import { entitlementsQuery } from "../api/queries/billing";
import { workspaceQuery } from "../api/queries/workspaces";
import { Button, buttonClass } from "../kit/button";
import { Empty } from "../kit/empty";
import { Forbidden } from "../kit/forbidden";
import { AskOwner, LimitReached } from "../kit/limit";
import { Meter } from "../kit/meter";
import { More } from "../kit/more";
import { Notice } from "../kit/notice";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { useAccess, useAllowed } from "../shell/access";
import { Page } from "../shell/page";
import { useText } from "../text";
import { KeyRow } from "./keys/row";
import type { Task } from "./keys/dialogs";
import { useKeysText, useRefusal } from "./keys/words";
import { List, Rows, RowsLoading, useHeading } from "./team/rows";

const dialogs = () => import("./keys/dialogs");
const Dialogs = lazy(async () => ({ default: (await dialogs()).Dialogs }));

/** The keys of the plan; nothing where the catalogue has no such meter. */
function useKeyLimit(workspace: string, enabled: boolean) {
  const query = useQuery({ ...entitlementsQuery(workspace), enabled });
  const meter = query.data?.meters.find(({ meter }) => meter === "api_keys");
  const limit = meter?.limit ?? undefined;
  return { ...query, used: meter?.used, limit, free: meter && limit !== undefined ? Math.max(0, limit - meter.used) : undefined };
}

export function ApiKeys() {
  const t = useText();
  const text = useKeysText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/api-keys" });
  const may = useAccess(ws);
  const isForbidden = may("read_keys") !== undefined;
  const isAllowed = useAllowed(ws, "read_keys");
  const limit = useKeyLimit(ws, isAllowed);
  const [task, setTask] = useState<Task>();
  const [wanted, setWanted] = useState(false);
  const heading = useHeading();
  const open = (next: Task) => {
    setWanted(true);
    setTask(next);
  };
  const isFull = limit.free === 0 && limit.limit !== undefined;
  const create = (
    <Button look="primary" why={may("manage_keys") ?? (isFull ? text.full.why(limit.limit ?? 0) : undefined)} onClick={() => open({ kind: "create" })}>
      {text.create}
    </Button>
  );
  return (
    <Page title={text.title} lead={text.lead} actions={!isForbidden && create}>
      {isForbidden ? (
        <Forbidden workspace={ws} title={text.hidden} who={t.team.whoSees(t.roles.admin)} />
      ) : (
        <>
          <InUse workspace={ws} limit={limit} />
          <Keys key={ws} workspace={ws} heading={heading} create={create} onTask={open} />
        </>
      )}
      {wanted && (
        <Suspense>
          <Dialogs key={ws} workspace={ws} task={task} onTask={setTask} onRevoked={heading.focus} />
        </Suspense>
      )}
    </Page>
  );
}

function InUse({ workspace, limit: { used, limit, free, data, error, refetch } }: { workspace: string; limit: ReturnType<typeof useKeyLimit> }) {
  const text = useKeysText();
  const pays = useAccess(workspace)("manage_billing") === undefined;
  if (!data) return error ? <Problem error={error} retry={() => void refetch()} /> : <Skeleton className="h-23.5 rounded-xl" />;
  if (used === undefined) return null;
  return (
    <>
      <div className="rounded-xl border border-line bg-panel px-5 py-4">
        <Meter label={text.inUse} used={used} limit={limit} note={limit === undefined ? text.unlimited : free ? text.free(free) : undefined} />
      </div>
      {free === 0 && limit !== undefined && (
        <Notice
          tone="warn"
          title={text.full.title(limit)}
          actions={
            pays && (
              <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} className={buttonClass("plain", true)}>
                {text.full.plans}
              </Link>
            )
          }
        >
          <p>
            {limit === 0 ? text.full.leadNone : text.full.lead} {!pays && <AskOwner workspace={workspace} />}
          </p>
        </Notice>
      )}
    </>
  );
}

function Keys({ workspace, heading, create, onTask }: {
  workspace: string;
  heading: ReturnType<typeof useHeading>;
  create: React.ReactNode;
  onTask: (task: Task) => void;
}) {
  const t = useText();
  const text = useKeysText();
  const query = useInfiniteQuery({ ...keysQuery(workspace), enabled: useAllowed(workspace, "read_keys") });
  const { data: people } = useQuery({ ...peopleQuery(workspace), enabled: useAllowed(workspace, "read_keys") });
  const { data: head } = useQuery(workspaceQuery(workspace));
  const error = useRefusal(workspace, query.error);
  // A file of its own, loaded while people read.
  useEffect(() => void dialogs().catch(() => undefined), []);
  const keys = query.data?.pages.flatMap((page) => page.api_keys);
  return (
    <Rows title={text.title} heading={heading.ref}>
      {query.isPending && <RowsLoading />}
      {query.isError && <LimitReached workspace={workspace} error={error} retry={() => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch())} />}
      {keys && keys.length > 0 && (
        <List label={text.title}>
          {keys.map((key) => (
            <KeyRow key={key.id} workspace={workspace} apiKey={key} maker={people && (people.find(({ id }) => id === key.created_by)?.name ?? text.former)} zone={head?.timezone ?? "UTC"} onTask={onTask} />
          ))}
        </List>
      )}
      {keys?.length === 0 && (
        <Empty title={text.none} action={create}>
          {text.noneLead}
        </Empty>
      )}
      <div className="grid empty:hidden">
        <More query={query} all={keys?.length === 0} searching={t.team.searching} />
      </div>
    </Rows>
  );
}
