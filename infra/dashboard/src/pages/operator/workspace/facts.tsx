// The facts of a workspace, each with what staff may do about it.

import { useState, type ReactNode } from "react";
import type { Facts, Limits, Size } from "../../../api/operator/types";
import { Button } from "../../../kit/button";
import { Card } from "../../../kit/card";
import { Time } from "../../../kit/time";
import { number } from "../../../text/format";
import { useOperatorText } from "../../../text/operator";
import { cell, Code, Row, Rows } from "../rows";
import { Acts, type ActName } from "./acts";
import { BillingCard } from "./billing";


export function FactsOfWorkspace({ facts }: { facts: Facts }) {
  const { workspace: text, act: words } = useOperatorText();
  const [open, setOpen] = useState<ActName>();
  const { workspace, contract } = facts;
  const button = (name: ActName, label: string): ReactNode => (
    <Button small why={workspace.live ? undefined : text.notLive} onClick={() => setOpen(name)}>
      {label}
    </Button>
  );
  const { suspend, unsuspend, set_owner, grant_trial, set_contract, remove_contract, return_usage } = words;
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
      <div className="grid min-w-0 grid-cols-1 gap-6">
        <Card
          title={text.head.title}
          actions={
            <>
              {button("suspend", (workspace.suspended ? words.change : suspend).button)}
              {workspace.suspended && button("unsuspend", unsuspend.button)}
              {button("set_owner", set_owner.button)}
            </>
          }
        >
          <Head facts={facts} />
        </Card>
        <BillingCard facts={facts} actions={button("grant_trial", grant_trial.button)} />
      </div>
      <div className="grid min-w-0 grid-cols-1 gap-6">
        <Card title={text.standing.title} lead={text.standing.lead}>
          <Standing facts={facts} />
        </Card>
        <Card
          title={text.contract.title}
          actions={
            <>
              {button("set_contract", contract ? set_contract.replace : set_contract.set)}
              {contract && button("remove_contract", remove_contract.button)}
            </>
          }
        >
          <ContractTerms facts={facts} />
        </Card>
        <Card title={text.usage.title} actions={Object.keys(facts.usage).length > 0 && button("return_usage", return_usage.button)}>
          <Usage facts={facts} />
        </Card>
        <Card title={text.runtime.title}>
          <Container facts={facts} />
        </Card>
      </div>
      <Acts facts={facts} open={open} onClose={() => setOpen(undefined)} />
    </div>
  );
}

function Head({ facts: { workspace } }: { facts: Facts }) {
  const { head: text } = useOperatorText().workspace;
  const { created_at, owners, members, seats, integrations } = workspace;
  return (
    <Rows>
      <Row name={text.created}>
        <Time at={created_at} zone="UTC" />
      </Row>
      <Row name={text.owners}>{number(owners)}</Row>
      <Row name={text.members}>{number(members)}</Row>
      <Row name={text.seats}>{number(seats)}</Row>
      <Row name={text.integrations}>{number(integrations)}</Row>
    </Rows>
  );
}

function Standing({ facts: { standing } }: { facts: Facts }) {
  const all = useOperatorText();
  const { standing: text } = all.workspace;
  return (
    <Rows>
      <Row name={text.plan}>{standing.plan}</Row>
      <Row name={text.mayRun}>{standing.may_run ? all.yes : all.no}</Row>
      <Row name={text.size}>
        <SizeOf size={standing.runtime} none={all.none} />
      </Row>
      <Row name={text.limits}>
        <LimitList limits={standing.limits} />
      </Row>
    </Rows>
  );
}

function ContractTerms({ facts: { contract } }: { facts: Facts }) {
  const { contract: text, intervals } = useOperatorText().workspace;
  const all = useOperatorText();
  if (!contract) return <p className="text-sm text-soft">{text.none}</p>;
  const { plan, interval, runtime, features, limits } = contract;
  return (
    <Rows>
      <Row name={text.plan}>{plan ?? text.byDefault}</Row>
      <Row name={text.interval}>{interval ? intervals[interval] : all.act.set_contract.noInterval}</Row>
      <Row name={text.runtime}>
        <SizeOf size={runtime} none={text.asPlan} />
      </Row>
      <Row name={text.features}>{features.length > 0 ? <Code>{features.join(", ")}</Code> : all.none}</Row>
      <Row name={text.limits}>{Object.keys(limits).length > 0 ? <LimitList limits={limits} /> : text.noLimits}</Row>
    </Rows>
  );
}

function SizeOf({ size, none }: { size: Size | null; none: string }) {
  const { size: say } = useOperatorText().workspace;
  return <>{size ? say(number(size.cpu_units), number(size.memory_mib)) : none}</>;
}

function LimitList({ limits }: { limits: Limits }) {
  const { unlimited } = useOperatorText();
  return (
    <ul className="grid gap-0.5">
      {Object.entries(limits).map(([name, limit]) => (
        <li key={name} className="flex flex-wrap items-baseline justify-between gap-x-3">
          <Code>{name}</Code>
          <span className={limit === null ? "text-soft" : "tabular-nums"}>{limit === null ? unlimited : number(limit)}</span>
        </li>
      ))}
    </ul>
  );
}

function Usage({ facts: { usage } }: { facts: Facts }) {
  const all = useOperatorText();
  const { usage: text } = all.workspace;
  const meters = Object.entries(usage);
  if (meters.length === 0) return <p className="text-sm text-soft">{text.none}</p>;
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <thead className="text-soft">
          <tr>
            {[text.meter, text.used, text.limit, text.resets].map((name) => (
              <th key={name} scope="col" className="pe-4 pb-1 text-start font-medium last:pe-0">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {meters.map(([name, { used, limit, resets_at }]) => (
            <tr key={name}>
              <th scope="row" className={`${cell} font-normal`}>
                <code className="font-mono text-xs whitespace-nowrap">{name}</code>
              </th>
              <td className={`${cell} whitespace-nowrap`}>{number(used)}</td>
              <td className={`${cell} whitespace-nowrap`}>{limit === null ? all.unlimited : number(limit)}</td>
              <td className={cell}>{resets_at ? <Time at={resets_at} zone="UTC" format="day" /> : text.never}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Container({ facts: { runtime } }: { facts: Facts }) {
  const { runtime: text } = useOperatorText().workspace;
  const all = useOperatorText();
  if (!runtime) return <p className="text-sm text-soft">{text.none}</p>;
  const { status, generation, plan, last_stop_reason, deadline } = runtime;
  return (
    <Rows>
      <Row name={text.status}>
        <Code>{status}</Code>
      </Row>
      <Row name={text.generation}>{number(generation)}</Row>
      <Row name={text.plan}>{plan ?? all.none}</Row>
      <Row name={text.stopped}>{last_stop_reason ? <Code>{last_stop_reason}</Code> : all.none}</Row>
      <Row name={text.deadline}>{deadline ? <Time at={deadline} zone="UTC" /> : all.none}</Row>
    </Rows>
  );
}
