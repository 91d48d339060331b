// A difference in plain words, with the values that differ and what becomes of it.

import type { ReactNode } from "react";
import type { Difference, Outcome } from "../../api/doctor/examination";
import { useCatalogue, type Catalogue } from "../../api/queries/catalogue";
import { Badge, type Tone } from "../../kit/badge";
import { Copy } from "../../kit/copy";
import { useText, type Text } from "../../text";
import { day, isolated, number } from "../../text/format";
import { brandOf } from "../overview/sentence";
import { isRepairable, lossOf, part, rowsOf, wantedOf, type Field } from "./facts";
import { useDoctorText } from "./words";

type Names = Record<string, string | undefined>;

const tones: Record<Outcome, Tone> = { done: "good", under_way: "accent", ask_again: "warn", by_hand: "warn" };

/** What somebody else than an owner can do about differences. */
export interface Support {
  byHand: Record<string, string>;
  isRepairable: (difference: Difference) => boolean;
}

export function Finding({ difference, names, zone, support }: { difference: Difference; names: Names; zone: string; support?: Support }) {
  const t = useText();
  const text = useDoctorText();
  // Staff have no token for it.
  const catalogue = useCatalogue(!support);
  const rows = rowsOf(difference);
  const { code, subject, repair } = difference;
  const isLeft = repair ? repair === "by_hand" : !(support?.isRepairable ?? isRepairable)(difference);
  const byHand: Record<string, string | undefined> = support?.byHand ?? text.byHand;
  const advice = byHand[code] ?? byHand["other"];
  // Ids are for support; counters and integrations are in the sentence.
  const hasId = /^(usr|inv|ws|cus)_/.test(subject) && code !== "runtime";
  return (
    <li className="grid min-w-0 grid-cols-1 gap-3 rounded-lg border border-line p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-60 font-medium wrap-anywhere">{sentenceOf(difference, names, t, text)}</p>
        {repair && <Badge tone={tones[repair]}>{text.outcomes[repair]}</Badge>}
      </div>
      {rows.length > 0 && (
        <table className="w-full max-w-2xl table-fixed text-sm">
          <thead className="text-soft">
            <tr>
              <td className="w-28 sm:w-40" />
              <th scope="col" className="py-1 pe-4 text-start font-medium">
                {text.values.recorded}
              </th>
              <th scope="col" className="py-1 text-start font-medium">
                {text.values.found}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, recorded, found }) => (
              <tr key={field} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pe-3 text-start font-normal wrap-anywhere text-soft">
                  {text.fields[field]}
                </th>
                {[recorded, found].map((value, place) => (
                  <td key={place} className="py-1.5 pe-4 wrap-anywhere last:pe-0">
                    <Value {...{ field, value, zone, catalogue }} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isLeft && <p className="text-sm">{advice}</p>}
      {repair === "done" && code === "secret_missing" && <p className="text-sm">{text.after.secret_missing}</p>}
      {hasId && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-soft">
          {text.subject} <code className="font-mono text-xs break-all">{subject}</code>
          <Copy value={subject} label={text.subject} />
        </p>
      )}
    </li>
  );
}

/** What differs. The API adds kinds: one that is not known is named. */
function sentenceOf(difference: Difference, names: Names, t: Text, { codes, counters, member, invitation }: ReturnType<typeof useDoctorText>): string {
  const { code, subject, recorded, found } = difference;
  const name = names[subject];
  const who = name ? isolated(name) : subject.startsWith("inv_") ? invitation : member(subject);
  switch (code) {
    case "counter":
      return codes.counter(counters[subject as keyof typeof counters] ?? subject);
    case "address_unguarded":
    case "address_of_nobody":
    case "address_of_two":
    case "unread_count":
    case "free_container_list":
      return codes[code](who);
    case "runtime": {
      const status = String(part(recorded, "status"));
      return codes.runtime[wantedOf(difference)](t.overview.status[status as keyof typeof t.overview.status] ?? status);
    }
    case "subscription":
      return codes.subscription[recorded == null ? "missing" : found == null ? "extra" : "other"];
    case "second_subscription":
    case "audit_log":
      return codes[code];
    case "customer":
      return codes.customer[lossOf(difference)];
    case "price":
      return codes.price(subject);
    case "secret_missing":
      return codes.secret_missing(brandOf(subject));
    case "free_workspace_list":
      return codes.free_workspace_list[(recorded as unknown) === true ? "extra" : "missing"](who);
    default:
      return codes.other(code);
  }
}

function Value({ field, value, zone, catalogue }: { field: Field; value: unknown; zone: string; catalogue: Catalogue }): ReactNode {
  const t = useText();
  const text = useDoctorText();
  if (value == null || (Array.isArray(value) && value.length === 0)) return <span className="text-soft">{text.values.none}</span>;
  const word = String(value);
  switch (field) {
    case "plan":
      return catalogue.plan(word);
    case "interval":
      return text.intervals[word as keyof typeof text.intervals] ?? word;
    case "status":
      return t.billing.status[word as keyof typeof t.billing.status] ?? word;
    case "current_period_end":
    case "cancel_at":
    case "grace_until":
      return Number.isNaN(Date.parse(word)) ? word : day(word, zone);
    case "count":
    case "number":
    case "amount":
      return typeof value === "number" ? number(value) : typeof value === "object" ? JSON.stringify(value) : word;
    case "tasks":
      return (Array.isArray(value) ? value : [value]).map((task, place) => {
        const status = part(task, "status");
        const id = String(part(task, "task") ?? task);
        return (
          <span key={place} className="block">
            <code className="font-mono text-xs break-all">{id}</code>
            {status !== undefined && ` (${text.phases[status as keyof typeof text.phases] ?? String(status)})`}
          </span>
        );
      });
    case "id":
    case "digest":
    case "price":
      return <code className="font-mono text-xs break-all">{word}</code>;
  }
}
