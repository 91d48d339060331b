// A record in full: what changed, and what identifies it.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AuditRecord } from "../../api/audit/log";
import { Name } from "../../kit/avatar";
import { Copy } from "../../kit/copy";
import { number } from "../../text/format";
import { changesOf, type Shown } from "./diff";
import { useAuditText } from "./words";

export function Details({ workspace, record, isLog, names }: {
  workspace: string;
  record: AuditRecord;
  isLog: boolean;
  names: Record<string, string | undefined>;
}) {
  return (
    <div className="grid gap-x-8 gap-y-5 text-sm lg:grid-cols-2">
      <Diff record={record} />
      <Facts workspace={workspace} record={record} isLog={isLog} names={names} />
    </div>
  );
}

function Diff({ record }: { record: AuditRecord }) {
  const { diff: text } = useAuditText();
  const changes = changesOf(record);
  return (
    <section className="min-w-0">
      <h3 className="font-semibold">{text.title}</h3>
      {changes.length === 0 && <p className="mt-1 text-soft">{text.nothing}</p>}
      <dl className="mt-2 grid gap-3 empty:hidden">
        {changes.map(({ field, before, after, isSame }) => (
          <div key={field} className="min-w-0 print:break-inside-avoid">
            <dt className="font-mono text-xs text-soft [overflow-wrap:anywhere]">{field}</dt>
            <dd className="mt-1 overflow-hidden rounded-md border border-line bg-panel font-mono text-xs">
              {isSame && before ? (
                <Line mark=" " said={text.same} value={before} />
              ) : (
                <>
                  {before && (
                    <del className="block bg-bad-soft text-bad no-underline">
                      <Line mark="−" said={text.before} value={before} />
                    </del>
                  )}
                  {after && (
                    <ins className="block bg-good-soft text-good no-underline">
                      <Line mark="+" said={text.after} value={after} />
                    </ins>
                  )}
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Line({ mark, said, value }: { mark: string; said: string; value: Shown }) {
  return (
    <span className="flex gap-2 px-2.5 py-1.5">
      <span aria-hidden="true" className="w-2 shrink-0 select-none">
        {mark}
      </span>
      <span className="sr-only">{said}: </span>
      <Value value={value} />
    </span>
  );
}

function Value({ value }: { value: Shown }) {
  const { diff: text } = useAuditText();
  switch (value.kind) {
    case "text":
      return <bdi className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{value.text}</bdi>;
    case "empty":
      return <span className="italic">{text.empty}</span>;
    case "erased":
    case "large":
      return (
        <span className="min-w-0">
          <span className="font-sans font-medium">{value.kind === "erased" ? text.erased : text.large(value.bytes)}</span>
          {value.kind === "erased" && <span className="font-sans"> – {text.erasedLead}</span>}
          <span className="block break-all">{value.digest}</span>
        </span>
      );
  }
}

function Facts({ workspace, record, isLog, names }: {
  workspace: string;
  record: AuditRecord;
  isLog: boolean;
  names: Record<string, string | undefined>;
}) {
  const { facts: text } = useAuditText();
  const { id, action, actor, actor_name, target, request_id, ip_address, number: place, sequence, digest, previous } = record;
  const name = actor_name ?? names[actor];
  const to = { to: "/w/$ws/settings/audit", params: { ws: workspace }, resetScroll: false } as const;
  // As tall as a target has to be that others are close to.
  const link = "no-print inline-block min-h-6 font-medium underline underline-offset-2";
  return (
    <section className="min-w-0">
      <h3 className="font-semibold">{text.title}</h3>
      <dl className="mt-2 grid gap-x-4 gap-y-2 leading-6 sm:grid-cols-[9rem_minmax(0,1fr)]">
        <Fact name={text.action}>
          <Code>{action}</Code>
        </Fact>
        <Fact name={text.actor} copy={actor}>
          {name && <Name>{name}</Name>}
          <Code>{actor}</Code>
          <Link {...to} search={{ actor }} className={link}>
            {text.more.actor}
          </Link>
        </Fact>
        <Fact name={text.target} copy={target}>
          <Code>{target}</Code>
          {isLog && (
            <Link {...to} search={{ target }} className={link}>
              {text.more.target}
            </Link>
          )}
        </Fact>
        <Fact name={text.request} copy={request_id}>
          <Code>{request_id}</Code>
        </Fact>
        <Fact name={text.address}>{ip_address ? <Code>{ip_address}</Code> : <span className="text-soft">{text.noAddress}</span>}</Fact>
        <Fact name={text.id} copy={id}>
          <Code>{id}</Code>
        </Fact>
        {isLog && (
          <Fact name={text.number}>
            {place == null ? <span className="text-soft">{text.unlinked}</span> : sequence === "before" ? text.before(place) : number(place)}
          </Fact>
        )}
        {digest && (
          <Fact name={text.digest} copy={digest}>
            <Code>{digest}</Code>
          </Fact>
        )}
        {previous && place !== 1 && (
          <Fact name={text.previous} copy={previous}>
            <Code>{previous}</Code>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, copy, children }: { name: string; copy?: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft max-sm:mt-1 max-sm:-mb-2">{name}</dt>
      <dd className="flex min-w-0 items-start justify-between gap-2">
        <span className="flex min-w-0 flex-wrap gap-x-3">{children}</span>
        {copy && (
          <span className="no-print -my-1 shrink-0">
            <Copy value={copy} label={name} />
          </span>
        )}
      </dd>
    </>
  );
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-xs leading-6 break-all">{children}</code>;
}
