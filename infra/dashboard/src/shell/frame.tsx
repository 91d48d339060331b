// The frame around the pages of signed-in people: skip link, header with switcher, search, notifications and account menu, content.

import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { signOut, who } from "../auth";
import { Avatar } from "../kit/avatar";
import { Menu, menuItem } from "../kit/menu";
import { Notice } from "../kit/notice";
import { Toasts } from "../kit/toasts";
import { useText } from "../text";
import { Commands, SearchButton, useCommands } from "./commands";
import { Logo } from "./logo";
import { Bell } from "./notifications/bell";
import { SkipLink } from "./skip";
import { Switcher } from "./switcher";
import { ThemeChoice } from "./theme-choice";
import { Framed, useIsOnline } from "./trouble";

export function Frame({ workspace, nav, children }: { workspace?: string; nav?: ReactNode; children: ReactNode }) {
  const t = useText();
  const commands = useCommands();
  return (
    <div className="min-h-dvh">
      <SkipLink />
      <header className="no-print sticky top-0 z-40 border-b border-line bg-panel/95 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4">
          <Link to="/workspaces" className="me-1 rounded-lg p-1" aria-label={t.shell.allWorkspaces}>
            <Logo />
          </Link>
          {workspace && <Switcher workspace={workspace} onSearch={() => commands.open("palette")} />}
          <div className="flex-1" />
          <SearchButton onClick={() => commands.open("palette")} />
          {workspace && <Bell key={workspace} workspace={workspace} />}
          <AccountMenu onKeys={() => commands.open("help")} />
        </div>
        {nav}
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-8">
        <Offline />
        <Framed value>{children}</Framed>
      </main>
      <Commands workspace={workspace} {...commands} />
      <Toasts />
    </div>
  );
}

/** Nothing while there is a network. */
function Offline() {
  const t = useText();
  const isOnline = useIsOnline();
  return (
    <div role="status" className="no-print mb-6 empty:hidden">
      {!isOnline && (
        <Notice tone="warn" title={t.errors.offline}>
          {t.errors.offlineNow}
        </Notice>
      )}
    </div>
  );
}

function AccountMenu({ onKeys }: { onKeys: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const person = who();
  const email = person?.email ?? "";
  const leave = async () => {
    await signOut();
    await navigate({ to: "/sign-in" });
  };
  return (
    <Menu label={t.shell.menu(email)} button={<Avatar name={person?.name ?? email} />} className="rounded-full! p-1">
      <p className="truncate px-3 py-2 text-sm text-soft">
        <bdi>{email}</bdi>
      </p>
      <Link to="/account" className={menuItem}>
        {t.shell.account}
      </Link>
      <button type="button" className={menuItem} onClick={onKeys}>
        {t.shell.shortcuts}
      </button>
      <ThemeChoice />
      <button type="button" className={menuItem} onClick={leave}>
        {t.shell.signOut}
      </button>
    </Menu>
  );
}
