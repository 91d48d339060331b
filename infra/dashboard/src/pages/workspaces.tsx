// The person's workspaces, the invitations to others, and the way to a new one.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { workspacePagesQuery } from "../api/queries/workspaces";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Problem } from "../kit/problem";
import { Skeleton } from "../kit/skeleton";
import { Frame } from "../shell/frame";
import { Page } from "../shell/page";
import { useText } from "../text";
import { WorkspaceCard } from "./workspaces/card";
import { Create } from "./workspaces/create";
import { Invitations } from "./workspaces/invitations";

const grid = "grid gap-4 sm:grid-cols-2 lg:grid-cols-3";

export function Workspaces() {
  const t = useText();
  const [creating, setCreating] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(workspacePagesQuery);
  const all = data?.pages.flatMap(({ workspaces }) => workspaces);
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t.workspaces.create}
    </Button>
  );
  return (
    <Frame>
      <Page title={t.workspaces.title} lead={t.workspaces.lead} actions={all?.length ? create : undefined}>
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
            <ul className={grid}>
              {all.map((workspace) => (
                <WorkspaceCard key={workspace.id} workspace={workspace} />
              ))}
            </ul>
            {hasNextPage && (
              <Button className="justify-self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t.common.more}
              </Button>
            )}
          </section>
        )}
      </Page>
      <Dialog open={creating} onClose={() => setCreating(false)} title={t.workspaces.create}>
        <p className="text-soft">{t.workspaces.createLead}</p>
        <Create onCancel={() => setCreating(false)} />
      </Dialog>
    </Frame>
  );
}
