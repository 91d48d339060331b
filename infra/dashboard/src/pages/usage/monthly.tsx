// The monthly meters: the days of a month, the months of a year, and how long the rest lasts.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { daysOf, daysQuery, type UsageByDay } from "../../api/usage/days";
import { BEFORE, calendarMonthOf, monthsQuery, type MonthUsage, type Period } from "../../api/usage/months";
import { Select } from "../../kit/field";
import { load } from "../../kit/meter";
import { Problem } from "../../kit/problem";
import { Segment, Segments } from "../../kit/segments";
import { Skeleton } from "../../kit/skeleton";
import { useNow } from "../../kit/time";
import { moment, number } from "../../text/format";
import { Bars, type Bar } from "./bars";
import { Gauge, type MonthlyMeter, type Shown } from "./gauge";
import { daySlots, evenShare, paceOf } from "./pace";
import { Tables } from "./tables";
import { dayNumber, dayOf, monthAndYear, rangeOf, shortDay, shortMonth, useUsageText } from "./words";

export function Monthly({ workspace, zone, created, meters, month, isTable }: {
  workspace: string;
  zone: string;
  /** When the workspace was created: no month is older. */
  created: string;
  meters: readonly MonthlyMeter[];
  /** The calendar month that was chosen. */
  month: string | undefined;
  isTable: boolean;
}) {
  const text = useUsageText();
  const current = useQuery(daysQuery(workspace));
  const chosen = useQuery({ ...daysQuery(workspace, month), enabled: month !== undefined });
  const months = useQuery(monthsQuery(workspace, current.data?.month, created));
  const shown = month === undefined ? current : chosen;
  const failed = [current, shown].find(({ error }) => error);
  const isPast = shown.data !== undefined && current.data !== undefined && shown.data.month.start < current.data.month.start;
  const isReady = shown.data && current.data && !(isPast && months.isPending);
  return (
    <section aria-labelledby="monthly" className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h2 id="monthly" className="text-lg font-semibold">
            {text.monthly.title}
          </h2>
          <p className="mt-0.5 text-sm text-soft">{shown.data ? text.monthly.lead(rangeOf(shown.data.month, zone), zone) : "\u00a0"}</p>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          {current.data && <Choice current={current.data.month} earlier={months.data ?? []} month={isPast ? month : undefined} zone={zone} />}
          <Segments label={text.monthly.shown}>
            <Segment to="/w/$ws/usage" params={{ ws: workspace }} search={(before) => ({ ...before, as: undefined })} replace resetScroll={false} open={!isTable}>
              {text.monthly.bars}
            </Segment>
            <Segment to="/w/$ws/usage" params={{ ws: workspace }} search={(before) => ({ ...before, as: "table" as const })} replace resetScroll={false} open={isTable}>
              {text.monthly.table}
            </Segment>
          </Segments>
        </div>
      </div>
      {failed && <Problem error={failed.error} title={failed.data ? text.monthly.stale : undefined} retry={() => void failed.refetch()} />}
      {months.error && current.data && <Problem error={months.error} title={text.months.failed} retry={() => void months.refetch()} />}
      {!isReady && !failed && meters.map(({ meter }) => <Skeleton key={meter} className="h-[30rem] rounded-xl sm:h-96 lg:h-56" />)}
      {isReady && shown.data && current.data && (
        <Month
          {...{ zone, meters, isTable }}
          days={shown.data}
          current={current.data.month}
          earlier={months.data}
          isPast={isPast}
          isLoading={months.isPending}
        />
      )}
    </section>
  );
}

/** The months whose days can be shown. */
function Choice({ current, earlier, month, zone }: { current: Period; earlier: readonly MonthUsage[]; month: string | undefined; zone: string }) {
  const text = useUsageText();
  const navigate = useNavigate({ from: "/w/$ws/usage" });
  const options = earlier.flatMap(({ period }) => {
    const value = calendarMonthOf(period);
    return value ? [{ value, range: rangeOf(period, zone) }] : [];
  });
  const set = (value: string) => void navigate({ search: (before) => ({ ...before, month: value || undefined }), replace: true, resetScroll: false });
  return (
    <Select label={text.monthly.month} bare value={month ?? ""} onChange={({ target }) => set(target.value)} className="w-auto! max-w-full text-sm">
      <option value="">{text.monthly.current(rangeOf(current, zone))}</option>
      {month && !options.some(({ value }) => value === month) && <option value={month}>{month}</option>}
      {options.map(({ value, range }) => (
        <option key={value} value={value}>
          {range}
        </option>
      ))}
    </Select>
  );
}

interface Of {
  zone: string;
  meters: readonly MonthlyMeter[];
  isTable: boolean;
  days: UsageByDay;
  current: Period;
  earlier: readonly MonthUsage[] | undefined;
  isPast: boolean;
  isLoading: boolean;
}

