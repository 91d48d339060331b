// What staff may do in a workspace, each in a dialog. What was typed stays while the dialog is open.

import { useState } from "react";
import { act } from "../../../api/operator/client";
import { factsQuery, noteFacts } from "../../../api/operator/queries";
import type { Act, Facts } from "../../../api/operator/types";
import { readAgain } from "../../../api/query";
import { useSend } from "../../../api/send";
import { Dialog } from "../../../kit/dialog";
import { Field, Select } from "../../../kit/field";
import { toast } from "../../../kit/toasts";
import { isolated } from "../../../text/format";
import { useOperatorText } from "../../../text/operator";
import { ActForm, type Sending } from "../act";
import { isWhole } from "../whole";
import { ContractForm } from "./contract";

export type ActName = Exclude<Act["command"], "doctor">;

interface Ordered {
  command: Act;
  reason: string;
}

export interface FormProps extends Sending {
  facts: Facts;
  onClose: () => void;
  onSend: (command: Act, reason: string) => void;
}

export function Acts({ facts, open, onClose }: { facts: Facts; open: ActName | undefined; onClose: () => void }) {
  const { act: text } = useOperatorText();
  const { id, name, suspended } = facts.workspace;
  const wordsOf = (one: ActName) => (one === "suspend" && suspended ? text.change : text[one]);
  const send = useSend(
    ({ command, reason }: Ordered, key) => act<{ facts: Facts }>(command, reason, key),
    ({ facts }, { command: { command } }) => {
      noteFacts(facts);
      // After Back, another workspace may be open.
      toast(`${isolated(facts.workspace.name)}: ${wordsOf(command as ActName).done}`);
      onClose();
    },
  );
  const close = () => {
    if (send.isUnderWay()) return;
    if (send.error) void readAgain(factsQuery(id).queryKey);
    send.reset();
    onClose();
  };
  const form: FormProps = { facts, busy: send.busy, error: send.error, onClose: close, onSend: (command, reason) => send.run({ command, reason }) };
  return (
    <Dialog open={open !== undefined} onClose={close} title={open ? wordsOf(open).title(isolated(name)) : ""} wide={open === "set_contract"}>
      {open === "suspend" && <Suspend {...form} />}
      {open === "unsuspend" && <Unsuspend {...form} />}
      {open === "grant_trial" && <GrantTrial {...form} />}
      {open === "set_contract" && <ContractForm {...form} />}
      {open === "remove_contract" && <RemoveContract {...form} />}
      {open === "return_usage" && <ReturnUsage {...form} />}
      {open === "set_owner" && <SetOwner {...form} />}
    </Dialog>
  );
}

function Suspend({ facts: { workspace }, onSend, ...form }: FormProps) {
  const { act: text } = useOperatorText();
  // What is sent replaces what was shown, and nothing later: so do the acts below.
  const [replaces] = useState(workspace.suspended);
  const { lead, action } = replaces ? text.change : text.suspend;
  return <ActForm {...form} lead={lead} action={action} danger given={replaces?.reason ?? ""} onSend={(reason) => onSend({ command: "suspend", workspace: workspace.id, replaces }, reason)} />;
}

function Unsuspend({ facts: { workspace }, onSend, ...form }: FormProps) {
  const { lead, action } = useOperatorText().act.unsuspend;
  const [replaces] = useState(workspace.suspended);
  return <ActForm {...form} lead={lead} action={action} onSend={(reason) => onSend({ command: "unsuspend", workspace: workspace.id, replaces }, reason)} />;
}

function RemoveContract({ facts: { workspace, contract }, onSend, ...form }: FormProps) {
  const { lead, action } = useOperatorText().act.remove_contract;
  const [replaces] = useState(contract);
  return <ActForm {...form} lead={lead} action={action} danger onSend={(reason) => onSend({ command: "remove_contract", workspace: workspace.id, replaces }, reason)} />;
}

function GrantTrial({ facts: { workspace }, onSend, ...form }: FormProps) {
  const { act: text } = useOperatorText();
  const { lead, action, days: label, daysHint } = text.grant_trial;
  const [days, setDays] = useState("14");
  const why = isWhole(days) ? undefined : text.whole(label);
  return (
    <ActForm {...form} lead={lead} action={action} why={why} onSend={(reason) => onSend({ command: "grant_trial", workspace: workspace.id, days: Number(days) }, reason)}>
      <Field label={label} hint={daysHint} inputMode="numeric" autoComplete="off" value={days} onChange={({ target }) => setDays(target.value)} />
    </ActForm>
  );
}

function ReturnUsage({ facts: { workspace, usage }, onSend, ...form }: FormProps) {
  const { act: text } = useOperatorText();
  const words = text.return_usage;
  const meters = Object.keys(usage);
  const [meter, setMeter] = useState(meters[0] ?? "");
  const [amount, setAmount] = useState("");
  const [ticket, setTicket] = useState("");
  const key = ticket.trim();
  const why = !isWhole(amount) ? text.whole(words.amount) : !key ? text.missing(words.key) : undefined;
  return (
    <ActForm {...form} lead={words.lead} action={words.action} why={why} onSend={(reason) => onSend({ command: "return_usage", workspace: workspace.id, meter, amount: Number(amount), key }, reason)}>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Select label={words.meter} value={meter} onChange={({ target }) => setMeter(target.value)}>
          {meters.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <Field label={words.amount} inputMode="numeric" autoComplete="off" value={amount} onChange={({ target }) => setAmount(target.value)} />
      </div>
      <Field label={words.key} hint={words.keyHint} autoComplete="off" spellCheck={false} value={ticket} onChange={({ target }) => setTicket(target.value)} />
    </ActForm>
  );
}

function SetOwner({ facts: { workspace }, onSend, ...form }: FormProps) {
  const { act: text } = useOperatorText();
  const words = text.set_owner;
  const [typed, setTyped] = useState("");
  const who = typed.trim();
  const member = who.includes("@") ? { email: who } : { user: who };
  return (
    <ActForm {...form} lead={words.lead} action={words.action} why={who ? undefined : text.missing(words.who)} onSend={(reason) => onSend({ command: "set_owner", workspace: workspace.id, ...member }, reason)}>
      <Field label={words.who} hint={words.whoHint} autoComplete="off" spellCheck={false} value={typed} onChange={({ target }) => setTyped(target.value)} />
    </ActForm>
  );
}
