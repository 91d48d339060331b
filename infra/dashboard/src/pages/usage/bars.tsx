// Values in a row, as bars. Readers get a list; the value that is pointed at is written above, and the largest one otherwise.

import { useState } from "react";
import { cn } from "../../kit/cn";
import { number } from "../../text/format";
import { scaleOf } from "./pace";
import { compact, useUsageText } from "./words";

export interface Bar {
  key: string;
  /** When it was. */
  label: string;
  /** The same, where there is little room. */
  short?: string | undefined;
  /** Missing where nothing was counted, and for what is to come. */
  value: number | undefined;
  tick?: string | undefined;
  /** A value to compare with. */
  mark?: number | undefined;
  tone?: keyof typeof tones;
  /** It is not over yet: the bar is hollow. */
  isOpen?: boolean;
  isChosen?: boolean;
}

const tones = {
  plain: { full: "border-accent bg-accent", open: "border-accent bg-accent-soft" },
  near: { full: "border-warn-bar bg-warn-bar", open: "border-warn-bar bg-warn-soft" },
  full: { full: "border-bad bg-bad", open: "border-bad bg-bad-soft" },
};

export function Bars({ title, label, bars, legend, note }: {
  title: string;
  label: string;
  bars: readonly Bar[];
  /** What the marks are. */
  legend?: string | undefined;
  note?: string | undefined;
}) {
  const text = useUsageText();
  const [at, setAt] = useState<number>();
  const scale = scaleOf(bars.map(({ value }) => value), bars.map(({ mark }) => mark));
  const share = (value: number) => `${Math.min(100, (value / scale) * 100)}%`;
  const isMarked = bars.some(({ mark }) => mark !== undefined && mark <= scale);
  const peak = bars.reduce<Bar | undefined>((most, bar) => ((bar.value ?? 0) > (most?.value ?? 0) ? bar : most), undefined);
  const pointed = at === undefined ? undefined : bars[at];
  const read = pointed
    ? text.value(pointed.value === undefined ? text.missing : number(pointed.value), pointed.short ?? pointed.label)
    : peak
      ? text.peak(number(peak.value ?? 0), peak.short ?? peak.label)
      : text.nothing;
  return (
    <figure className="grid min-w-0 content-start gap-2">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium">{title}</span>
        <span className="text-soft tabular-nums">{read}</span>
      </figcaption>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <div aria-hidden="true" className="flex min-w-8 flex-col justify-between text-end text-xs leading-none text-soft tabular-nums">
          <span>{scale > 0 && compact(scale)}</span>
          <span>0</span>
        </div>
        <ul aria-label={label} onPointerLeave={() => setAt(undefined)} className="flex h-28 items-stretch border-y border-line border-t-line/60">
          {bars.map(({ key, label: when, value, mark, tone = "plain", isOpen, isChosen }, place) => (
            <li key={key} aria-hidden={value === undefined || undefined} onPointerEnter={() => setAt(place)} className={cn("relative flex min-w-0 flex-1 items-end px-px", (place === at || isChosen) && "bg-sunken")}>
              {value !== undefined && (
                <span className="sr-only">
                  {text.value(number(value), when)}
                  {isOpen && `, ${text.open}`}
                </span>
              )}
              {mark !== undefined && mark <= scale && <span aria-hidden="true" className="absolute inset-x-0 border-t border-dashed border-control" style={{ bottom: share(mark) }} />}
              {value !== undefined && value > 0 && (
                <span aria-hidden="true" className={cn("min-h-0.5 w-full rounded-t-xs border-x border-t", tones[tone][isOpen ? "open" : "full"])} style={{ height: share(value) }} />
              )}
            </li>
          ))}
        </ul>
        <div aria-hidden="true" className="col-start-2 flex pt-1 text-xs text-soft">
          {bars.map(({ key, tick }) => (
            <span key={key} className="flex min-w-0 flex-1 justify-center whitespace-nowrap">
              {tick}
            </span>
          ))}
        </div>
      </div>
      {(note || (legend && isMarked)) && <p className="text-xs text-soft">{note ?? legend}</p>}
    </figure>
  );
}
