// Each check with what it found.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleQuery } from "../../api/audit/log";
import type { Difference } from "../../api/doctor/examination";
import { Badge } from "../../kit/badge";
import { Button } from "../../kit/button";
import { cn } from "../../kit/cn";
import { AREAS, areaOf } from "./facts";
import { Finding } from "./finding";
import { useDoctorText } from "./words";

/** A check that finds the same of everybody shows so many at first. */
const FIRST = 10;

export function Checks({ workspace, zone, differences, isOld }: {
  workspace: string;
  zone: string;
  differences: readonly Difference[];
  /** Another result is on its way. */
  isOld: boolean;
}) {
  const text = useDoctorText();
  const namesPeople = differences.some(({ subject }) => subject.startsWith("usr_"));
  const { data: people = [] } = useQuery({ ...peopleQuery(workspace), enabled: namesPeople });
  const names = Object.fromEntries(people.map(({ id, name }) => [id, name]));
  return (
    <section aria-labelledby="checks" aria-busy={isOld || undefined} className={cn("rounded-xl border border-line bg-panel transition-opacity", isOld && "opacity-60")}>
      <h2 id="checks" className="px-5 pt-5 text-lg font-semibold">
        {text.checks}
      </h2>
      <ul className="px-5 pb-2">
        {AREAS.map((area) => {
          const { title, lead } = text.areas[area];
          const found = differences.filter(({ code }) => areaOf(code) === area);
          const left = found.filter(({ repair }) => repair !== "done").length;
          return (
            <li key={area} className="grid grid-cols-1 gap-3 border-b border-line py-4 last:border-0">
              <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
                <div className="min-w-0 flex-1 basis-60">
                  <h3 className="font-medium">{title}</h3>
                  <p className="text-sm text-soft">{lead}</p>
                </div>
                {left > 0 ? <Badge tone="warn">{text.differs(left)}</Badge> : <Badge tone="good">{found.length > 0 ? text.outcomes.done : text.agrees}</Badge>}
              </div>
              {found.length > 0 && <Findings found={found} names={names} zone={zone} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Findings({ found, names, zone }: { found: readonly Difference[]; names: Record<string, string | undefined>; zone: string }) {
  const text = useDoctorText();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? found : found.slice(0, FIRST);
  const rest = found.length - shown.length;
  return (
    <>
      <ul className="grid grid-cols-1 gap-3">
        {shown.map((difference, place) => (
          <Finding key={`${difference.code} ${difference.subject} ${place}`} difference={difference} names={names} zone={zone} />
        ))}
      </ul>
      {rest > 0 && (
        <div className="justify-self-center">
          <Button small onClick={() => setWhole(true)}>
            {text.more(rest)}
          </Button>
        </div>
      )}
    </>
  );
}
