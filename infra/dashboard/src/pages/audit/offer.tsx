// What the plan of the workspace lacks of the log, and the way to it.

import { Link } from "@tanstack/react-router";
import { FEATURE } from "../../api/audit/log";
import { useCatalogue } from "../../api/queries/catalogue";
import { buttonClass } from "../../kit/button";
import { AskOwner } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { useAuditText } from "./words";

/** `current` is the plan in force. */
export function Offer({ workspace, current }: { workspace: string; current: string }) {
  const t = useText();
  const { offer: text } = useAuditText();
  const { plans, plan: titleOf } = useCatalogue();
  const pays = useAccess(workspace)("manage_billing") === undefined;
  const own = plans.findIndex(({ plan }) => plan === current);
  // The smallest one that has it; a larger one than theirs if they are listed.
  const plan = plans.find(({ features }, place) => place > own && features.includes(FEATURE))?.plan;
  return (
    <div className="no-print">
      <Notice
        title={text.title}
        actions={
          pays &&
          plan && (
            <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} search={{ plan }} className={buttonClass("primary", true)}>
              {t.billing.limit.upgrade(titleOf(plan))}
            </Link>
          )
        }
      >
        <p>
          {plan ? text.lead(titleOf(plan)) : text.contact} {!pays && plan && <AskOwner workspace={workspace} />}
        </p>
      </Notice>
    </div>
  );
}
