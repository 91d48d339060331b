// How many integrations are enabled, of how many, and the way to more.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { subscriptionQuery } from "../../../api/queries/subscription";
import { buttonClass } from "../../../kit/button";
import { AskOwner } from "../../../kit/limit";
import { Meter } from "../../../kit/meter";
import { Notice } from "../../../kit/notice";
import { Problem } from "../../../kit/problem";
import { Skeleton } from "../../../kit/skeleton";
import { useAccess } from "../../../shell/access";
import { useListText } from "./words";

export function Limit({ workspace, used }: { workspace: string; used: number }) {
  const { limit: text } = useListText();
  const { data: paid, error, refetch } = useQuery(subscriptionQuery(workspace));
  if (error && !paid) return <Problem error={error} retry={() => void refetch()} />;
  if (!paid) return <Skeleton className="h-23.5 rounded-xl" />;
  const limit = paid.limits["integrations"] ?? null;
  const left = limit === null ? text.unlimited : used > limit ? text.over : used < limit ? text.left(limit - used) : undefined;
  return (
    <>
      <div className="rounded-xl border border-line bg-panel px-5 py-4">
        <Meter label={text.label} used={used} limit={limit} note={left ?? text.note} />
      </div>
      {limit !== null && used === limit && <Full workspace={workspace} limit={limit} />}
    </>
  );
}

/** That no other can be enabled, before anything was refused for it. */
function Full({ workspace, limit }: { workspace: string; limit: number }) {
  const { limit: text } = useListText();
  const pays = useAccess(workspace)("manage_billing") === undefined;
  return (
    <Notice
      tone="warn"
      title={text.full(limit)}
      actions={
        pays && (
          <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} className={buttonClass("plain", true)}>
            {text.plans}
          </Link>
        )
      }
    >
      <p>
        {text.free} {!pays && <AskOwner workspace={workspace} />}
      </p>
    </Notice>
  );
}
