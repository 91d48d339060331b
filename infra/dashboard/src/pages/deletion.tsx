// The receipt of a workspace's deletion: its parts, followed to their end.

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { now } from "../api/client";
import { keptDeletions } from "../api/deletions/kept";
import { completedAt, isMissing, readableUntil, receiptQuery, type Receipt } from "../api/deletions/receipt";
import { Button, buttonClass } from "../kit/button";
import { Card } from "../kit/card";
import { Copy } from "../kit/copy";
import { Notice } from "../kit/notice";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Time } from "../kit/time";
import { Frame } from "../shell/frame";
import { Page } from "../shell/page";
import { ownZone } from "../shell/zone";
import { usePageText } from "../text";
import { deletion } from "../text/en/pages/deletion";
import { day, isolated } from "../text/format";
import { Parts } from "./deletion/parts";

/** After this long something is in the way of the deletion. */
const SLOW = 15 * 60_000;

export function Deletion() {
  const text = usePageText("deletion", deletion);
  const { id } = useParams({ from: "/inside/deletions/$id" });
  const { data: receipt, error, refetch } = useQuery(receiptQuery(id));
  // Only this browser has the name: it is deleted with the workspace.
  const [names] = useState(() => Object.fromEntries(keptDeletions().map((kept) => [kept.id, kept.name])));
  const name = names[id];
  const end = receipt && completedAt(receipt);
  if (isMissing(error)) return <Missing />;
  return (
    <Frame>
      <div className="mx-auto max-w-2xl">
        <Page
          title={name === undefined ? text.unnamed : text.title(isolated(name))}
          lead={end ? text.leadDone : text.lead}
          actions={
            end && (
              <span className="no-print">
                <Button onClick={() => print()}>{text.print}</Button>
              </span>
            )
          }
        >
          {error && <Problem error={error} retry={() => void refetch()} />}
          {!receipt && !error && (
            <>
              <Skeleton className="h-96 rounded-xl" />
              <Skeleton className="h-60 rounded-xl" />
            </>
          )}
          {receipt && (
            <>
              {end ? (
                <Notice tone="good" title={<span role="status">{text.done}</span>}>
                  {text.doneLead(day(readableUntil(end), ownZone()))}
                </Notice>
              ) : (
                now() - Date.parse(receipt.requested_at) > SLOW && (
                  <Notice tone="warn" title={text.slow}>
                    {text.slowLead}
                  </Notice>
                )
              )}
              <Parts receipt={receipt} />
              <About receipt={receipt} end={end} />
            </>
          )}
          <div className="no-print">
            <Link to="/workspaces" className={buttonClass(end ? "primary" : "plain")}>
              {text.toWorkspaces}
            </Link>
          </div>
        </Page>
      </div>
    </Frame>
  );
}

function Missing() {
  const text = usePageText("deletion", deletion);
  return (
    <Frame>
      <div className="mx-auto max-w-lg py-16">
        <Page title={text.missing} lead={text.missingLead}>
          <div>
            <Link to="/workspaces" className={buttonClass("primary")}>
              {text.toWorkspaces}
            </Link>
          </div>
        </Page>
      </div>
    </Frame>
  );
}

function About({ receipt, end }: { receipt: Receipt; end: string | undefined }) {
  const text = usePageText("deletion", deletion);
  const zone = ownZone();
  return (
    <Card title={text.about} lead={text.aboutLead(zone)}>
      <dl className="grid gap-4 text-sm sm:grid-cols-2">
        <div className="grid gap-0.5">
          <dt className="text-soft">{text.requested}</dt>
          <dd>
            <Time at={receipt.requested_at} zone={zone} />
          </dd>
        </div>
        {end && (
          <div className="grid gap-0.5">
            <dt className="text-soft">{text.completed}</dt>
            <dd>
              <Time at={end} zone={zone} />
            </dd>
          </div>
        )}
        <Id label={text.id} value={receipt.id} />
        <Id label={text.workspace} value={receipt.workspace_id} />
        <div className="grid gap-0.5 sm:col-span-2">
          <dt className="text-soft">{text.stays}</dt>
          <dd>{text.staysLead}</dd>
        </div>
      </dl>
    </Card>
  );
}

function Id({ label, value }: { label: string; value: string }) {
  return (
    <div className="grid gap-0.5 sm:col-span-2">
      <dt className="text-soft">{label}</dt>
      <dd className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-xs break-all">{value}</code>
        <span className="no-print">
          <Copy value={value} label={label} />
        </span>
      </dd>
    </div>
  );
}
