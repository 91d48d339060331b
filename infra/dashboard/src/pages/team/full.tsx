// No seat is free: what is used of what, and the way to more; and refusals in their place.

import { Link } from "@tanstack/react-router";
import { isFailure } from "../../api/failure";
import { buttonClass } from "../../kit/button";
import { AskOwner, LimitReached } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";

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
