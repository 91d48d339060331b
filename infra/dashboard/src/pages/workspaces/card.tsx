import { useCatalogue } from "../../api/queries/catalogue";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/types";
import { Name } from "../../kit/avatar";
import { Badge } from "../../kit/badge";
import { useText } from "../../text";
import { StatusBadge } from "../overview/status";

/** A workspace of the list: the whole card leads to it. */
export function WorkspaceCard({ workspace }: { workspace: Schemas["WorkspaceSummary"] }) {
  const t = useText();
  const catalogue = useCatalogue();
  const { id, name, role, plan, member_count, runtime_status, suspended } = workspace;
  return (
    <li className="relative grid content-between gap-6 rounded-xl border border-line bg-panel p-5 transition hover:border-control hover:shadow-sm">
      <div className="grid gap-2.5">
        <div className="flex items-center gap-3">
          <Tile name={name} />
          <h2 className="min-w-0 text-lg leading-snug font-semibold">
            <Link to="/w/$ws" params={{ ws: id }} className="line-clamp-2 rounded after:absolute after:inset-0 after:rounded-xl">
              <Name>{name}</Name>
            </Link>
          </h2>
        </div>
        <div className="flex flex-wrap gap-2">
          {suspended ? <Badge tone="bad">{t.workspaces.suspended}</Badge> : <StatusBadge status={runtime_status} />}
        </div>
      </div>
      <dl className="flex flex-wrap gap-x-2 text-sm text-soft">
        <dt className="sr-only">{t.workspaces.plan}</dt>
        <dd className="font-medium text-ink">{catalogue.plan(plan)}</dd>
        <Dot />
        <dt className="sr-only">{t.workspaces.yourRole}</dt>
        <dd>{t.roles[role]}</dd>
        <Dot />
        <dd>{t.workspaces.members(member_count)}</dd>
      </dl>
    </li>
  );
}

function Tile({ name }: { name: string }) {
  return (
    <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-lg bg-accent-soft font-semibold text-accent uppercase">
      {/[\p{L}\p{N}\p{Extended_Pictographic}]/u.exec(name)?.[0] ?? "·"}
    </span>
  );
}

function Dot() {
  return (
    <dd aria-hidden="true" className="text-control">
      ·
    </dd>
  );
}
