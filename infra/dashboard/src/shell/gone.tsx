// The workspace of the address is none of this person's, or not any more.

import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keptDeletions, watchDeletions, type Kept } from "../api/deletions/kept";
import { buttonClass } from "../kit/button";
import { usePageText, useText } from "../text";
import { deletion } from "../text/en/pages/deletion";
import { isolated } from "../text/format";
import { Page } from "./page";

function ownDeletion(workspace: string): Kept | undefined {
  return keptDeletions().find((kept) => kept.workspace === workspace);
}

/** True if this person has requested the deletion of the workspace before, or does so in another tab. */
export function useIsDeleted(workspace: string): boolean {
  const look = () => ownDeletion(workspace) !== undefined;
  const [seen, setSeen] = useState(() => ({ workspace, isDeleted: look() }));
  if (seen.workspace !== workspace) setSeen({ workspace, isDeleted: look() });
  useEffect(() => watchDeletions(() => look() && setSeen({ workspace, isDeleted: true })), [workspace]);
  return seen.workspace === workspace && seen.isDeleted;
}

export function Gone({ workspace }: { workspace: string }) {
  const t = useText();
  const text = usePageText("deletion", deletion);
  const [own] = useState(() => ownDeletion(workspace));
  return (
    <div className="mx-auto max-w-lg py-16">
      <Page title={own ? text.gone(isolated(own.name)) : t.errors.gone} lead={own ? text.goneLead : t.errors.goneLead}>
        <div className="flex flex-wrap gap-2">
          {own && (
            <Link to="/deletions/$id" params={{ id: own.id }} className={buttonClass("primary")}>
              {text.receipt}
            </Link>
          )}
          <Link to="/workspaces" className={buttonClass(own ? "plain" : "primary")}>
            {t.errors.toWorkspaces}
          </Link>
        </div>
      </Page>
    </div>
  );
}
