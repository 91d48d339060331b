// What the doctor finds in a workspace, for staff, whose repair goes further than that of owners.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Difference } from "../../../api/doctor/examination";
import { act } from "../../../api/operator/client";
import { examinationQuery, examinedOf, factsQuery, type Examined } from "../../../api/operator/queries";
import type { Facts, Rounds } from "../../../api/operator/types";
import { queries, readAgain, supersede } from "../../../api/query";
import { useSend } from "../../../api/send";
import { Button } from "../../../kit/button";
import { Dialog } from "../../../kit/dialog";
import { Notice } from "../../../kit/notice";
import { Problem } from "../../../kit/problem";
import { Skeleton } from "../../../kit/skeleton";
import { Time } from "../../../kit/time";
import { useOperatorText } from "../../../text/operator";
import { PlanList } from "../../doctor/ask";
import { isRepairable, lossOf, outcomesOf } from "../../doctor/facts";
import { Finding, type Support } from "../../doctor/finding";
import { useDoctorText } from "../../doctor/words";
import { ActForm } from "../act";

/** So many differences are shown at first. */
const FIRST = 20;

/** The operator's repair removes customers whom Stripe does not know, too. */
const staffRepairs = (difference: Difference) => difference.code === "customer" || isRepairable(difference);

export function DoctorOfWorkspace({ facts: { workspace } }: { facts: Facts }) {
  const text = useDoctorText();
  const ws = workspace.id;
  const { data, error, isFetching, refetch } = useQuery(examinationQuery(ws));
  const [asking, setAsking] = useState(false);
  const left = data?.differences.filter((one) => (data.isRepair ? one.repair === "by_hand" : !staffRepairs(one))).length ?? 0;
  const rest = data?.isRepair ? data.differences.filter(({ repair }) => repair === "ask_again") : (data?.differences.filter(staffRepairs) ?? []);
  const why = isFetching ? text.busy : !data ? text.first : rest && rest.length > 0 ? undefined : data.isRepair && data.differences.length > 0 ? text.again : text.nothing;
  return (
    <section aria-label={text.checks} className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-soft">
          {data && (
            <>
              {data.isRepair ? text.repaired : text.examined} <Time at={new Date(data.at).toISOString()} zone="UTC" />
            </>
          )}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button busy={isFetching} onClick={() => void refetch()}>
            {text.examine}
          </Button>
          <Button look="primary" why={why} onClick={() => setAsking(true)}>
            {data?.isRepair && rest.length > 0 ? text.repairAgain : text.repair}
          </Button>
        </div>
      </div>
      {error && !isFetching && <Problem error={error} title={data ? text.stale : text.failed} retry={() => void refetch()} />}
      {!data && (isFetching || !error) && <Skeleton className="h-64 rounded-xl" />}
      {data && <Result examined={data} />}
      <Repair workspace={ws} differences={rest} left={left} open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}

function Result({ examined: { differences, isRepair } }: { examined: Examined }) {
  const text = useDoctorText();
  const { doctor: words } = useOperatorText();
  const [isWhole, setWhole] = useState(false);
  const support: Support = { byHand: words.byHand, isRepairable: staffRepairs };
  if (differences.length === 0) {
    return (
      <Notice tone="good" title={<span role="status">{isRepair ? text.nothingLeft : text.healthy}</span>}>
        {isRepair ? text.nothingLeftLead : text.healthyLead}
      </Notice>
    );
  }
  const { done, under_way, ask_again, by_hand } = outcomesOf(differences);
  const { lead } = text.result;
  const notes = isRepair ? [under_way > 0 && lead.under_way, ask_again > 0 && lead.ask_again].filter((one) => one !== false) : [text.foundLead];
  const title = !isRepair ? text.found(differences.length) : done > 0 ? text.result.done(done) : under_way > 0 ? text.result.started : text.result.none;
  const shown = isWhole ? differences : differences.slice(0, FIRST);
  const hidden = differences.length - shown.length;
  return (
    <>
      <Notice tone={isRepair && ask_again + by_hand === 0 ? "good" : "warn"} title={<span role="status">{title}</span>}>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </Notice>
      <ul className="grid grid-cols-1 gap-3 rounded-xl border border-line bg-panel p-5">
        {shown.map((difference, place) => (
          <Finding key={`${difference.code} ${difference.subject} ${place}`} difference={difference} names={{}} zone="UTC" support={support} />
        ))}
      </ul>
      {hidden > 0 && (
        <div className="justify-self-center">
          <Button small onClick={() => setWhole(true)}>
            {words.more(hidden)}
          </Button>
        </div>
      )}
    </>
  );
}

function Repair({ workspace, differences, left, open, onClose }: { workspace: string; differences: readonly Difference[]; left: number; open: boolean; onClose: () => void }) {
  const text = useDoctorText();
  const { doctor: words } = useOperatorText();
  const send = useSend(
    async (reason: string, key) => examinedOf(await act<Rounds>({ command: "doctor", workspace, repair: true }, reason, key), true),
    (examined) => {
      const { queryKey } = examinationQuery(workspace);
      supersede(queryKey);
      queries.setQueryData(queryKey, (before) => before && examined);
      void readAgain(factsQuery(workspace).queryKey);
      onClose();
    },
  );
  const close = () => {
    if (send.isUnderWay()) return;
    if (send.error) void readAgain(factsQuery(workspace).queryKey);
    send.reset();
    onClose();
  };
  const lead = (
    <div className="grid gap-2">
      <p>{words.repairLead}</p>
      <PlanList differences={differences} />
      {differences.some((one) => one.code === "customer" && lossOf(one) === "unknown") && <p>{words.customer}</p>}
      {left > 0 && <p className="text-sm text-soft">{words.left(left)}</p>}
    </div>
  );
  return (
    <Dialog open={open} onClose={close} title={text.dialog.title}>
      <ActForm lead={lead} action={text.repair} busy={send.busy} error={send.error} onClose={close} onSend={(reason) => send.run(reason)} />
    </Dialog>
  );
}
