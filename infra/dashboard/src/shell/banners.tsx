// What a workspace's people should know on every page, with the one action that ends it.

import { useQuery } from "@tanstack/react-query";
import { Link, useMatch } from "@tanstack/react-router";
import { useCatalogue } from "../api/queries/catalogue";
import { subscriptionQuery } from "../api/queries/subscription";
import { workspaceQuery } from "../api/queries/workspaces";
import { buttonClass } from "../kit/button";
import { Notice } from "../kit/notice";
import { useText } from "../text";
import { day } from "../text/format";

export function Banners({ workspace }: { workspace: string }) {
  const t = useText();
  const { data: head } = useQuery(workspaceQuery(workspace));
  const { data: standing } = useQuery(subscriptionQuery(workspace));
  // The page on billing says it itself, next to what can be done.
  const onBilling = useMatch({ from: "/inside/w/$ws/settings/billing", shouldThrow: false }) !== undefined;
  const paid = onBilling ? undefined : standing;
  const catalogue = useCatalogue(paid?.cancel_at != null);
  if (!head) return null;
  const zone = head.timezone;
  const pay = (
    <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} className={buttonClass("plain", true)}>
      {t.billing.banner.open}
    </Link>
  );
  return (
    <div className="no-print mb-6 grid gap-3 empty:hidden">
      {head.suspended && (
        <Notice tone="bad" title={t.billing.banner.suspended}>
          <bdi>{head.suspended.reason}</bdi>
        </Notice>
      )}
      {paid?.grace_until && (
        <Notice tone="warn" title={t.billing.banner.pastDue} actions={pay}>
          {t.billing.banner.graceUntil(day(paid.grace_until, zone))}
        </Notice>
      )}
      {paid && !paid.grace_until && !paid.payment_pending && (paid.status === "unpaid" || paid.status === "incomplete") && (
        <Notice tone="bad" title={t.billing.banner.unpaid} actions={pay}>
          {t.billing.banner.unpaidLead}
        </Notice>
      )}
      {paid?.cancel_at && (
        <Notice title={t.billing.banner.ends(day(paid.cancel_at, zone))} actions={pay}>
          {t.billing.banner.endsLead(catalogue.free && catalogue.plan(catalogue.free))}
        </Notice>
      )}
      {paid?.status === "trialing" && paid.trial_end && !paid.cancel_at && (
        <Notice title={t.billing.banner.trial(day(paid.trial_end, zone))} actions={pay} />
      )}
    </div>
  );
}
