// The doctor's rounds through all workspaces. Each answer covers as many as there was time for, and the next one continues from there.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ask } from "../../api/operator/client";
import { roundsQuery } from "../../api/operator/queries";
import type { Rounds as Part } from "../../api/operator/types";
import { queries } from "../../api/query";
import { useWalk } from "../../api/walk/walk";
import { Badge } from "../../kit/badge";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Empty } from "../../kit/empty";
import { Notice } from "../../kit/notice";
import { Task } from "../../kit/task";
import { Page } from "../../shell/page";
import { useOperatorText } from "../../text/operator";
import { To, workspacePath } from "./paths";
import { Code } from "./rows";

const nothing: Part = { examined: 0, prices: null, differing: [], failed: [], next: null };

/** Both parts as one. Prices are compared in the first one only. */
export function joined(before: Part, after: Part): Part {
  return {
    examined: before.examined + after.examined,
    prices: before.prices ?? after.prices,
    differing: [...before.differing, ...after.differing],
    failed: [...before.failed, ...after.failed],
    next: after.next,
  };
}

export function Rounds() {
  const { rounds: text } = useOperatorText();
  const walk = useWalk();
  const { data: all } = useQuery(roundsQuery);
  const { queryKey } = roundsQuery;
  const goOn = () =>
    walk.run(async (end) => {
      const after = queries.getQueryData(queryKey)?.next;
      const part = await ask<Part>({ command: "doctor", ...(after ? { after } : {}) });
      if (end.aborted) return false;
      queries.setQueryData(queryKey, (before) => joined(before ?? nothing, part));
      return part.next !== null;
    });
  const begin = () => {
    void queries.resetQueries({ queryKey });
    goOn();
  };
  const isDone = all?.next === null;
  const isStopped = all !== undefined && !isDone && walk.progress === undefined;
  const isHealthy = all !== undefined && all.differing.length + all.failed.length === 0 && all.prices?.length === 0;
  const examined = text.count(all?.examined ?? 0);
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        <>
          {isStopped && <Button onClick={goOn}>{text.goOn}</Button>}
          <Button look="primary" busy={walk.isBusy} onClick={begin}>
            {all ? text.again : text.begin}
          </Button>
        </>
      }
    >
      <Task walk={walk} title={text.running} count={examined} words={{ waits: text.waits, failed: text.failed, cancel: text.stop }} />
      {isDone && (
        <Notice tone={isHealthy ? "good" : "warn"} title={<span role="status">{text.done}</span>}>
          {examined}. {isHealthy && text.healthy}
        </Notice>
      )}
      {isStopped && (
        <Notice title={<span role="status">{text.stopped}</span>}>
          {examined}.
        </Notice>
      )}
      {all ? <Result all={all} /> : !walk.progress && <Empty title={text.before}>{text.beforeLead}</Empty>}
    </Page>
  );
}

function Result({ all: { prices, differing, failed } }: { all: Part }) {
  const { rounds: text } = useOperatorText();
  return (
    <>
      {differing.length > 0 && (
        <Card title={text.differing}>
          <ul>
            {differing.map(({ workspace, differences }) => (
              <Entry key={workspace} workspace={workspace} codes={differences.map(({ code }) => code)}>
                <Badge tone="warn">{text.differences(differences.length)}</Badge>
              </Entry>
            ))}
          </ul>
        </Card>
      )}
      {failed.length > 0 && (
        <Card title={text.unexamined}>
          <ul>
            {failed.map(({ workspace, code }) => (
              <Entry key={workspace} workspace={workspace} codes={[code]} />
            ))}
          </ul>
        </Card>
      )}
      <Card title={text.prices}>
        {prices === null || prices.length === 0 ? (
          <p className="text-sm text-soft">{prices ? text.pricesFine : text.pricesUnknown}</p>
        ) : (
          <ul className="grid gap-2 text-sm">
            {prices.map(({ subject, recorded, found }) => (
              <li key={subject} className="wrap-anywhere">
                <span className="font-medium">{subject}</span>{" "}
                <Code>{`${JSON.stringify(recorded)} → ${JSON.stringify(found)}`}</Code>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function Entry({ workspace, codes, children }: { workspace: string; codes: string[]; children?: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-2.5 first:pt-0 last:border-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-72">
        <To path={workspacePath(workspace, "doctor")} className="text-accent underline-offset-4 hover:underline">
          <Code>{workspace}</Code>
        </To>
        <p className="text-sm wrap-anywhere text-soft">{[...new Set(codes)].join(", ")}</p>
      </div>
      {children}
    </li>
  );
}
