// A workspace, for staff: its head, and its facts or what the doctor finds.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { factsQuery } from "../../api/operator/queries";
import { isFailure } from "../../api/failure";
import { Badge } from "../../kit/badge";
import { buttonClass } from "../../kit/button";
import { Copy } from "../../kit/copy";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { LinkTabs } from "../../kit/tabs";
import { Time } from "../../kit/time";
import { Page } from "../../shell/page";
import { isolated } from "../../text/format";
import { useOperatorText } from "../../text/operator";
import { ConsoleTab } from "./frame";
import { pathOf, To, workspacePath } from "./paths";
import { Code } from "./rows";

const tabs = {
  facts: lazy(async () => ({ default: (await import("./workspace/facts")).FactsOfWorkspace })),
  doctor: lazy(async () => ({ default: (await import("./workspace/doctor")).DoctorOfWorkspace })),
};

export function ConsoleWorkspace({ id: ws, tab }: { id: string; tab: keyof typeof tabs }) {
  const { workspace: text } = useOperatorText();
  const { data, error, isFetching, refetch } = useQuery(factsQuery(ws));
  if (isFailure(error) && error.code === "workspace_not_found") return <Gone workspace={ws} />;
  if (!data) {
    return (
      <Page title={ws}>
        {error && !isFetching ? <Problem error={error} title={text.failed} retry={() => void refetch()} /> : <Skeleton className="h-[40rem] rounded-xl" />}
      </Page>
    );
  }
  const { name, live, suspended } = data.workspace;
  const Tab = tabs[tab];
  return (
    <Page
      title={isolated(name)}
      lead={
        <span className="flex flex-wrap items-center gap-x-2">
          <Code>{ws}</Code>
          <Copy value={ws} label={text.head.id} />
          <Badge>{data.standing.plan}</Badge>
          {suspended && <Badge tone="warn">{text.suspended}</Badge>}
        </span>
      }
      actions={
        <To path={pathOf("letters")} search={{ workspace: ws }} className={buttonClass()}>
          {text.letters}
        </To>
      }
    >
      {error && !isFetching && <Problem error={error} title={text.failed} retry={() => void refetch()} />}
      {!live && (
        <Notice tone="bad" title={text.deleting}>
          {text.deletingLead}
        </Notice>
      )}
      {suspended && (
        <Notice
          tone="warn"
          title={
            <>
              {text.suspendedSince} <Time at={suspended.at} zone="UTC" />
            </>
          }
        >
          <p className="wrap-anywhere">
            {isolated(suspended.by)}: <bdi>{suspended.reason}</bdi>
          </p>
        </Notice>
      )}
      <LinkTabs label={text.tabs.label}>
        <ConsoleTab path={workspacePath(ws)} open={tab === "facts"}>
          {text.tabs.facts}
        </ConsoleTab>
        <ConsoleTab path={workspacePath(ws, "doctor")} open={tab === "doctor"}>
          {text.tabs.doctor}
        </ConsoleTab>
      </LinkTabs>
      <Suspense fallback={<Skeleton className="h-96 rounded-xl" />}>
        <Tab facts={data} />
      </Suspense>
    </Page>
  );
}

function Gone({ workspace }: { workspace: string }) {
  const { workspace: text } = useOperatorText();
  return (
    <div className="mx-auto max-w-lg py-16">
      <Page title={text.gone} lead={text.goneLead}>
        <Code>{workspace}</Code>
        <div className="flex flex-wrap gap-2">
          <To path={pathOf("workspaces")} className={buttonClass("primary")}>
            {text.toSearch}
          </To>
          <To path={pathOf("letters")} search={{ workspace }} className={buttonClass()}>
            {text.letters}
          </To>
        </div>
      </Page>
    </div>
  );
}
