// The doctor, for owners: what is recorded of the workspace and differs from what there is, and its repair.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { examinationQuery, repair, type Examined } from "../api/doctor/examination";
import { isFailure } from "../api/failure";
import { ownersQuery } from "../api/queries/owners";
import { workspaceQuery } from "../api/queries/workspaces";
import { of, readAgain } from "../api/query";
import { useSend } from "../api/send";
import { Button } from "../kit/button";
import { Empty } from "../kit/empty";
import { Notice } from "../kit/notice";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Spinner } from "../kit/spinner";
import { Time } from "../kit/time";
import { useAccess, useAllowed } from "../shell/access";
import { Page } from "../shell/page";
import { useText } from "../text";
import { isolated, list } from "../text/format";
import { Ask } from "./doctor/ask";
import { Checks } from "./doctor/checks";
import { isRepairable, outcomesOf } from "./doctor/facts";
import { useDoctorText } from "./doctor/words";

export function Doctor() {
  const t = useText();
  const text = useDoctorText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings/doctor" });
  const may = useAccess(ws);
  const isForbidden = may("see_doctor") !== undefined;
  const isAllowed = useAllowed(ws, "see_doctor");
  const { data: head } = useQuery(workspaceQuery(ws));
  const { data, error, isFetching, refetch } = useQuery({ ...examinationQuery(ws), enabled: isAllowed });
  const [asking, setAsking] = useState(false);
  const send = useSend((_: null, key) => repair(ws, key), () => setAsking(false));
  // The role, or the suspension, is another one now.
  const code = [error, send.error].flatMap((one) => (isFailure(one) ? [one.code] : [])).find((one) => one === "role_required" || one === "workspace_suspended");
  useEffect(() => {
    if (code) void readAgain(of(ws, "access"), of(ws, "head"));
  }, [code, ws]);
  const ask = () => {
    send.reset();
    setAsking(true);
  };
  const zone = head?.timezone ?? "UTC";
  // What is left to repair: all before the first repair.
  const rest = data?.isRepair ? data.differences.filter((one) => one.repair === "ask_again") : data?.differences.filter(isRepairable);
  const why = may("repair") ?? (isFetching ? text.busy : !data ? text.first : rest?.length ? undefined : whyNot(data, text));
  return (
    <Page
      title={t.shell.doctor}
      lead={text.lead}
      actions={
        !isForbidden && (
          <>
            <Button busy={isFetching || send.busy} onClick={() => void refetch()}>
              {text.examine}
            </Button>
            <Button look="primary" why={why} busy={send.busy && !asking} onClick={ask}>
              {data?.isRepair && rest?.length ? text.repairAgain : text.repair}
            </Button>
          </>
        )
      }
    >
      {isForbidden ? (
        <Hidden workspace={ws} />
      ) : (
        <>
          {error && !isFetching && (
            <div className="grid gap-2">
              <Problem error={error} title={data ? text.stale : text.failed} retry={() => void refetch()} />
              <p className="text-sm text-soft">{data ? text.staleLead : text.failedLead}</p>
            </div>
          )}
          {data && !(error && !isFetching) && <Result examined={data} />}
          {data && (
            <>
              <p className="text-sm text-soft">
                {data.isRepair ? text.repaired : text.examined} <Time at={new Date(data.at).toISOString()} zone={zone} /> ({zone})
              </p>
              <Checks workspace={ws} zone={zone} differences={data.differences} isOld={isFetching} />
            </>
          )}
          {!data && (isFetching || !error) && <Waiting />}
        </>
      )}
      {/* Outside of what the role decides on: a refusal stays until it is read. */}
      <Ask open={asking} differences={data?.isRepair ? data.differences.filter((one) => one.repair === "ask_again" || one.repair === "by_hand") : (data?.differences ?? [])} why={may("repair")} busy={send.busy} error={send.error} onClose={() => setAsking(false)} onConfirm={() => send.run(null)} />
    </Page>
  );
}

function whyNot({ differences, isRepair }: Examined, text: ReturnType<typeof useDoctorText>): string {
  if (differences.length === 0) return text.nothing;
  return isRepair ? text.again : text.onlySupport;
}

function Waiting() {
  const text = useDoctorText();
  return (
    <>
      <Notice
        title={
          <span className="flex items-center gap-2">
            <Spinner />
            <span role="status">{text.examining}</span>
          </span>
        }
      />
      <Skeleton className="h-[40rem] rounded-xl" />
    </>
  );
}

function Result({ examined: { differences, isRepair } }: { examined: Examined }) {
  const text = useDoctorText();
  if (!isRepair) {
    return differences.length === 0 ? (
      <Notice tone="good" title={<span role="status">{text.healthy}</span>}>
        {text.healthyLead}
      </Notice>
    ) : (
      <Notice tone="warn" title={<span role="status">{text.found(differences.length)}</span>}>
        {text.foundLead}
      </Notice>
    );
  }
  if (differences.length === 0) {
    return (
      <Notice tone="good" title={<span role="status">{text.nothingLeft}</span>}>
        {text.nothingLeftLead}
      </Notice>
    );
  }
  const { done, under_way, ask_again, by_hand } = outcomesOf(differences);
  const { lead } = text.result;
  const notes = [under_way > 0 && lead.under_way, ask_again > 0 && lead.ask_again, by_hand > 0 && lead.by_hand].filter((one) => one !== false);
  return (
    <Notice tone={notes.length === 0 ? "good" : ask_again + by_hand > 0 ? "warn" : "info"} title={<span role="status">{done > 0 ? text.result.done(done) : under_way > 0 ? text.result.started : text.result.none}</span>}>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </Notice>
  );
}

function Hidden({ workspace }: { workspace: string }) {
  const t = useText();
  const text = useDoctorText();
  const { data } = useQuery(ownersQuery(workspace));
  const owners = data?.members.map(({ full_name, email }) => isolated(full_name ?? email ?? t.team.nameless)) ?? [];
  return (
    <Empty title={text.forbidden}>
      {text.whoSees(t.roles.owner)} {owners.length > 0 && text.owners(list(owners))}
    </Empty>
  );
}
