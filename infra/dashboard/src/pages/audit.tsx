// Who changed what: the audit log, or the activity on plans without it.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { FEATURE, peopleQuery, recordsQuery } from "../api/audit/log";
import { isFailure } from "../api/failure";
import { entitlementsQuery } from "../api/queries/billing";
import { workspaceQuery } from "../api/queries/workspaces";
import { of, readAgain } from "../api/query";
import { Button } from "../kit/button";
import { Empty } from "../kit/empty";
import { Forbidden } from "../kit/forbidden";
import { LimitReached } from "../kit/limit";
import { More } from "../kit/more";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { useAccess, useAllowed } from "../shell/access";
import { Page } from "../shell/page";
import { PrintHead } from "../shell/print-head";
import { useText } from "../text";
import { day, isolated } from "../text/format";
import { ExportMenu } from "./audit/export";
import { useExport } from "./audit/exporting";
import { filterOf, isInverted, isOn, wantedOf, type Filter } from "./audit/filter";
import { FilterBar, useSetFilter } from "./audit/filters";
import { Proof } from "./audit/proof";
import { Records } from "./audit/table";
import { useVerification } from "./audit/verification";
import { useAuditText } from "./audit/words";

const ExportPanel = lazy(async () => ({ default: (await import("./audit/panel")).ExportPanel }));
const Offer = lazy(async () => ({ default: (await import("./audit/offer")).Offer }));
const VerifyPanel = lazy(async () => ({ default: (await import("./audit/verify")).VerifyPanel }));

export function Audit() {
  const t = useText();
  const text = useAuditText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/audit" });
  const isForbidden = useAccess(ws)("read_activity") !== undefined;
  const isAllowed = useAllowed(ws, "read_activity");
  const head = useQuery(workspaceQuery(ws));
  const entitled = useQuery({ ...entitlementsQuery(ws), enabled: isAllowed });
  const failed = [head, entitled].find(({ error, data }) => error && !data);
  const lead = head.data && text.lead(head.data.timezone);
  if (!isForbidden && head.data && entitled.data) {
    const { features, plan, retention_days } = entitled.data;
    const isLog = features.some(({ feature, included }) => feature === FEATURE && included);
    return <Log key={ws} workspace={ws} name={head.data.name} zone={head.data.timezone} isLog={isLog} plan={plan.name} days={retention_days} />;
  }
  return (
    <Page title={t.shell.audit} lead={lead}>
      {isForbidden ? (
        <Forbidden workspace={ws} title={text.forbidden} who={text.whoSees(t.roles.admin)} />
      ) : failed ? (
        <Problem error={failed.error} retry={() => void Promise.all([head.refetch(), entitled.refetch()])} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-16 rounded-xl" />
      <Skeleton className="h-120 rounded-xl" />
    </>
  );
}

function Log({ workspace, name, zone, isLog, plan, days }: {
  workspace: string;
  name: string;
  zone: string;
  isLog: boolean;
  plan: string;
  /** How far back the plan shows records. */
  days: number;
}) {
  const t = useText();
  const text = useAuditText();
  const search = useSearch({ from: "/inside/w/$ws/settings/audit" });
  const filter = filterOf(search, isLog, text.actions);
  const wanted = wantedOf(filter, zone);
  const isRange = !isInverted(filter);
  const query = useInfiniteQuery({ ...recordsQuery(workspace, isLog, wanted), enabled: isRange });
  const { data: people = [] } = useQuery(peopleQuery(workspace));
  const verification = useVerification(workspace);
  const exporting = useExport(workspace, zone);
  const refused = isFailure(query.error) ? query.error : undefined;
  // The plan, or the role, is another one now.
  const code = refused?.code;
  useEffect(() => {
    if (code === "audit_log_not_included") void readAgain(of(workspace, "entitlements"));
    if (code === "role_required") void readAgain(of(workspace, "access"));
  }, [code, workspace]);
  const names = Object.fromEntries(people.map(({ id, name }) => [id, name]));
  const records = isRange ? query.data?.pages.flatMap((page) => page.records) : undefined;
  const wrong = refused?.fields["target"];
  return (
    <Page
      title={t.shell.audit}
      lead={text.lead(zone)}
      actions={
        isLog && (
          <div className="no-print flex flex-wrap gap-2">
            <ExportMenu run={exporting} wanted={wanted} />
            <Button look="primary" why={verification.isBusy ? text.verify.busy : undefined} onClick={verification.start}>
              {text.verify.action}
            </Button>
          </div>
        )
      }
    >
      <PrintHead name={name} zone={zone} />
      {isOn(filter) && (
        <p className="printed">
          <Printed filter={filter} names={names} />
        </p>
      )}
      {isLog ? (
        <div className="grid gap-3 empty:hidden">
          {verification.progress && (
            <Suspense>
              <VerifyPanel run={verification} workspace={workspace} zone={zone} />
            </Suspense>
          )}
          <Suspense>
            <ExportPanel run={exporting} wanted={wanted} />
          </Suspense>
        </div>
      ) : (
        <Suspense>
          <Offer workspace={workspace} current={plan} />
        </Suspense>
      )}
      <FilterBar filter={filter} isLog={isLog} people={people} wrong={wrong} />
      <section aria-labelledby="changes" className="grid grid-cols-1 gap-3">
        <h2 id="changes" className="sr-only">
          {text.table}
        </h2>
        <p className="text-sm text-soft">{text.hidden(days)}</p>
        {!records && !query.error && isRange && <Skeleton className="h-120 rounded-xl" />}
        {!records && query.error && !wrong && <LimitReached workspace={workspace} error={query.error} retry={() => void query.refetch()} />}
        {records && records.length > 0 && (
          <Records {...{ workspace, records, isLog, names, zone }} isOld={query.isPlaceholderData} />
        )}
        {records?.length === 0 && !query.hasNextPage && <Nothing isFiltered={isOn(filter)} />}
        {records && query.error && <LimitReached workspace={workspace} error={query.error} retry={() => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch())} />}
        <More query={query} all={records?.length === 0} searching={text.searching} />
        {isLog && records && (
          <div className="no-print text-sm text-soft">
            <Proof />
          </div>
        )}
      </section>
    </Page>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const t = useText();
  const text = useAuditText();
  const set = useSetFilter();
  if (!isFiltered) return <Empty title={text.none}>{t.overview.activity.noneLead}</Empty>;
  return (
    <Empty title={text.noMatch} action={<Button small onClick={() => set(undefined)}>{text.filters.clear}</Button>}>
      {text.noMatchLead}
    </Empty>
  );
}

/** The filters in words: controls are not printed. */
function Printed({ filter, names }: { filter: Filter; names: Record<string, string | undefined> }) {
  const text = useAuditText();
  const { actor, action, target, from, to } = filter;
  const words: [string, string | undefined][] = [
    [text.filters.actor, actor && (names[actor] ?? actor)],
    [text.filters.action, action && text.actions[action]],
    [text.filters.target, target],
    [text.filters.from, from && day(`${from}T12:00:00Z`, "UTC")],
    [text.filters.to, to && day(`${to}T12:00:00Z`, "UTC")],
  ];
  const said = words.flatMap(([label, value]) => (value ? [`${label}: ${isolated(value)}`] : []));
  return said.join("; ");
}
