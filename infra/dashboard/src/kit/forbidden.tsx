// A page, or a part of one, that the person may not see: who may, by role and by name.

import { useQuery } from "@tanstack/react-query";
import { ownersQuery } from "../api/queries/owners";
import { useText } from "../text";
import { isolated, list } from "../text/format";
import { Empty } from "./empty";

/** `who` says which role sees it. */
export function Forbidden({ workspace, title, who }: { workspace: string; title: string; who: string }) {
  const t = useText();
  const { data } = useQuery(ownersQuery(workspace));
  const owners = data?.members.map(({ full_name, email }) => isolated(full_name ?? email ?? t.team.nameless)) ?? [];
  return (
    <Empty title={title}>
      {who} {owners.length > 0 && t.team.owners(list(owners))}
    </Empty>
  );
}
