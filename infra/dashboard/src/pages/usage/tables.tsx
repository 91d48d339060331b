// The same values as tables, newest first: for readers, for the keyboard, and to be copied.

import type { ReactNode } from "react";
import { daysOf, type UsageByDay } from "../../api/usage/days";
import type { MonthUsage, Period } from "../../api/usage/months";
import { number } from "../../text/format";
import type { MonthlyMeter, Shown } from "./gauge";
import { daySlots } from "./pace";
import { dayOf, rangeOf, useUsageText } from "./words";

export function Tables({ zone, shown, days, clock, current, earlier, now }: {
  zone: string;
  shown: readonly Shown[];
  days: UsageByDay;
  clock: number;
  current: Period;
  earlier: readonly MonthUsage[];
  now: readonly MonthlyMeter[];
}) {
  const text = useUsageText();
  const [first] = shown;
  const dates = first ? daySlots(days.month, daysOf(days, first.meter), clock) : [];
  const used = shown.map(({ meter }) => new Map(daysOf(days, meter).map((one) => [one.date, one.used])));
  const today = new Date(clock).toISOString().slice(0, 10);
  const months = [{ period: current, usage: now }, ...earlier];
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Table title={text.days.title} head={text.day} columns={shown.map(({ title }) => title)}>
        {dates
          .filter(({ date }) => date <= today)
          .reverse()
          .map(({ date }) => (
            <Row key={date} head={dayOf(date)} note={date === today ? text.open : undefined}>
              {used.map((of, place) => (
                <td key={place} className="px-3 py-2 text-end">
                  {of.has(date) ? number(of.get(date) ?? 0) : <span className="text-soft">{text.missing}</span>}
                </td>
              ))}
            </Row>
          ))}
      </Table>
      <Table title={text.months.title} head={text.range} columns={shown.map(({ title }) => title)}>
        {months.map(({ period, usage }) => (
          <Row key={period.start} head={rangeOf(period, zone)} note={period === current ? text.open : undefined}>
            {shown.map(({ meter }) => {
              const entry = usage.find((one) => one.meter === meter);
              return (
                <td key={meter} className="px-3 py-2 text-end">
                  {number(entry?.used ?? 0)}
                  <span className="block text-xs text-soft">{entry?.limit == null ? text.noLimit : text.limitOf(number(entry.limit))}</span>
                </td>
              );
            })}
          </Row>
        ))}
      </Table>
    </div>
  );
}

function Table({ title, head, columns, children }: { title: string; head: string; columns: readonly string[]; children: ReactNode }) {
  return (
    <div className="overflow-x-auto rounded-xl border border-line bg-panel" tabIndex={0} role="region" aria-label={title}>
      <table className="w-full text-sm">
        <caption className="px-5 pt-4 pb-2 text-start text-base font-semibold">{title}</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="py-2 ps-5 pe-3 text-start font-medium">
              {head}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="px-3 py-2 text-end font-medium last:pe-5">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&_td:last-child]:pe-5">{children}</tbody>
      </table>
    </div>
  );
}

function Row({ head, note, children }: { head: string; note?: string | undefined; children: ReactNode }) {
  return (
    <tr className="border-t border-line align-top">
      <th scope="row" className="py-2 ps-5 pe-3 text-start font-normal whitespace-nowrap">
        {head}
        {note && <span className="block text-xs text-soft">{note}</span>}
      </th>
      {children}
    </tr>
  );
}
