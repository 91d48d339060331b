/** Loaded with what shows a deletion: not part of the first load. */
export const deletion = {
  title: (name: string) => `Deletion of ${name}`,
  unnamed: "Deletion of a workspace",
  lead: "It goes on by itself, and this page follows it. You need not wait here.",
  leadDone: "This is what was done.",
  parts: "Parts of the deletion",
  confirmed: (count: number, all: number) => `${count} of ${all} parts are deleted`,
  part: {
    runtime: { title: "Container", lead: "It is stopped and removed." },
    subscription: { title: "Subscription", lead: "Open payment pages are closed and the subscription is cancelled. Nothing more is charged." },
    secrets: { title: "Secrets", lead: "The secrets of its integrations are deleted." },
    members: { title: "Members and data", lead: "Everything else, once the other parts are deleted." },
  },
  state: { pending: "In progress", waiting: "Waiting", confirmed: "Deleted" },
  done: "The workspace is deleted",
  doneLead: (until: string) => `You can read this receipt until ${until}.`,
  slow: "It takes longer than usual",
  slowLead: "Each part is tried again every minute, so you have nothing to do. If it is not complete tomorrow, give the id of this receipt to support.",
  about: "Receipt",
  aboutLead: (zone: string) => `Times are in your own zone, ${zone}: the one of the workspace is deleted, too.`,
  id: "Id of the receipt",
  workspace: "Id of the workspace",
  requested: "Requested",
  completed: "Completed",
  stays: "What stays",
  staysLead: "Records of the audit log stay until they expire. Names, addresses and texts in them are replaced by digests that nobody can turn back.",
  print: "Print",
  missing: "There is no such receipt",
  missingLead: "Only the person who deleted a workspace can read its receipt, and only for 30 days after the deletion. Sign in as that person, or check the address.",
  toWorkspaces: "To your workspaces",

  /** In the list of workspaces. */
  list: "Deletions",
  isDeleted: (name: string) => `${name} is deleted`,
  isBeingDeleted: (name: string) => `${name} is being deleted`,
  receipt: "Show the receipt",
  receiptOf: (name: string) => `Show the receipt of ${name}`,
  unread: "How far it is could not be read.",

  /** At its address. */
  gone: (name: string) => `You have deleted ${name}`,
  goneLead: "Its parts are deleted in the background, and its members have no access any more. The receipt shows how far it is.",
};
