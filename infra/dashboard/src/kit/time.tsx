import { useEffect, useState } from "react";
import { now } from "../api/client";
import { day, moment, relative } from "../text/format";

/** A moment in a named zone; UTC on hover. */
export function Time({ at, zone, format = "moment" }: { at: string; zone: string; format?: "moment" | "day" | "relative" }) {
  const clock = useNow(15_000);
  const shown = format === "relative" ? relative(at, clock) : format === "day" ? day(at, zone) : moment(at, zone);
  return (
    <time dateTime={at} title={`${moment(at, zone)} (${zone}) · ${moment(at, "UTC")} UTC`}>
      {shown}
    </time>
  );
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
