import { number, plural } from "../../format";

/** Loaded with the palette and the help: not part of the first load. */
export const commands = {
  title: "Search pages, workspaces and actions",
  placeholder: "Search, or type a command",
  results: "Results",
  groups: { pages: "Go to", actions: "Actions", workspaces: "Workspaces" },
  found: (count: number) => plural("en", count, { one: "# result", other: "# results" }),
  none: "Nothing is found",
  noneLead: "Search for a page, an action, or the name or id of a workspace.",
  more: (count: number) => plural("en", count, { one: "# more workspace. Type more of the name.", other: "# more workspaces. Type more of the name." }),
  reading: (count: number) => `Reading your workspaces: ${number(count)} so far`,
  failed: "Your workspaces could not be read",
  hints: { move: "to move", open: "to open", close: "to close", dismiss: "Close" },

  /** By name, and by other words that people search for. */
  pages: {
    overview: { name: "Overview", words: "home dashboard container status start stop" },
    general: { name: "General settings", words: "name description time zone id leave transfer export delete" },
    team: { name: "Team", words: "people members invitations seats roles" },
    billing: { name: "Billing", words: "plan invoices payment usage limits card upgrade subscription" },
    integrations: { name: "Integrations", words: "slack webhook github deliveries connect" },
    keys: { name: "API keys", words: "token secret program access rotate revoke" },
    usage: { name: "Usage", words: "meters limits days months pace" },
    doctor: { name: "Doctor", words: "differences examine repair" },
    notifications: { name: "Notification settings", words: "e-mail letters preferences" },
    audit: { name: "Audit log", words: "activity changes history export verify" },
    workspaces: { name: "All workspaces", words: "list switch" },
    account: { name: "Your account", words: "profile name language password two-step security theme" },
  },
  actions: {
    invite: { name: "Invite people", words: "add members team" },
    create: { name: "New workspace", words: "create add" },
    light: { name: "Light theme", words: "appearance colours" },
    dark: { name: "Dark theme", words: "appearance colours night" },
    system: { name: "Theme as the system", words: "appearance colours" },
    help: { name: "Keyboard shortcuts", words: "help keys" },
    signOut: { name: "Sign out", words: "log out leave" },
  },

  help: {
    title: "Keyboard shortcuts",
    everywhere: "Everywhere",
    go: "Go to a page",
    goLead: "Press one key after the other. Pages of a workspace need an open one.",
    palette: "Search pages, workspaces and actions",
    search: "Search on this page",
    invite: "Invite people",
    help: "Show this help",
    then: "then",
    single: "Shortcuts of single keys",
    singleHint: "Turn them off if you speak to your computer, or press keys by accident. They are off in fields in any case.",
  },
};
