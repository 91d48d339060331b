// No seat is free: what is used of what, and the way to more; and refusals in general, in their place.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isFailure, type Failure } from "../../api/failure";
import { workspaceQuery } from "../../api/queries/workspaces";
import { ownersQuery } from "../../api/queries/team";
import { buttonClass } from "../../kit/button";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { list, moment, number } from "../../text/format";
import { isolated, nameOf } from "./names";

/** The names of the owners in a sentence; nothing until they are known. */
export function useOwners(workspace: string, wanted = true): string | undefined {
  const { data } = useQuery({ ...ownersQuery(workspace), enabled: wanted });
  return data?.members.length ? list(data.members.map((owner) => isolated(nameOf(owner)))) : undefined;
}

export function Full({ workspace, used, limit, upgradeTo, resetsAt, live }: {
  workspace: string;
  used: number;
  limit: number;
  upgradeTo?: Failure["problem"]["upgrade_to"];
  resetsAt?: string | null;
  live?: boolean;
}) {
  const t = useText();
  const pays = useAccess(workspace)("manage_billing") === undefined;
  const owners = useOwners(workspace, !pays);
  const { data: head } = useQuery(workspaceQuery(workspace));
  return (
    <Notice
      tone="warn"
      live={live}
      title={t.team.full.title(limit)}
      actions={
        pays && (
          <Link to="/w/$ws/settings/billing" params={{ ws: workspace }} search={upgradeTo ? { plan: upgradeTo } : {}} className={buttonClass("primary", true)}>
            {upgradeTo ? t.team.full.upgrade(t.team.plans[upgradeTo]) : t.team.full.plans}
          </Link>
        )
      }
    >
      <p>
        {t.team.full.used(number(used), number(limit))} {resetsAt && t.team.full.resets(moment(resetsAt, head?.timezone ?? "UTC"))}
      </p>
      <p>
        {t.team.full.free} {!pays && (owners ? t.team.full.ask(owners) : t.team.full.askSomeone)}
      </p>
    </Notice>
  );
}

/** A refusal: one for lack of seats leads to more of them. */
export function Refused({ workspace, error, retry }: { workspace: string; error: unknown; retry?: () => void }) {
  if (isFailure(error) && error.status === 402 && error.problem.limit != null) {
    const { used, limit, upgrade_to, resets_at } = error.problem;
    return <Full workspace={workspace} used={used ?? limit} limit={limit} upgradeTo={upgrade_to} resetsAt={resets_at} live />;
  }
  return <Problem error={error} retry={isFailure(error) && error.passes ? retry : undefined} />;
}
