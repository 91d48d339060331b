import { Outlet, useParams } from "@tanstack/react-router";
import { LinkTab, LinkTabs } from "../kit/tabs";
import { useText } from "../text";

/** The settings of a workspace: a page for each tab. */
export function Settings() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws/settings" });
  return (
    <div className="grid gap-6">
      <LinkTabs label={t.shell.settings}>
        <LinkTab to="/w/$ws/settings" params={{ ws }} activeOptions={{ exact: true }}>
          {t.shell.general}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/team" params={{ ws }}>
          {t.shell.team}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/billing" params={{ ws }}>
          {t.shell.billing}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/integrations" params={{ ws }}>
          {t.shell.integrations}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/api-keys" params={{ ws }}>
          {t.shell.keys}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/notifications" params={{ ws }}>
          {t.notifications.title}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/audit" params={{ ws }}>
          {t.shell.audit}
        </LinkTab>
        <LinkTab to="/w/$ws/settings/doctor" params={{ ws }}>
          {t.shell.doctor}
        </LinkTab>
      </LinkTabs>
      <Outlet />
    </div>
  );
}
