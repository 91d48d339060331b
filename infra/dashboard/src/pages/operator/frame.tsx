// The frame of the console. Its bar is the opposite of the pages in light and dark, so that nobody takes it for a customer's page.

import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { staff } from "../../auth/staff";
import { config } from "../../config";
import { Avatar } from "../../kit/avatar";
import { cn } from "../../kit/cn";
import { Menu, menuItem } from "../../kit/menu";
import { LinkTabs } from "../../kit/tabs";
import { Toasts } from "../../kit/toasts";
import { Logo } from "../../shell/logo";
import { SkipLink } from "../../shell/skip";
import { ThemeChoice } from "../../shell/theme-choice";
import { Framed } from "../../shell/trouble";
import { useText } from "../../text";
import { isolated } from "../../text/format";
import { useOperatorText } from "../../text/operator";
import { PARTS, pathOf, To, usePlace } from "./paths";

export function ConsoleFrame({ name, children }: { name: string; children: ReactNode }) {
  const text = useOperatorText();
  const place = usePlace();
  return (
    <div className="min-h-dvh">
      <SkipLink />
      <header className="no-print sticky top-0 z-40 border-b border-line bg-panel">
        <div className="bg-ink text-ground">
          <div className="mx-auto flex min-h-14 max-w-6xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <Logo />
            <p className="rounded-md border border-ground/60 px-2 py-0.5 text-sm font-semibold">{text.console}</p>
            <p className="order-last w-full text-sm wrap-anywhere sm:order-none sm:w-auto sm:flex-1 sm:text-end" title={text.seen}>
              {text.actsAs(isolated(name))}
            </p>
            <div className="flex-1 sm:hidden" />
            <StaffMenu name={name} />
          </div>
        </div>
        <div className="mx-auto max-w-6xl px-3">
          <LinkTabs bare label={text.parts.label}>
            {PARTS.map((part) => (
              <ConsoleTab key={part} path={pathOf(part)} open={place?.part === part}>
                {text.parts[part]}
              </ConsoleTab>
            ))}
          </LinkTabs>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-8">
        <Framed value>{children}</Framed>
        <p className="mt-10 text-sm text-soft">{text.zone}</p>
      </main>
      <Toasts />
    </div>
  );
}

/** A link whose page, or a page below it, is open. */
export function ConsoleTab({ path, open, children }: { path: string; open: boolean; children: ReactNode }) {
  return (
    <To path={path} aria-current={open ? "page" : undefined} className={cn("border-b-2 px-3 py-2 font-medium whitespace-nowrap", open ? "border-accent text-ink" : "border-transparent text-soft hover:text-ink")}>
      {children}
    </To>
  );
}

function StaffMenu({ name }: { name: string }) {
  const t = useText();
  const navigate = useNavigate();
  const leave = async () => {
    await staff().signOut();
    if (!config().staff) await navigate({ to: "/sign-in" });
  };
  return (
    <Menu label={t.shell.menu(name)} button={<Avatar name={name} />} className="rounded-full! p-1 focus-visible:outline-ground!">
      <p className="truncate px-3 py-2 text-sm text-soft">
        <bdi>{name}</bdi>
      </p>
      <ThemeChoice />
      <button type="button" className={menuItem} onClick={leave}>
        {t.shell.signOut}
      </button>
    </Menu>
  );
}