function Month({ zone, meters, isTable, days, current, earlier = [], isPast, isLoading }: Of) {
  const text = useUsageText();
  // A billing period of Stripe's may begin slightly ahead of our clock.
  const clock = Math.max(useNow(60_000), Date.parse(days.month.start));
  const month = earlier.find(({ period }) => period.start === days.month.start);
  const shown = meters.map((one): Shown => {
    const { meter, title, resets_at } = one;
    const counted = daysOf(days, meter);
    if (!isPast) {
      const limit = one.limit ?? null;
      return { meter, title, used: one.used, limit, resets_at, pace: paceOf({ used: one.used, limit, period: days.month, since: days.since, days: counted, now: clock }) };
    }
    const then = month?.usage.find((entry) => entry.meter === meter);
    const used = then?.used ?? counted.reduce((sum, { used }) => sum + used, 0);
    return { meter, title, used, limit: then ? (then.limit ?? null) : undefined, resets_at: days.month.end, pace: undefined };
  });
  const all = [...earlier].reverse();
  return (
    <>
      {days.since > days.month.start && <p className="text-sm text-soft">{text.days.since(moment(days.since, zone))}</p>}
      {isTable ? (
        <>
          <div className="grid gap-x-8 gap-y-6 rounded-xl border border-line bg-panel p-5 sm:grid-cols-2 lg:grid-cols-3">
            {shown.map((one) => (
              <Gauge key={one.meter} {...one} zone={zone} />
            ))}
          </div>
          <Tables zone={zone} shown={shown} days={days} clock={clock} current={current} earlier={earlier} now={meters} />
        </>
      ) : (
        shown.map((one) => (
          <article key={one.meter} aria-label={one.title} className="grid grid-cols-1 gap-x-8 gap-y-6 rounded-xl border border-line bg-panel p-5 lg:grid-cols-[14rem_minmax(0,1fr)_18rem]">
            <Gauge {...one} zone={zone} />
            <Days shown={one} days={days} clock={clock} />
            {isLoading ? <Skeleton className="h-44" /> : <Months shown={one} now={meters.find(({ meter }) => meter === one.meter)} earlier={all} current={current} chosen={isPast ? days.month.start : undefined} zone={zone} />}
          </article>
        ))
      )}
    </>
  );
}

function Days({ shown, days, clock }: { shown: Shown; days: UsageByDay; clock: number }) {
  const { days: text } = useUsageText();
  const mark = shown.pace && evenShare(shown.limit, days.month);
  const bars = daySlots(days.month, daysOf(days, shown.meter), clock).map(
    ({ date, used, isToday }, place, { length }): Bar => ({
      key: date,
      label: dayOf(date),
      value: used,
      mark,
      isOpen: isToday && shown.pace !== undefined,
      tick: place === 0 ? shortDay(date) : place % 7 === 0 && place < length - 1 ? (date.slice(8) < "08" ? shortDay(date) : dayNumber(date)) : undefined,
    }),
  );
  return <Bars title={text.title} label={text.label(shown.title)} bars={bars} legend={mark ? text.even(number(Math.floor(mark))) : undefined} />;
}

function Months({ shown, now, earlier, current, chosen, zone }: {
  shown: Shown;
  now: MonthlyMeter | undefined;
  /** Oldest first. */
  earlier: readonly MonthUsage[];
  current: Period;
  /** The start of the month whose days are shown. */
  chosen: string | undefined;
  zone: string;
}) {
  const { months: text } = useUsageText();
  const bar = (period: Period, used: number, limit: number | null | undefined): Bar => {
    const state = load(used, limit);
    return { key: period.start, label: rangeOf(period, zone), short: monthAndYear(period), value: used, mark: limit ?? undefined, tone: state === "fine" ? "plain" : state, isChosen: period.start === chosen };
  };
  const bars = earlier.map(({ period, usage }) => {
    const entry = usage.find(({ meter }) => meter === shown.meter);
    return bar(period, entry?.used ?? 0, entry?.limit);
  });
  // As many places as a year has, so that a bar is a month wide from the first one on.
  const before = Array.from({ length: BEFORE - bars.length }, (_, place): Bar => ({ key: `before-${place}`, label: "", value: undefined }));
  const last: Bar = { ...bar(current, now?.used ?? 0, now?.limit), isOpen: true };
  const all = [...before, ...bars, last];
  // Every second one is named, from the last on: there is no room for more.
  for (const [place, { period }] of [...earlier, { period: current }].entries()) {
    const bar = all[before.length + place];
    if (bar && (earlier.length - place) % 2 === 0) bar.tick = shortMonth(period);
  }
  return <Bars title={text.title} label={text.label(shown.title)} bars={all} legend={text.limit} note={earlier.length === 0 ? text.first : undefined} />;
}
