// One type of notifications: whether it is in the inbox, and when it is mailed. It shows what is wanted at once, and what is stored if
// that fails.

import { usePreference, type EmailMode, type Preference } from "../../api/notifications/preferences";
import { Select } from "../../kit/field";
import { Problem } from "../../kit/problem";
import { Switch } from "../../kit/switch";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";

const MODES: EmailMode[] = ["instant", "digest", "off"];

export function Choice({ workspace, preference: { type, in_app, email, locked } }: { workspace: string; preference: Preference }) {
  const t = useText();
  const { locked: always, failedOn, failedOff, failedMail, mailAbout, modes } = t.notifications.settings;
  const forbidden = useAccess(workspace)("update_notifications");
  const { name, lead } = t.notifications.types[type] ?? { name: type, lead: undefined };
  const inbox = usePreference<boolean>(workspace, `inbox ${type}`, (wanted) => ({ in_app: { [type]: wanted } }));
  const mail = usePreference<EmailMode>(workspace, `mail ${type}`, (wanted) => ({ email: { [type]: wanted } }));
  const on = inbox.pending?.wanted ?? in_app;
  const offered = MODES.filter((mode) => mode !== "off" || !locked);
  return (
    <div className="grid gap-3">
      <Switch label={name} hint={lead} on={on} why={locked ? always : forbidden} onChange={inbox.change} />
      {inbox.refused && (
        <Problem error={inbox.refused.error} title={(inbox.refused.wanted ? failedOn : failedOff)(name)} retry={inbox.refused.retry} />
      )}
      {on && (
        <div className="flex items-center gap-2 text-soft">
          {envelope}
          <div className="w-full max-w-56">
            <Select
              label={mailAbout(name)}
              bare
              className="min-h-9 text-sm"
              value={mail.pending?.wanted ?? email}
              aria-disabled={forbidden ? true : undefined}
              onChange={({ target: { value } }) => !forbidden && mail.change(value as EmailMode)}
            >
              {offered.map((mode) => (
                <option key={mode} value={mode}>
                  {modes[mode]}
                </option>
              ))}
            </Select>
          </div>
        </div>
      )}
      {mail.refused && <Problem error={mail.refused.error} title={failedMail(name)} retry={mail.refused.retry} />}
    </div>
  );
}

const envelope = (
  <svg viewBox="0 0 16 16" className="size-4 shrink-0" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
    <rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.25" />
    <path d="m2.25 4 5.75 4.75L13.75 4" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);
