import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { onboardingQuery } from "../../api/queries/overview";
import type { Schemas } from "../../api/types";
import { cn } from "../../kit/cn";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useText } from "../../text";

type Step = Schemas["OnboardingStep"];

/** What to do first. It is gone when all of it is done. */
export function Checklist({ workspace }: { workspace: string }) {
  const t = useText();
  const { data, error, refetch } = useQuery(onboardingQuery(workspace));
  if (error && !data) return <Problem error={error} retry={() => void refetch()} title={t.overview.checklist.title} />;
  if (!data) return <Skeleton className="h-44 rounded-xl" />;
  const done = data.steps.filter((step) => step.done).length;
  if (done === data.steps.length) return null;
  const next = data.steps.find((step) => !step.done);
  return (
    <section aria-labelledby="checklist" className="rounded-xl border border-line bg-panel p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id="checklist" className="text-lg font-semibold">
          {t.overview.checklist.title}
        </h2>
        <div className="flex items-center gap-3 text-sm text-soft">
          <span aria-hidden="true" className="flex gap-1">
            {data.steps.map(({ id, done }) => (
              <span key={id} className={cn("h-1.5 w-6 rounded-full", done ? "bg-good" : "bg-line")} />
            ))}
          </span>
          <span className="tabular-nums">{t.overview.checklist.progress(done, data.steps.length)}</span>
        </div>
      </div>
      <ol className="mt-4 grid gap-2 sm:grid-cols-2 lg:grid-cols-5">
        {data.steps.map((step) => (
          <Tile key={step.id} step={step} next={step === next} workspace={workspace} />
        ))}
      </ol>
    </section>
  );
}

function Tile({ step, next, workspace }: { step: Step; next: boolean; workspace: string }) {
  const t = useText();
  const { title, lead } = t.overview.checklist.steps[step.id];
  return (
    <li className={cn("relative rounded-lg border p-3.5", step.done ? "border-transparent bg-sunken" : next ? "border-accent bg-accent-soft" : "border-line", !step.done && "hover:border-accent")}>
      <div className="flex items-start gap-2.5">
        <Mark done={step.done} />
        <div className="min-w-0">
          <p className={cn("font-medium", step.done && "text-soft")}>
            {step.done ? title : <StepLink id={step.id} workspace={workspace}>{title}</StepLink>}
            {step.done && <span className="sr-only"> ({t.overview.checklist.done})</span>}
          </p>
          {!step.done && <p className={cn("mt-0.5 text-sm", next ? "text-ink" : "text-soft")}>{lead}</p>}
        </div>
      </div>
    </li>
  );
}

const cover = "rounded-lg after:absolute after:inset-0 after:rounded-lg";

function StepLink({ id, workspace, children }: { id: Step["id"]; workspace: string; children: ReactNode }) {
  const params = { ws: workspace };
  switch (id) {
    case "create_workspace":
      return (
        <Link to="/workspaces" className={cover}>
          {children}
        </Link>
      );
    case "invite_member":
      return (
        <Link to="/w/$ws/settings/team" params={params} search={{ invite: true }} className={cover}>
          {children}
        </Link>
      );
    case "choose_plan":
      return (
        <Link to="/w/$ws/settings/billing" params={params} className={cover}>
          {children}
        </Link>
      );
    case "start_runtime":
      return (
        <Link to="/w/$ws" params={params} hash="container" className={cover} onClick={() => document.getElementById("container")?.focus()}>
          {children}
        </Link>
      );
    case "connect_integration":
      return (
        <Link to="/w/$ws/settings/integrations" params={params} className={cover}>
          {children}
        </Link>
      );
  }
}

function Mark({ done }: { done: boolean }) {
  return done ? (
    <svg viewBox="0 0 20 20" className="mt-0.5 size-5 shrink-0 text-good" aria-hidden="true">
      <circle cx="10" cy="10" r="9" fill="currentColor" />
      <path d="m6 10.2 2.7 2.8L14 7.4" fill="none" className="stroke-panel" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  ) : (
    <svg viewBox="0 0 20 20" className="mt-0.5 size-5 shrink-0 text-control" aria-hidden="true">
      <circle cx="10" cy="10" r="8.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
