import type { Schemas } from "../../../api/types";
import { plural } from "../../format";

const differences = (count: number) => plural("en", count, { one: "# difference", other: "# differences" });

/** The page loads these itself: they are not part of the first load. */
export const doctor = {
  lead: "Compares what is recorded of this workspace with what there is. An examination changes nothing.",
  forbidden: "The doctor is not shown to you",
  whoSees: (role: string) => `People with the role ${role} examine and repair the workspace.`,
  owners: (names: string) => `The owners are ${names}.`,

  examine: "Examine again",
  examining: "The workspace is being examined",
  repair: "Repair",
  repairAgain: "Repair the rest",
  busy: "It is being examined.",
  first: "Examine it first.",
  again: "Examine it again first.",
  nothing: "There is nothing to repair.",
  onlySupport: "Nothing of it can be repaired here. Contact support.",
  examined: "Examined",
  repaired: "Repaired",

  failed: "The workspace could not be examined",
  failedLead: "All checks are made together, so there is no result of any of them. Nothing was changed.",
  stale: "The workspace could not be examined again",
  staleLead: "Below is the result from before.",

  healthy: "Nothing differs",
  healthyLead: "Everything that is recorded of this workspace is as it should be.",
  nothingLeft: "Nothing differed any more",
  nothingLeftLead: "It was examined again before the repair. There was nothing to repair, and nothing was changed.",
  found: (count: number) => `${differences(count)} found`,
  foundLead: "Work goes on meanwhile: a change that is under way can appear here and be gone a moment later.",
  result: {
    done: (count: number) => plural("en", count, { one: "# difference is repaired", other: "# differences are repaired" }),
    none: "Nothing was repaired",
    started: "The repair has begun",
    lead: {
      under_way: "Some repairs take a moment. Examine the workspace again in a minute.",
      ask_again: "There were more differences than one repair takes.",
      by_hand: "Some cannot be repaired here. Contact support with the ids below.",
    },
  },

  checks: "Checks",
  agrees: "No difference",
  differs: differences,
  areas: {
    counters: { title: "Numbers", lead: "Owners, members, seats and integrations, counted one by one." },
    addresses: { title: "E-mail addresses", lead: "Each address with a seat is reserved, once, for the person who has it." },
    free: { title: "Free allowances", lead: "Workspaces and containers that count as free ones of a person." },
    container: { title: "Container", lead: "The container at AWS is in the state that was ordered." },
    billing: { title: "Subscription", lead: "Plan and payments are as at Stripe." },
    secrets: { title: "Secrets of integrations", lead: "Each secret that an integration uses exists." },
    notifications: { title: "Unread notifications", lead: "The numbers at the bell, counted one by one." },
    audit: { title: "Audit log", lead: "The log ends where its head says." },
  },

  counters: { owner_count: "owners", member_count: "members", seat_count: "seats in use (with invitations)", integration_count: "active integrations" },
  codes: {
    counter: (what: string) => `The recorded number of ${what} is wrong.`,
    address_unguarded: (who: string) => `The address of ${who} is not reserved, so somebody else could join with it.`,
    address_of_nobody: (who: string) => `The address that ${who} had is still reserved, so nobody can be invited with it.`,
    address_of_two: (who: string) => `The address of ${who} has a second seat or invitation.`,
    runtime: {
      running: (status: string) => `The container should run. It is recorded as: ${status}.`,
      stopped: (status: string) => `The container should be stopped. It is recorded as: ${status}.`,
    },
    subscription: {
      missing: "Stripe has a subscription that is not recorded here.",
      extra: "A subscription is recorded that Stripe does not have.",
      other: "The recorded subscription is not as it is at Stripe.",
    },
    second_subscription: "More than one plan is paid for at Stripe. Only one counts, and the others are charged as well.",
    customer: { deleted: "The billing account of this workspace was deleted at Stripe.", unknown: "Stripe does not know the billing account of this workspace." },
    price: (what: string) => `The price ${what} is not sold at Stripe as it is shown here.`,
    secret_missing: (what: string) => `The integration ${what} uses a secret that no longer exists, so nothing can be sent by it.`,
    audit_log: "The audit log does not end where its head says: it was changed from outside.",
    unread_count: (who: string) => `The number of unread notifications of ${who} is wrong.`,
    free_workspace_list: {
      missing: (who: string) => `This workspace does not count as a free one of ${who}, although it is.`,
      extra: (who: string) => `This workspace counts as a free one of ${who}, although it is not.`,
    },
    free_container_list: (who: string) => `The container does not count as a free one of ${who}, although it is.`,
    /** A kind that this dashboard does not know yet. */
    other: (code: string) => `A difference of the kind ${code}.`,
  },
  member: (id: string) => `the member ${id}`,
  invitation: "an invited person",

  values: { recorded: "Recorded", found: "Found", none: "none" },
  fields: {
    plan: "Plan",
    interval: "Paid",
    status: "Status",
    current_period_end: "Period ends",
    cancel_at: "Cancelled for",
    grace_until: "To be paid by",
    id: "Subscription",
    number: "Last record",
    digest: "Its digest",
    amount: "Amount",
    price: "Price",
    tasks: "Tasks",
    count: "Number",
  },
  intervals: { month: "monthly", year: "yearly" },
  phases: { pending: "starting", running: "running", stopping: "stopping", stopped: "stopped" },
  subject: "Concerns",
  more: (count: number) => plural("en", count, { one: "Show # more", other: "Show # more" }),

  /** What a repair does, and what becomes of the rest. */
  plan: {
    counter: "The numbers are corrected.",
    address_unguarded: "The addresses are reserved for the people who have them.",
    address_of_nobody: "The reservations of addresses that nobody has are removed.",
    runtime: { running: "The container is started, or what is left of another one is stopped.", stopped: "The container is stopped." },
    subscription: "The workspace is compared with Stripe within a minute. Its plan and its limits may change.",
    customer: "The billing account is removed. The workspace goes on without a paid plan.",
    secret_missing: (names: string) => `These integrations are removed: ${names}. Set them up again, with their secrets.`,
    unread_count: "Unread notifications are counted again.",
    free_workspace_list: "The list of free workspaces is corrected.",
    free_container_list: "The list of free containers is corrected.",
  },
  byHand: {
    address_of_two: "One of the two has to leave or to take another address. Support can help.",
    second_subscription: "Cancel the one that you do not want in Billing, or contact support.",
    customer: "Contact support: the account may belong to another company at Stripe.",
    price: "Contact support. You are charged what Stripe says.",
    audit_log: "Export the log now and keep the file, then contact support.",
    other: "Contact support.",
  },

  /** What is left to do after it was repaired. */
  after: { secret_missing: "It was removed. Set it up again, with its secret." },

  dialog: {
    title: "Repair the workspace?",
    lead: "The workspace is examined again first. What differs then is repaired:",
    recorded: "The repair is recorded in the audit log.",
    left: (count: number) => plural("en", count, { one: "# difference is left as it is, because somebody has to decide on it.", other: "# differences are left as they are, because somebody has to decide on them." }),
    safe: "Nothing was repaired twice: it can be tried again.",
    lost: "Nothing was repaired.",
  },
  outcomes: { done: "Repaired", under_way: "Takes a moment", ask_again: "Not yet repaired", by_hand: "Needs a decision" } satisfies Record<Schemas["RepairResult"], string>,
};
