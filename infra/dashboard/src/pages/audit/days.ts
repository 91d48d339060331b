// Days in a time zone. The API takes instants.

const DAY = 86_400_000;

/** True for a day that exists, written as 2026-11-28. */
export function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Milliseconds by which the zone's clocks are ahead of UTC. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  if (!sign) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The day in the zone. */
export function dayIn(at: number, zone: string): string {
  return new Date(at + ahead(at, zone)).toISOString().slice(0, 10);
}

/** The first instant of a day in the zone: where clocks skip midnight, the one after that. */
export function startOf(day: string, zone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const candidates = [-DAY, DAY].map((around) => midnight - ahead(midnight + around, zone)).sort((a, b) => a - b);
  const first = candidates.find((at) => dayIn(at, zone) === day) ?? Math.max(...candidates);
  return new Date(first).toISOString();
}

/** The day after. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
}
