// Addresses that lead nowhere, and pages that failed.

import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { Button, buttonClass } from "../kit/button";
import { Problem } from "../kit/problem";
import { useText } from "../text";
import { Page } from "./page";

export function Lost() {
  const t = useText();
  return (
    <main className="mx-auto max-w-lg px-4 py-24">
      <Page title={t.errors.notFound} lead={t.errors.notFoundLead}>
        <Link to="/workspaces" className={buttonClass("primary")}>
          {t.errors.toWorkspaces}
        </Link>
      </Page>
    </main>
  );
}

/** The workspace of the address is none of this person's. */
export function Gone() {
  const t = useText();
  return (
    <div className="mx-auto max-w-lg py-16">
      <Page title={t.errors.gone} lead={t.errors.goneLead}>
        <Link to="/workspaces" className={buttonClass("primary")}>
          {t.errors.toWorkspaces}
        </Link>
      </Page>
    </div>
  );
}

export function Trouble({ error, reset }: ErrorComponentProps) {
  const t = useText();
  return (
    <main className="mx-auto grid max-w-lg gap-4 px-4 py-24">
      <Page title={t.errors.pageFailed}>
        <Problem error={error} retry={reset} />
        <Button onClick={() => location.reload()}>{t.common.retry}</Button>
      </Page>
    </main>
  );
}
