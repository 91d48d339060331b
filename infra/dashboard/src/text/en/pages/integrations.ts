import type { Schemas } from "../../../api/types";
import type { Health } from "../../../pages/integrations/health";
import type { SettingName } from "../../../pages/integrations/form/draft";
import { number, plural } from "../../format";

interface Label {
  label: string;
  hint: string;
}

interface SettingLabel extends Label {
  /** Said of one that decides where events go. */
  moves?: string;
}

/** The pages load these themselves: they are not part of the first load. */
export const integrations = {
  title: "Integrations",
  back: "All integrations",
  noneHere: "There is no such integration",
  noneHereLead: "The address may be mistyped.",
  paused: "Updates pause after ten minutes without input.",
  update: "Update now",

  brands: {
    datadog: "Datadog",
    discord: "Discord",
    github: "GitHub",
    microsoft_teams: "Microsoft Teams",
    pagerduty: "PagerDuty",
    sentry: "Sentry",
    slack: "Slack",
    webhook: "Webhook",
  } satisfies Record<Schemas["IntegrationType"], string>,
  about: {
    datadog: "Adds events to Datadog's event stream.",
    discord: "Posts messages to a channel in Discord.",
    github: "Starts workflows in a repository on GitHub.",
    microsoft_teams: "Posts messages to a channel in Teams.",
    pagerduty: "Opens alerts in PagerDuty, and resolves them.",
    sentry: "Files events in a project of Sentry.",
    slack: "Posts messages to a channel in Slack.",
    webhook: "Sends signed requests to a server of yours.",
  } satisfies Record<Schemas["IntegrationType"], string>,

  health: {
    connected: "Connected",
    untested: "Not tested",
    failing: "Failing",
    disabled: "Disabled",
    removed: "No secret",
    unset: "Not set up",
  } satisfies Record<Health, string>,
  delivered: "Last delivery",
  total: "Events delivered",
  failures: "Failed attempts",
  failed: "Last failure",
  tested: "Last test",
  sent: (count: number) => plural("en", count, { one: "# event delivered", other: "# events delivered" }),
  nothingSent: "Nothing was sent yet.",

  standing: {
    disabled: "It was disabled automatically, so nothing is sent",
    cause: {
      gone: "The receiver answered with 410, which says that it is gone for good.",
      failing: "Nothing arrived for five days, in five attempts or more.",
    },
    since: "Disabled:",
    steps: "Repair the receiver and test it. Then enable the integration, and retry the deliveries that you need.",
    enable: "Enable",
    enabled: (name: string) => `${name} is enabled.`,
    failing: "The last attempt failed",
    failingSteps: "Failed deliveries are attempted again for about a day. After five days without a success the integration is disabled.",
    removed: "It has no secret, so nothing is sent",
    removedLead: "Its other settings are kept. Enter a secret to enable it again.",
  },

  form: {
    title: "Settings",
    name: "Name",
    tooLong: (count: number) => plural("en", count, { one: "# character too many.", other: "# characters too many." }),
    partly: "People below the role Admin do not see the whole address.",
    saved: (name: string) => `${name} is saved.`,
    create: "Connect",
    secretFirst: "Enter the secret first.",
    shorten: "Shorten what is marked first.",
    conflict: "Somebody else changed this integration in the meantime",
    options: { us: "United States", eu: "Europe" } satisfies Record<Schemas["PagerdutyRegion"], string>,
    settings: {
      url: { label: "URL", hint: "Begins with https:// and is on the public Internet.", moves: "If you change it, a new secret is needed." },
      description: { label: "Description", hint: "Optional: what it is for." },
      channel: { label: "Channel", hint: "Optional, and for people only: the address below decides which channel it is." },
      repository: { label: "Repository", hint: "Its owner and its name.", moves: "If you change it, enter the token again." },
      site: { label: "Site", hint: "The site of your account.", moves: "If you change it, enter the API key again." },
      region: { label: "Service region", hint: "The region of your account.", moves: "If you change it, enter the integration key again." },
      environment: { label: "Environment", hint: "Optional: events are filed under it." },
    } satisfies Record<SettingName, SettingLabel>,
  },

  secret: {
    labels: {
      datadog: { label: "API key", hint: "32 to 40 letters and digits." },
      discord: { label: "URL of the channel's webhook", hint: "https://discord.com/api/webhooks/…" },
      github: { label: "Token", hint: "It begins with github_pat_ or ghp_, and may write to the repository's contents." },
      microsoft_teams: { label: "URL of the workflow's webhook", hint: "Make a workflow in Teams that posts what a webhook receives, and copy its URL." },
      pagerduty: { label: "Integration key", hint: "32 letters and digits, from an integration of the type Events API v2." },
      sentry: { label: "DSN", hint: "From the project's settings, under Client Keys." },
      slack: { label: "URL of the webhook", hint: "https://hooks.slack.com/services/…" },
      webhook: { label: "Signing secret", hint: "whsec_ followed by 24 to 64 bytes in base64." },
    } satisfies Record<Schemas["IntegrationType"], Label>,
    stored: "It is stored, and is not shown again.",
    hint: (hint: string) => `It ends in ${hint}.`,
    replace: "Replace",
    keep: "Keep the stored one",
    show: "Show",
    hide: "Hide",
    showLabel: (label: string) => `Show: ${label}`,
    hideLabel: (label: string) => `Hide: ${label}`,
    make: "Make one for me",
    makeLead: "It is shown once, after you save.",
    own: "Use my own",
    both: "For a day, deliveries are signed with the stored secret and the new one, so that your server can change over.",
    made: "Your signing secret",
    madeLead: "Give it to your server now. It is not shown again.",
    verify: "Deliveries are signed as Standard Webhooks specifies: its libraries verify them with this secret.",
    fresh: "A new one",
    kept: "Your new signing secret was closed",
    keptLead: "It is here until you say that it is stored, or leave this page.",
    showAgain: "Show it",
    done: "I have stored it",
  },

  events: {
    title: "Events",
    count: (selected: number, all: number) => `${number(selected)} of ${number(all)} selected`,
    none: "Nothing is selected, so nothing is sent.",
    all: "Select all",
    clear: "Clear",
    resolves: "What ends an alert is sent with the event that opens it.",
    names: {
      "member.joined": "A member joined",
      "member.removed": "A member left or was removed",
      "plan.changed": "The plan changed",
      "payment.failed": "A payment failed",
      "payment.recovered": "A failed payment was made",
      "runtime.started": "The container started",
      "runtime.stopped": "The container stopped",
      "runtime.failed": "The container failed",
      "limit.reached": "A limit of the plan was reached",
      "audit.recorded": "A record was added to the audit log",
      "audit.checkpoint": "A checkpoint of the audit log was signed",
    } satisfies Record<Schemas["EventType"], string>,
  },

  test: {
    action: "Send a test",
    saveFirst: "Save the changes first: a test uses what is saved.",
    secretFirst: "Set it up first.",
    arrived: "The test arrived",
    failed: "The test did not arrive",
    answer: (status: number) => `The receiver answered with ${status}.`,
    noAnswer: "There was no answer.",
    took: (milliseconds: number) => `It took ${number(milliseconds)} ms.`,
  },
  classes: {
    dns: "The name of the host could not be resolved. Check the name and its DNS records.",
    refused: "The connection was refused or closed. Check that the receiver runs and accepts HTTPS.",
    tls: "The connection could not be encrypted. Check the receiver's certificate and its chain.",
    timeout: "There was no complete answer within 5 seconds. Answer first, then process the event.",
    status: "The receiver did not answer with a status from 200 to 299.",
    blocked: "The host is not on the public Internet. Use one that is.",
    retired: "The service has switched off addresses of this kind. Set up the integration with a new one.",
  } satisfies Record<Schemas["FailureClass"], string>,

  remove: {
    title: "Remove",
    lead: "The secret is deleted and nothing is sent any more. The other settings are kept.",
    action: "Remove",
    ask: (name: string) => `Remove ${name}?`,
    waiting: "Deliveries that wait to be attempted again are given up.",
    done: (name: string) => `${name} is removed.`,
    none: "It is not set up.",
  },
};
