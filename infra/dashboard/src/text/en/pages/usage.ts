import { number, plural } from "../../format";

/** The page loads these itself: they are not part of the first load. */
export const usage = {
  lead: (plan: string) => `What this workspace uses of its plan ${plan}, and how long that lasts.`,
  refresh: "Refresh",
  plans: "Compare plans",

  refused: {
    past_due: "Nothing more can be used, because a payment is missing",
    past_due_lead: "What is counted here goes on as soon as the payment has arrived. The limits are those without a paid plan.",
    suspended: "Nothing more can be used, because the workspace is suspended",
  },
  full: {
    title: (count: number) => plural("en", count, { one: "# limit is reached", other: "# limits are reached" }),
    lead: (names: string) => `${names}. A larger plan allows more.`,
  },

  monthly: {
    title: "Monthly",
    lead: (range: string, zone: string) => `${range} (${zone}). Days are in UTC.`,
    month: "Month",
    current: (range: string) => `${range} (now)`,
    shown: "Shown as",
    bars: "Bars",
    table: "Tables",
    stale: "These figures could not be updated",
  },
  of: (limit: string) => `of ${limit}`,
  noLimit: "no limit",
  percent: (percent: number) => `${number(percent)}% of the limit`,
  state: { near: "Near the limit", full: "Limit reached", over: "Over the limit" },
  meter: (used: string, limit: string) => `${used} of ${limit}`,

  pace: {
    none: "Nothing was used yet.",
    nonePast: "Nothing was used.",
    early: "A forecast follows once a day has passed.",
    full: (day: string) => `More is refused until the count resets on ${day}.`,
    over: (count: string, day: string) => `${count} over the limit. More is refused until the count resets on ${day}.`,
    fills: (day: string) => `Full on ${day} at this rate.`,
    resets: (day: string) => `Resets on ${day}.`,
    lasts: (total: string, day: string) => `About ${total} at this rate when the count resets on ${day}.`,
    week: (count: string, days: number) => plural("en", days, { one: `${count} on the last day.`, other: `${count} a day over the last # days.` }),
    month: (count: string) => `${count} a day since the month began.`,
  },

  days: {
    title: "Days",
    label: (meter: string) => `${meter} by day`,
    since: (time: string) => `Days are counted since ${time}. What was used before is in the total only.`,
    even: (count: string) => `Dashed: ${count} a day last until the reset.`,
  },
  months: {
    title: "Months",
    label: (meter: string) => `${meter} by month`,
    limit: "Dashed: the limit of the month.",
    first: "This is the first month. Others follow it here.",
    failed: "The earlier months could not be read",
  },
  peak: (value: string, when: string) => `Highest: ${value}, ${when}`,
  value: (value: string, when: string) => `${value}, ${when}`,
  nothing: "Nothing was used",
  open: "not over yet",
  missing: "not counted",
  day: "Day",
  range: "From – to",
  limitOf: (limit: string) => `limit ${limit}`,

  lasting: {
    title: "In total",
    lead: "What is there now. It does not reset.",
    nearly: (left: string) => `${left} left.`,
    unlimited: "No limit.",
    nothing: "Your plan does not include it.",
  },

  limits: {
    title: "What happens at a limit",
    lead: "Nothing is ever deleted, and nothing is charged for by itself.",
    near: "At 80%",
    full: "At 100%",
    quiet: "Nothing happens.",
    notice: {
      monthly: "Admins and owners are notified, once a month.",
      lasting: "Admins and owners are notified, once in 31 days.",
      each: "Admins and owners are notified.",
    },
    effect: {
      monthly: "More is refused until the count resets.",
      storage: "All that is stored stays. More is refused until something is removed.",
      seats: "Everybody stays. Nobody can be invited until a seat is free.",
      additions: "Everything stays and works. More is refused until something is removed.",
    },
    unlimited: (names: string) => `Without a limit: ${names}.`,
  },

  container: {
    title: "Container",
    running: "Running for",
    off: "Does not run now.",
    idle: "Stops by itself",
    after: (time: string) => `After ${time} without work`,
    never: "Never",
    free: "Its running time has no limit, and is not added up.",
    open: "Open the container",
  },
};
