// The container: how it is, what it uses, and the commands to it.

import { useCatalogue } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { now } from "../../api/client";
import { isFailure } from "../../api/failure";
import { command, isChanging, pace, runtimeQuery, uptime, type Command, type Witnessed } from "../../api/queries/runtime";
import { subscriptionQuery } from "../../api/queries/subscription";
import { workspaceQuery } from "../../api/queries/workspaces";
import { useSend } from "../../api/send";
import { Button, buttonClass } from "../../kit/button";
import { Confirm } from "../../kit/confirm";
import { Copy } from "../../kit/copy";
import { AskOwner, LimitReached } from "../../kit/limit";
import { Meter } from "../../kit/meter";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Time, useNow } from "../../kit/time";
import { useIsLive } from "../../live";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { duration, number } from "../../text/format";
import { usePaused } from "./polling";
import { reasonOf, reasonText } from "./reason";
import { StatusBadge } from "./status";

/** The seconds after which a container that has reported nothing is silent. */
const SILENT = 120;

export function Container({ workspace, zone }: { workspace: string; zone: string }) {
  const t = useText();
  const { paused, resume } = usePaused();
  const isLive = useIsLive(workspace);
  const { data, error, refetch } = useQuery({
    ...runtimeQuery(workspace),
    refetchInterval: ({ state }) => (paused ? false : pace(state.data?.status, isLive)),
    refetchOnWindowFocus: "always",
  });
  return (
    <section id="container" tabIndex={-1} aria-labelledby="container-title" className="rounded-xl border border-line bg-panel lg:col-span-2">
      {!data && !error && <Skeleton className="h-80 rounded-xl" />}
      {!data && error && (
        <div className="grid gap-4 p-5">
          <h2 id="container-title" className="text-lg font-semibold">
            {t.overview.container.title}
          </h2>
          <Problem error={error} retry={() => void refetch()} />
        </div>
      )}
      {data && (
        <div className="grid gap-5 p-5">
          <Commands workspace={workspace} view={data} onSent={resume} />
          {error && <Problem error={error} title={t.overview.container.stale} retry={() => void refetch()} />}
          <Figures view={data} zone={zone} />
          <Facts view={data} />
          {paused && (
            <div role="status" className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-sunken px-4 py-2 text-sm">
              <span>{t.overview.container.paused}</span>
              <Button
                small
                onClick={() => {
                  resume();
                  void refetch();
                }}
              >
                {t.overview.container.refresh}
              </Button>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

/** The heading with the badge and the three commands. */
function Commands({ workspace, view, onSent }: { workspace: string; view: Witnessed; onSent: () => void }) {
  const t = useText();
  const [asking, setAsking] = useState<"stop" | "restart">();
  const { run, busy, error, reset } = useSend(
    (which: Command, key) => command(workspace, which, key),
    (_, which) => {
      // A late answer to one command leaves the question about another open.
      setAsking((asked) => (asked === which ? undefined : asked));
      onSent();
    },
  );
  const [sent, setSent] = useState<Command>();
  const send = (which: Command) => {
    setSent(which);
    run(which);
  };
  const ask = (which: "stop" | "restart") => {
    reset();
    setAsking(which);
  };
  const forbidden = useAccess(workspace)("control_runtime");
  const tooMany = isFailure(error) && error.code === "too_many_commands" ? error : undefined;
  const wait = useWait(tooMany ? (tooMany.retryAfter ?? secondsUntil(tooMany.problem.resets_at)) : undefined, tooMany, reset);
  const due = isFailure(error) && error.code === "workspace_past_due";
  const { status } = view;
  const { already } = t.overview.container;
  const waits = wait ? t.overview.container.wait(wait) : undefined;
  const why: Record<Command, string | undefined> = {
    start: forbidden ?? (status === "running" || status === "starting" || status === "resizing" ? already[status] : waits),
    stop: forbidden ?? (status === "stopped" || status === "stopping" ? already[status] : waits),
    restart: forbidden ?? (status === "running" ? waits : already[status === "failed" ? "stopped" : status]),
  };
  const off = status === "stopped" || status === "failed" || status === "stopping";
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex items-center gap-3">
          <h2 id="container-title" className="text-lg font-semibold">
            {t.overview.container.title}
          </h2>
          <span aria-live="polite" className="flex">
            <StatusBadge status={status} />
          </span>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button small look={off ? "primary" : "plain"} why={why.start} busy={busy && sent === "start"} onClick={() => send("start")}>
            {t.overview.container.start}
          </Button>
          <Button small why={why.restart} onClick={() => ask("restart")}>
            {t.overview.container.restart}
          </Button>
          <Button small why={why.stop} onClick={() => ask("stop")}>
            {t.overview.container.stop}
          </Button>
        </div>
      </div>
      {tooMany && wait !== undefined && (
        <Notice tone="warn" live title={t.overview.container.tooMany}>
          {waits}
        </Notice>
      )}
      <Standing workspace={workspace} view={view} due={due} />
      {error && !tooMany && !due && !asking && (
        <LimitReached error={error} workspace={workspace} retry={isFailure(error) && error.passes && sent ? () => run(sent) : undefined} />
      )}
      <Confirm open={asking === "stop"} onClose={() => setAsking(undefined)} title={t.overview.container.stopTitle} action={t.overview.container.stop} busy={busy} error={error} onConfirm={() => send("stop")}>
        <p>{t.overview.container.stopLead}</p>
      </Confirm>
      <Confirm open={asking === "restart"} onClose={() => setAsking(undefined)} title={t.overview.container.restartTitle} action={t.overview.container.restart} busy={busy} error={error} onConfirm={() => send("restart")}>
        <p>{t.overview.container.restartLead}</p>
      </Confirm>
    </>
  );
}

function secondsUntil(at: string | null | undefined): number | undefined {
  return at ? Math.max(1, Math.ceil((Date.parse(at) - now()) / 1000)) : undefined;
}

/** Counts `seconds` down from each `cause`; nothing when they are over. */
function useWait(seconds: number | undefined, cause: unknown, over: () => void): number | undefined {
  const [left, setLeft] = useState<number>();
  useEffect(() => setLeft(cause ? (seconds ?? 5) : undefined), [cause]);
  useEffect(() => {
    if (left === undefined) return;
    const timer = setTimeout(() => {
      if (left > 1) return setLeft(left - 1);
      setLeft(undefined);
      over();
    }, 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

/** What keeps the container from running, or what it is in the middle of. */
function Standing({ workspace, view, due }: { workspace: string; view: Witnessed; due: boolean }) {
  const t = useText();
  const text = t.overview.container;
  const { data: paid } = useQuery(subscriptionQuery(workspace));
  const { data: head } = useQuery(workspaceQuery(workspace));
  const { status, last_stop_reason: words, deadline } = view;
  const reason = reasonOf(words);
  const pays = useAccess(workspace)("manage_billing") === undefined;
  const unpaid = due || paid?.status === "unpaid" || (reason === "pastDue" && paid?.status !== "active");
  if (head?.suspended && status !== "running") return <Notice tone="warn" title={text.suspended} />;
  if (status === "stopped" && unpaid) {
    return (
      <Notice
        tone="warn"
        live={due}
        title={text.pastDue}
        actions={
          pays && (
            <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} className={buttonClass("primary", true)}>
              {text.pay}
            </Link>
          )
        }
      >
        {text.pastDueLead} {!pays && <AskOwner workspace={workspace} />}
      </Notice>
    );
  }
  if (status === "failed") {
    return (
      <Notice tone="bad" title={text.failed}>
        {words ? sentence(reasonText(words, t)) : text.failedLead}
      </Notice>
    );
  }
  if (isChanging(status) && deadline) {
    return (
      <Notice title={status === "resizing" ? text.resizing : undefined}>
        <Deadline status={status} at={deadline} />
      </Notice>
    );
  }
  if (status === "running" && (reason === "sizeUnavailable" || reason === "sizeFailed")) {
    return <Notice tone="warn">{sentence(text.reasons[reason])}</Notice>;
  }
  return null;
}

function Deadline({ status, at }: { status: Witnessed["status"]; at: string }) {
  const t = useText();
  const left = (Date.parse(at) - useNow(1000)) / 1000;
  return (
    <span className="tabular-nums">
      {t.overview.status[status]}: {left > 1 ? t.overview.container.remaining(duration(left)) : t.overview.container.overdue}.
    </span>
  );
}

/** Memory and CPU, as far as the container has reported them. */
function Figures({ view, zone }: { view: Witnessed; zone: string }) {
  const t = useText();
  const text = t.overview.container;
  const clock = useNow(1000);
  const { status, resources } = view;
  const running = status === "running";
  const reports = running && resources.ram_used_mb != null;
  const since = uptime(view, clock) ?? 0;
  return (
    <div className="grid gap-4">
      <div className="grid gap-5 sm:grid-cols-2">
        {reports ? (
          <>
            <Meter label={text.ram} used={resources.ram_used_mb ?? 0} limit={resources.ram_limit_mb} unit="MiB" />
            <Meter label={text.cpu} used={Math.round((resources.cpu_percent ?? 0) * 10) / 10} limit={100} unit="%" />
          </>
        ) : (
          <>
            <NoFigure label={text.ram} />
            <NoFigure label={text.cpu} />
          </>
        )}
      </div>
      {status === "stopped" && <p className="text-sm text-soft">{text.asleep}</p>}
      {running && !reports && (
        <p className="text-sm text-soft">
          {view.reportedAt !== undefined ? (
            <>
              {text.silent} {text.lastReport} <Time at={new Date(view.reportedAt).toISOString()} zone={zone} format="relative" />.
            </>
          ) : since < SILENT ? (
            text.notReported
          ) : (
            text.neverReported
          )}
        </p>
      )}
    </div>
  );
}

function NoFigure({ label }: { label: string }) {
  const t = useText();
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-soft">{t.overview.container.noFigures}</span>
      </div>
      <div aria-hidden="true" className="h-2 rounded-full bg-sunken" />
    </div>
  );
}

/** Uptime, size, last stop and id. */
function Facts({ view }: { view: Witnessed }) {
  const t = useText();
  const catalogue = useCatalogue();
  const text = t.overview.container;
  const { plan_size, resources, last_stop_reason, container_id, status } = view;
  const since = uptime(view, useNow(1000));
  const { ram_limit_mb: memory, cpu_units: cpu } = resources;
  const plan = catalogue.plan(plan_size);
  const size = memory == null || cpu == null ? text.noContainer(plan) : text.sizeOf(plan, `${number(memory)} MiB`, number(cpu / 1024));
  return (
    <dl className="grid gap-x-6 gap-y-3 border-t border-line pt-4 text-sm sm:grid-cols-2">
      {since !== undefined && (
        <Fact name={text.running}>
          <span className="tabular-nums">{duration(since)}</span>
        </Fact>
      )}
      <Fact name={text.size}>{size}</Fact>
      {last_stop_reason && status !== "failed" && <Fact name={text.lastStop}>{sentence(reasonText(last_stop_reason, t))}</Fact>}
      {container_id && (
        <Fact name={text.id}>
          <span className="flex items-center gap-1">
            <code className="truncate font-mono text-xs">{container_id}</code>
            <Copy value={container_id} label={text.id} />
          </span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

/** With a capital and a full stop. */
function sentence(words: string): string {
  return `${words.charAt(0).toLocaleUpperCase()}${words.slice(1)}.`;
}
