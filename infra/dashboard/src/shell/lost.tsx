// An address that leads nowhere.

import { Link, useParams } from "@tanstack/react-router";
import { useContext } from "react";
import { who } from "../auth";
import { buttonClass } from "../kit/button";
import { useText } from "../text";
import { Frame } from "./frame";
import { Logo } from "./logo";
import { Page } from "./page";
import { Framed } from "./trouble";

export function Lost() {
  const isFramed = useContext(Framed);
  if (isFramed) return <Nothing />;
  if (who()) {
    return (
      <Frame>
        <Nothing />
      </Frame>
    );
  }
  return (
    <main className="mx-auto max-w-lg px-4 pt-10">
      <Logo />
      <Nothing />
    </main>
  );
}

function Nothing() {
  const t = useText();
  const { ws } = useParams({ strict: false });
  return (
    <div className="mx-auto max-w-lg py-16">
      <p aria-hidden="true" className="mb-2 font-mono text-sm text-soft">
        404
      </p>
      <Page title={t.errors.notFound} lead={t.errors.notFoundLead}>
        <div className="flex flex-wrap gap-2">
          {ws && (
            <Link to="/w/$ws" params={{ ws }} className={buttonClass("primary")}>
              {t.errors.toOverview}
            </Link>
          )}
          <Link to={who() ? "/workspaces" : "/sign-in"} className={buttonClass(ws ? "plain" : "primary")}>
            {who() ? t.errors.toWorkspaces : t.errors.toSignIn}
          </Link>
        </div>
      </Page>
    </div>
  );
}
