// The keys, and whether those without a modifier are on.

import { useState, type ReactNode } from "react";
import { Dialog } from "../../kit/dialog";
import { Switch } from "../../kit/switch";
import { usePageText } from "../../text";
import { commands } from "../../text/en/pages/commands";
import { destinations } from "./destinations";
import { isMac, isOn, turn } from "./keyboard";

export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { help: text, pages } = usePageText("commands", commands);
  const [single, setSingle] = useState(isOn);
  return (
    <Dialog open={open} onClose={onClose} title={text.title} wide>
      <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2">
        <Section title={text.everywhere}>
          <Line label={text.palette}>
            <Key>{isMac ? "⌘" : "Ctrl"}</Key>
            <Key>K</Key>
          </Line>
          <Line label={text.search}>
            <Key>/</Key>
          </Line>
          <Line label={text.invite}>
            <Key>i</Key>
          </Line>
          <Line label={text.help}>
            <Key>?</Key>
          </Line>
        </Section>
        <Section title={text.go} lead={text.goLead}>
          {destinations.map(({ page, key }) => (
            <Line key={page} label={pages[page].name}>
              <Key>g</Key>
              <span className="text-xs text-soft">{text.then}</span>
              <Key>{key}</Key>
            </Line>
          ))}
        </Section>
      </div>
      <div className="border-t border-line pt-4">
        <Switch
          label={text.single}
          hint={text.singleHint}
          on={single}
          onChange={(on) => {
            turn(on);
            setSingle(on);
          }}
        />
      </div>
    </Dialog>
  );
}

function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className="grid content-start gap-2">
      <h3 className="font-semibold">{title}</h3>
      {lead && <p className="text-sm text-soft">{lead}</p>}
      <dl className="divide-y divide-line">{children}</dl>
    </section>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-4 py-1.5">
      <dt className="text-sm">{label}</dt>
      <dd className="flex shrink-0 items-center gap-1.5">{children}</dd>
    </div>
  );
}

function Key({ children }: { children: string }) {
  return <kbd className="min-w-6 rounded-md border border-line bg-sunken px-1.5 text-center font-mono text-sm leading-6">{children}</kbd>;
}
