// A 402 in its place: which limit was met, how much of it is used, when it starts again, and the way to more: to the plan for
// owners, to the owners for others. Any other failure is shown as a Problem.

import { useCatalogue, type Catalogue } from "../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isFailure, type Failure } from "../api/failure";
import { ownersQuery } from "../api/queries/owners";
import { workspaceQuery } from "../api/queries/workspaces";
import { useAccess } from "../shell/access";
import { useText, type Text } from "../text";
import { day, list } from "../text/format";
import { Name } from "./avatar";
import { buttonClass } from "./button";
import { Notice } from "./notice";
import { Problem } from "./problem";

/** `workspace` is missing where the limit is the person's own, such as that of their free workspaces. */
export function LimitReached({ error, workspace, retry }: { error: unknown; workspace?: string; retry?: () => void }) {
  if (!isFailure(error) || error.status !== 402) return <Problem error={error} retry={retry} />;
  return workspace ? <OfWorkspace failure={error} workspace={workspace} /> : <Met failure={error} zone="UTC" />;
}

function OfWorkspace({ failure, workspace }: { failure: Failure; workspace: string }) {
  const t = useText();
  const catalogue = useCatalogue();
  const { data: head } = useQuery(workspaceQuery(workspace));
  const pays = useAccess(workspace)("manage_billing") === undefined;
  const due = failure.code === "workspace_past_due";
  const plan = failure.problem.upgrade_to ?? undefined;
  const to = plan && !due ? { plan } : {};
  return (
    <Met
      failure={failure}
      zone={head?.timezone ?? "UTC"}
      actions={
        pays &&
        (due || plan) && (
          <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} search={to} className={buttonClass("primary", true)}>
            {due ? t.billing.limit.pay : plan && t.billing.limit.upgrade(catalogue.plan(plan))}
          </Link>
        )
      }
    >
      {!pays && (due || plan) && <AskOwner workspace={workspace} />}
    </Met>
  );
}

function Met({ failure, zone, actions, children }: { failure: Failure; zone: string; actions?: ReactNode; children?: ReactNode }) {
  const t = useText();
  const catalogue = useCatalogue();
  const { limit, used, resets_at, upgrade_to } = failure.problem;
  if (failure.code === "workspace_past_due") {
    return (
      <Notice tone="warn" live title={t.billing.limit.pastDue} actions={actions}>
        {t.billing.limit.pastDueLead} {children}
      </Notice>
    );
  }
  return (
    <Notice tone="warn" live title={title(failure, t, catalogue)} actions={actions}>
      <p>
        {limit != null && used != null && <>{t.billing.limit.used(used, limit)} </>}
        {resets_at && <>{t.billing.limit.resets(day(resets_at, zone))} </>}
        {!upgrade_to && failure.code !== "runtime_not_included" && t.billing.limit.largest}
      </p>
      {children && <p>{children}</p>}
    </Notice>
  );
}

/** "Ask an owner", with their names. */
export function AskOwner({ workspace }: { workspace: string }) {
  const t = useText();
  const { data: owners } = useQuery(ownersQuery(workspace));
  const names = owners?.members.map(({ full_name, email }) => full_name ?? email ?? "").filter(Boolean) ?? [];
  if (names.length === 0) return <>{t.billing.limit.ask}</>;
  // The words between the names come from the language, the names keep their own direction.
  const marks = names.map((_, index) => `\u0000${index}\u0000`);
  const parts = list(marks).split("\u0000");
  return (
    <>
      {t.billing.limit.askNamed}{" "}
      {parts.map((part, index) => (index % 2 === 1 ? <Name key={index}>{names[Number(part)] ?? ""}</Name> : part))}.
    </>
  );
}

const codes = {
  workspace_member_limit: "members",
  workspace_integration_limit: "integrations",
  runtime_not_included: "runtime",
  free_workspace_limit_reached: "workspaces",
  free_container_limit_reached: "containers",
} as const;

function title({ code, problem }: Failure, t: Text, catalogue: Catalogue): string {
  const named = codes[code as keyof typeof codes];
  if (named || !problem.meter) return t.billing.limit.title[named ?? "other"];
  return t.billing.limit.of(catalogue.meter(problem.meter));
}
