// No seat is free: what is used of what, and the way to more; and refusals in their place.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isFailure } from "../../api/failure";
import { ownersQuery } from "../../api/queries/owners";
import { buttonClass } from "../../kit/button";
import { AskOwner, LimitReached } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { list } from "../../text/format";
import { isolated, nameOf } from "./names";

/** The names of the owners in a sentence; nothing until they are known. */
export function useOwners(workspace: string): string | undefined {
  const { data } = useQuery(ownersQuery(workspace));
  return data?.members.length ? list(data.members.map((owner) => isolated(nameOf(owner)))) : undefined;
}

/** That no seat is free, before anything was refused for it. */
export function Full({ workspace, limit }: { workspace: string; limit: number }) {
  const t = useText();
  const pays = useAccess(workspace)("manage_billing") === undefined;
  return (
    <Notice
      tone="warn"
      title={t.team.full.title(limit)}
      actions={
        pays && (
          <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} className={buttonClass("plain", true)}>
            {t.team.full.plans}
          </Link>
        )
      }
    >
      <p>
        {t.team.full.free} {!pays && <AskOwner workspace={workspace} />}
      </p>
    </Notice>
  );
}

/** A refusal: one for lack of seats leads to more of them, and one that may pass can be tried again. */
export function Refused({ workspace, error, retry }: { workspace: string; error: unknown; retry?: () => void }) {
  return <LimitReached error={error} workspace={workspace} retry={isFailure(error) && error.passes ? retry : undefined} />;
}
