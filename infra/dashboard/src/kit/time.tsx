import { useEffect, useState } from "react";
import { now } from "../api/client";
import { day, moment, relative } from "../text/format";

/** A moment in a named zone; UTC on hover. */
export function Time({ at, zone, format = "moment" }: { at: string; zone: string; format?: "moment" | "day" | "relative" }) {
  return (
    <time dateTime={at} title={`${moment(at, zone)} (${zone}) · ${moment(at, "UTC")} UTC`}>
      {format === "relative" ? <Relative at={at} /> : format === "day" ? day(at, zone) : moment(at, zone)}
    </time>
  );
}

/** Only this one needs a clock: a table has thousands of others. */
function Relative({ at }: { at: string }) {
  return relative(at, useNow(15_000));
}

/** The API's time, at intervals. */
export function useNow(every: number): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return at;
}
