// The progress of a verification, and what it found.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button, buttonClass } from "../../kit/button";
import { Copy } from "../../kit/copy";
import { Notice } from "../../kit/notice";
import { Task } from "../../kit/task";
import { Time } from "../../kit/time";
import { dayIn } from "./days";
import { Proof } from "./proof";
import { timeOf } from "./verdict";
import type { useVerification, Verified } from "./verification";
import { useAuditText } from "./words";

export function VerifyPanel({ run, workspace, zone }: { run: ReturnType<typeof useVerification>; workspace: string; zone: string }) {
  const { verify: text, walk } = useAuditText();
  const { progress, checked, signed, at, cancel } = run;
  if (progress?.state !== "done") return <Task walk={run} words={walk} title={text.title} count={text.checked(checked.count)} />;
  const close = (
    <Button small onClick={cancel}>
      {text.close}
    </Button>
  );
  const found = { checked, signed, at };
  return checked.broken ? <Broken {...found} workspace={workspace} zone={zone} close={close} /> : <Whole {...found} zone={zone} close={close} />;
}

function Whole({ checked, signed, at, zone, close }: Verified & { zone: string; close: ReactNode }) {
  const { verify: text } = useAuditText();
  const { count, last } = checked;
  const agrees = signed !== undefined && last?.number === signed.number;
  return (
    <Notice tone="good" title={<span role="status">{count > 0 ? text.whole : text.nothing}</span>}>
      {count > 0 && <p>{text.wholeLead(count)}</p>}
      <dl className="my-2 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)] lg:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
        <Fact name={text.at}>
          <Time at={at} zone={zone} />
        </Fact>
        {last && (
          <>
            <Fact name={text.last}>{text.ofNumber(last.number)}</Fact>
            <Fact name={text.digest}>
              <Code value={last.digest} label={text.digest} />
            </Fact>
          </>
        )}
        <Fact name={text.checkpoint}>
          {signed ? (
            <>
              <Time at={signed.at} zone={zone} /> · {text.ofNumber(signed.number)} · {agrees ? text.agrees : <Code value={signed.digest} label={text.checkpoint} />}
            </>
          ) : (
            text.noCheckpoint
          )}
        </Fact>
      </dl>
      <Actions>
        <Proof />
        {close}
      </Actions>
    </Notice>
  );
}

function Broken({ checked, workspace, zone, close }: Verified & { workspace: string; zone: string; close: ReactNode }) {
  const { verify: text } = useAuditText();
  const { count, last, broken } = checked;
  if (!broken) return null;
  const time = broken.at === undefined ? undefined : timeOf(broken.at);
  const day = time === undefined ? undefined : dayIn(time, zone);
  return (
    <Notice tone="bad" live title={text.broken}>
      <p>{text.reasons[broken.reason]}</p>
      <dl className="my-2 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)]">
        <Fact name={text.brokenAt}>
          {broken.at !== undefined ? (
            <>
              <Code value={broken.at} label={text.brokenAt} />
              {time !== undefined && <Time at={new Date(time).toISOString()} zone={zone} />}
            </>
          ) : last ? (
            text.ofNumber(last.number)
          ) : (
            text.brokenNowhere
          )}
        </Fact>
      </dl>
      {count > 0 && <p>{text.before(count)}</p>}
      <p className="mt-2 font-medium">{text.todo}</p>
      <ol className="mb-2 list-decimal ps-5">
        {text.todoSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Proof />
      <Actions>
        {day && (
          <Link to="/w/$ws/settings/audit" params={{ ws: workspace }} search={{ from: day, to: day }} resetScroll={false} className={buttonClass("plain", true)}>
            {text.day}
          </Link>
        )}
        {close}
      </Actions>
    </Notice>
  );
}

/** Below what was found: it takes many lines. */
function Actions({ children }: { children: ReactNode }) {
  return <div className="no-print mt-3 flex flex-wrap items-center gap-2 [&>p]:me-auto">{children}</div>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="font-medium sm:py-1">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2">{children}</dd>
    </>
  );
}

function Code({ value, label }: { value: string; label: string }) {
  return (
    <>
      <code className="font-mono text-xs break-all">{value}</code>
      <Copy value={value} label={label} />
    </>
  );
}
