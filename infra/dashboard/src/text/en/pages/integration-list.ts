import { plural } from "../../format";

/** What only the list of all integrations says. */
export const integrationList = {
  lead: "Send what happens in this workspace to the tools you use.",
  inUse: "In use",
  available: "Available",
  noneInUse: "No integration is in use yet",
  noneInUseLead: "Choose one below. Each needs a secret or an address of its service.",

  limit: {
    label: "Enabled integrations",
    note: "Disabled ones are not counted.",
    left: (count: number) => plural("en", count, { one: "# more can be enabled.", other: "# more can be enabled." }),
    unlimited: "Your plan has no limit.",
    over: "More are enabled than the plan allows. They keep working, and no other can be enabled until enough are removed.",
    full: (limit: number) => plural("en", limit, { one: "The integration of your plan is in use", other: "All # integrations of your plan are in use" }),
    free: "Remove one, or choose a plan with more.",
    plans: "See the plans",
  },
};
