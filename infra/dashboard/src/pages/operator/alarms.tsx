// What each alarm means and what to do.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "../../kit/button";
import { Empty } from "../../kit/empty";
import { Field } from "../../kit/field";
import { Page } from "../../shell/page";
import { alarms } from "../../text/en/operator/alarms";
import { useAlarmText } from "../../text/operator";
import { find, KINDS, PROCEDURES, type Alarm, type Kind } from "./alarms/list";
import { useConsoleSearch } from "./paths";
import { cell, Code } from "./rows";

export function Alarms() {
  const text = useAlarmText(alarms);
  const { q } = useConsoleSearch();
  const navigate = useNavigate({ from: "/operator/$" });
  const set = (q: string) => void navigate({ search: q ? { q } : {}, replace: true, resetScroll: false });
  // What is typed stays as it is typed; the address follows it.
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped((now) => (now.trim() === q ? now : q)), [q]);
  const found = find(q);
  return (
    <Page title={text.title} lead={text.lead}>
      <div role="search" className="sm:max-w-sm">
        <Field
          label={text.find}
          bare
          type="search"
          placeholder={text.findHint}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            set(target.value.trim());
          }}
        />
      </div>
      {found.length === 0 ? (
        <Empty title={text.none} action={<Button small onClick={() => set("")}>{text.all}</Button>}>
          <span role="status">{text.noneLead}</span>
        </Empty>
      ) : (
        <ul className="grid grid-cols-1 gap-4">
          {KINDS.map((kind) => {
            const alarms = found.filter((alarm) => alarm.kind === kind);
            return alarms.length > 0 && <Group key={kind} kind={kind} alarms={alarms} />;
          })}
        </ul>
      )}
    </Page>
  );
}

function Group({ kind, alarms: listed }: { kind: Kind; alarms: Alarm[] }) {
  const text = useAlarmText(alarms);
  const { title, lead } = text.kinds[kind];
  const said = listed.some(({ about }) => about);
  return (
    <li className="grid grid-cols-1 gap-3 rounded-xl border border-line bg-panel p-5">
      <div>
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="mt-0.5">{lead}</p>
        <p className="mt-1 text-sm text-soft">
          {text.procedure} <Code>docs/operations.md</Code>, “<span lang="en">{PROCEDURES[kind]}</span>”
        </p>
      </div>
      {said ? (
        <table className="w-full text-sm">
          <thead className="sr-only">
            <tr>
              <th scope="col">{text.names}</th>
              <th scope="col">{text.means}</th>
            </tr>
          </thead>
          <tbody>
            {listed.map((alarm) => (
              <tr key={alarm.name} className="max-sm:block">
                <th scope="row" className={`${cell} font-normal max-sm:block max-sm:pb-0 sm:w-64`}>
                  <Code>{alarm.name}</Code>
                </th>
                <td className={`${cell} max-sm:block max-sm:border-0 max-sm:pt-0`}>{meaningOf(alarm, text)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <ul aria-label={text.names} className="flex flex-wrap gap-x-4 gap-y-1">
          {listed.map(({ name }) => (
            <li key={name}>
              <Code>{name}</Code>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function meaningOf({ about }: Alarm, text: typeof alarms): string {
  switch (about?.of) {
    case "functions":
      return text.functions[about.name];
    case "deadLetters":
      return text.deadLetters[about.name];
    case "rules":
      return text.rules[about.name];
    case undefined:
      return "";
  }
}
