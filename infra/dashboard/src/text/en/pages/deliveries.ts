import type { Schemas } from "../../../api/types";
import { number, plural } from "../../format";

/** Loaded with the list, which is below what an integration shows at first. */
export const deliveries = {
  title: "Deliveries",
  lead: (zone: string) => `The newest first, for 30 days. Times are in ${zone}.`,
  event: "Event",
  result: "Result",
  attempts: "Attempts",
  attemptsOf: (count: number) => plural("en", count, { one: "# attempt", other: "# attempts" }),
  latency: "Latency",
  milliseconds: (count: number) => `${number(count)} ms`,
  act: "Send again",
  states: { pending: "Pending", delivered: "Delivered", failed: "Failed" } satisfies Record<Schemas["DeliveryState"], string>,
  running: "Being attempted",
  next: "next attempt",
  retry: "Retry",
  retryOf: (event: string, time: string) => `Retry: ${event}, ${time}`,
  retried: "Another attempt is made.",
  why: {
    disabled: "Enable the integration first.",
    running: "It is being attempted.",
    unselected: "Select this event in the settings first.",
  },
  none: "Nothing was delivered yet",
  noneLead: "A delivery is listed as soon as a selected event happens. Tests are not listed.",
  hidden: "Deliveries are not shown to you",
  stale: "The list could not be updated",
  searching: "Loading more",
  classes: {
    dns: "DNS",
    refused: "Refused",
    tls: "TLS",
    timeout: "Timeout",
    status: "Status",
    blocked: "Not public",
    retired: "Switched off",
  } satisfies Record<Schemas["FailureClass"], string>,
};
