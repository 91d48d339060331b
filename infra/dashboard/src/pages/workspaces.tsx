// The person's workspaces, the invitations to others, and the way to a new one.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useAllWorkspaces } from "../api/queries/workspaces";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Frame } from "../shell/frame";
import { Page } from "../shell/page";
import { useText } from "../text";
import { WorkspaceCard } from "./workspaces/card";
import { Create } from "./workspaces/create";
import { Deletions } from "./workspaces/deletions";
import { Find } from "./workspaces/find";
import { Invitations } from "./workspaces/invitations";
import { named } from "./workspaces/named";

const grid = "grid gap-4 sm:grid-cols-2 lg:grid-cols-3";
/** So many cards are shown at first, and with each step. */
const STEP = 24;

export function Workspaces() {
  const t = useText();
  const navigate = useNavigate({ from: "/workspaces" });
  const { q = "", create: isCreating = false } = useSearch({ from: "/inside/workspaces" });
  const setCreating = (create: true | undefined) => void navigate({ search: (before) => ({ ...before, create }), replace: true, resetScroll: false });
  const { all, query, isReading } = useAllWorkspaces(q !== "");
  const { error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t.workspaces.create}
    </Button>
  );
  const found = all && named(all, q);
  // A new query begins at the top.
  const [shown, setShown] = useState({ q, count: STEP });
  const count = shown.q === q ? shown.count : STEP;
  const visible = found?.slice(0, count);
  const hasMore = found !== undefined && (found.length > count || (hasNextPage && !isReading));
  const more = () => {
    setShown({ q, count: count + STEP });
    if (found && found.length < count + STEP && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  };
  return (
    <Frame>
      <Page title={t.workspaces.title} lead={t.workspaces.lead} actions={all?.length ? create : undefined}>
        <Deletions />
        <Invitations />
        {!all && !error && (
          <div className={grid}>
            {[0, 1, 2].map((place) => (
              <Skeleton key={place} className="h-44 rounded-xl" />
            ))}
          </div>
        )}
        {error && <Problem error={error} retry={() => void (all ? fetchNextPage() : refetch())} />}
        {all?.length === 0 && (
          <section className="mx-auto grid w-full max-w-lg gap-5 rounded-2xl border border-line bg-panel p-6 sm:p-8">
            <div>
              <h2 className="text-xl font-semibold">{t.workspaces.first}</h2>
              <p className="mt-1.5 text-soft">{t.workspaces.firstLead}</p>
            </div>
            <Create />
          </section>
        )}
        {all && all.length > 0 && (
          <section aria-label={t.workspaces.yours} className="grid gap-4">
            {(all.length > STEP || hasNextPage || q !== "") && <Find q={q} found={found?.length ?? 0} all={all.length} isReading={isReading} />}
            <ul className={grid}>
              {visible?.map((workspace) => (
                <WorkspaceCard key={workspace.id} workspace={workspace} />
              ))}
            </ul>
            {hasMore && (
              <Button className="justify-self-center" busy={isFetchingNextPage} onClick={more}>
                {t.common.more}
              </Button>
            )}
          </section>
        )}
      </Page>
      <Dialog open={isCreating && all?.length !== 0} onClose={() => setCreating(undefined)} title={t.workspaces.create}>
        <p className="text-soft">{t.workspaces.createLead}</p>
        <Create onCancel={() => setCreating(undefined)} />
      </Dialog>
    </Frame>
  );
}
