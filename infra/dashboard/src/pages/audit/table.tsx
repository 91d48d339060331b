// The records as a table: each says what happened and when, and opens to its details.

import { Fragment, lazy, Suspense, useEffect, useId, useState } from "react";
import type { AuditRecord } from "../../api/audit/log";
import { useCatalogue } from "../../api/queries/catalogue";
import { Avatar, Name } from "../../kit/avatar";
import { cn } from "../../kit/cn";
import { Skeleton } from "../../kit/skeleton";
import { Time } from "../../kit/time";
import { useText } from "../../text";
import { number } from "../../text/format";
import { describe } from "../overview/sentence";
import { useAuditText } from "./words";

// A file of its own, loaded while people read.
const details = () => import("./details");
const Details = lazy(async () => ({ default: (await details()).Details }));

export function Records({ workspace, records, isLog, names, zone, isOld }: {
  workspace: string;
  records: readonly AuditRecord[];
  isLog: boolean;
  names: Record<string, string | undefined>;
  zone: string;
  /** Others are on their way. */
  isOld: boolean;
}) {
  const text = useAuditText();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => void details().catch(() => undefined), []);
  const toggle = (id: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  return (
    <div className={cn("overflow-hidden rounded-xl border border-line bg-panel transition-opacity print:overflow-visible print:rounded-none", isOld && "opacity-60")}>
      <table className="w-full" aria-busy={isOld || undefined}>
        <caption className="sr-only">{text.table}</caption>
        <thead className="text-sm text-soft">
          <tr>
            <th scope="col" className="px-4 py-2.5 text-start font-medium sm:px-5">{text.change}</th>
            <th scope="col" className="hidden py-2.5 pe-4 text-start font-medium sm:table-cell print:table-cell">{text.time}</th>
            {isLog && <th scope="col" className="hidden py-2.5 pe-4 text-end font-medium md:table-cell print:table-cell">{text.number}</th>}
            <th scope="col" className="w-px print:hidden">
              <span className="sr-only">{text.details}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row key={record.id} {...{ workspace, record, isLog, names, zone }} isOpen={open.has(record.id)} onToggle={() => toggle(record.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ workspace, record, isLog, names, zone, isOpen, onToggle }: {
  workspace: string;
  record: AuditRecord;
  isLog: boolean;
  names: Record<string, string | undefined>;
  zone: string;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const t = useText();
  const text = useAuditText();
  const catalogue = useCatalogue();
  const id = useId();
  const { after, actor_name, actor, at, sequence } = record;
  const who = typeof after["operator"] === "string" ? after["operator"] : (actor_name ?? names[actor] ?? "");
  const pieces = describe(record, names, t, catalogue);
  const sentence = pieces.map((piece) => ("name" in piece ? piece.name : piece.text)).join("");
  // Where there is a pointer, the whole row opens; text can be selected in it all the same.
  const pressed = ({ target }: React.MouseEvent) => {
    if (target instanceof Element && !target.closest("a, button") && !getSelection()?.toString()) onToggle();
  };
  return (
    <Fragment>
      <tr onClick={pressed} className={cn("cursor-pointer border-t border-line align-top hover:bg-sunken/60 print:break-inside-avoid", isOpen && "bg-sunken/60")}>
        <th scope="row" className="px-4 py-3 text-start font-normal sm:px-5">
          <div className="flex items-start gap-3">
            <span className="print:hidden">
              <Avatar name={who} />
            </span>
            <div className="min-w-0 pt-1">
              <p className="[overflow-wrap:anywhere]">
                {pieces.map((piece, index) =>
                  "name" in piece ? (
                    <span key={index} className="font-medium">
                      <Name>{piece.name}</Name>
                    </span>
                  ) : (
                    piece.text
                  ),
                )}
              </p>
              <p className="mt-0.5 text-sm text-soft sm:hidden print:hidden">
                <Time at={at} zone={zone} />
              </p>
            </div>
          </div>
        </th>
        <td className="hidden py-4 pe-4 text-sm leading-6 whitespace-nowrap text-soft sm:table-cell print:table-cell">
          <Time at={at} zone={zone} />
        </td>
        {isLog && <td className="hidden py-4 pe-4 text-end text-sm leading-6 text-soft md:table-cell print:table-cell">{sequence === "log" && record.number != null ? number(record.number) : "–"}</td>}
        <td className="py-2.5 pe-2 text-end print:hidden">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            aria-label={text.detailsOf(sentence)}
            onClick={onToggle}
            className="grid size-9 place-items-center rounded-lg text-soft hover:bg-sunken"
          >
            <svg viewBox="0 0 12 12" className={cn("size-3.5 transition-transform", isOpen && "rotate-180")} aria-hidden="true">
              <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
            </svg>
          </button>
        </td>
      </tr>
      {isOpen && (
        <tr id={id} className="bg-sunken/60">
          <td colSpan={isLog ? 4 : 3} className="px-4 pb-5 sm:px-5 sm:ps-16">
            <Suspense fallback={<Skeleton className="h-52" />}>
              <Details workspace={workspace} record={record} isLog={isLog} names={names} />
            </Suspense>
          </td>
        </tr>
      )}
    </Fragment>
  );
}
