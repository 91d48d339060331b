// The alarms of infra/observability.yaml. tests/unit/alarms.test.ts compares their names with the template's.

import type { alarms as texts } from "../../../text/en/operator/alarms";

type Texts = typeof texts;
export type Kind = keyof Texts["kinds"];

/** Functions whose failure, throttling and, if they answer requests, answers of 5xx have alarms. */
export const FUNCTIONS = [
  "Billing",
  "Console",
  "Deliver",
  "Doctor",
  "Integrations",
  "Keys",
  "Live",
  "Mailer",
  "Notifications",
  "Notifier",
  "Operator",
  "Outbox",
  "Reconciler",
  "RuntimeApi",
  "StripeEvents",
  "StripeWebhook",
  "Sweeper",
  "Team",
  "Workspace",
] as const satisfies readonly (keyof Texts["functions"])[];
export const ANSWERING: readonly (typeof FUNCTIONS)[number][] = ["Billing", "Console", "Doctor", "Integrations", "Keys", "Notifications", "Operator", "RuntimeApi", "StripeWebhook", "Team", "Workspace"];
export const QUEUES = ["Deliver", "Mail", "Notifier", "Outbox", "Runtime", "StripeEvents"] as const satisfies readonly (keyof Texts["deadLetters"])[];
export const RULES = ["MailReturned", "HourlyPass", "TaskChanges"] as const satisfies readonly (keyof Texts["rules"])[];

/** An alarm, and which of the texts of its kind says more about it. */
export interface Alarm {
  name: string;
  kind: Kind;
  about: { of: "functions"; name: keyof Texts["functions"] } | { of: "deadLetters"; name: keyof Texts["deadLetters"] } | { of: "rules"; name: keyof Texts["rules"] } | undefined;
}

/** The heading in docs/operations.md under which the steps are. */
export const PROCEDURES: Record<Kind, string> = {
  errors: "A function fails",
  throttles: "A function is throttled",
  deadLetters: "Dead letters",
  rules: "A rule fails",
  SweeperSilent: "The sweeper is silent",
  DueFailing: "A due item fails",
  DueCorrupt: "An item cannot be read",
  CheckpointsFailing: "Checkpoints fail",
  NotifyLag: "Notifications are late",
  PaidUnderContract: "A plan was paid under a contract",
  PaidForNothing: "An invoice was paid too late",
  SecondSubscription: "A customer pays for two plans",
  PriceDifference: "A price is not as customers see it",
  UnknownPrice: "A price belongs to no plan",
};

export const KINDS = Object.keys(PROCEDURES) as Kind[];

const single = (kind: Kind): Alarm => ({ name: kind, kind, about: undefined });

export const ALARMS: readonly Alarm[] = [
  ...FUNCTIONS.flatMap((name): Alarm[] => {
    const about = { of: "functions", name } as const;
    const failing: Alarm[] = [{ name: `${name}Errors`, kind: "errors", about }];
    if (ANSWERING.includes(name)) failing.push({ name: `${name}ServerErrors`, kind: "errors", about });
    return [...failing, { name: `${name}Throttles`, kind: "throttles", about: undefined }];
  }),
  ...QUEUES.map((name): Alarm => ({ name: `${name}DeadLettersAlarm`, kind: "deadLetters", about: { of: "deadLetters", name } })),
  ...RULES.map((name): Alarm => ({ name: `${name}Failing`, kind: "rules", about: { of: "rules", name } })),
  ...KINDS.filter((kind) => !["errors", "throttles", "deadLetters", "rules"].includes(kind)).map(single),
];

/** The alarms whose name is in `typed`, as in an e-mail's subject, or the other way round; all if nothing is typed. */
export function find(typed: string): readonly Alarm[] {
  const q = typed.trim().toLowerCase();
  if (!q) return ALARMS;
  const named = ALARMS.filter(({ name }) => q.includes(name.toLowerCase()));
  return named.length > 0 ? named : ALARMS.filter(({ name }) => name.toLowerCase().includes(q));
}
