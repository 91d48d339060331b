// Former members, and their way back.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { bringBack, membersQuery, type Member } from "../../api/queries/team";
import { workspaceQuery } from "../../api/queries/workspaces";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Empty } from "../../kit/empty";
import { More } from "../../kit/more";
import { Problem } from "../../kit/problem";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { Found, isOn, type Filter } from "./filter";
import { Refused } from "./full";
import { byName, isolated, matches, nameOf } from "./names";
import { reaches } from "./role";
import { List, Row, Rows, RowsLoading, useHeading } from "./rows";

export function Former({ workspace, filter }: { workspace: string; filter: Filter }) {
  const t = useText();
  const query = useInfiniteQuery(membersQuery(workspace, "removed"));
  const heading = useHeading();
  const members = query.data?.pages.flatMap((page) => page.members);
  const shown = members
    ?.filter((member) => matches(filter.q, member.full_name, member.email) && (!filter.role || member.role === filter.role))
    .sort(byName(nameOf));
  return (
    <Rows title={t.team.former} heading={heading.ref}>
      {query.isPending && <RowsLoading rows={1} />}
      {query.isError && <Problem error={query.error} retry={() => query.refetch()} />}
      {members && shown && (
        <>
          <Found filter={filter} shown={shown.length} all={members.length} />
          {members.length === 0 && <Empty title={t.team.noFormer}>{t.team.noFormerLead}</Empty>}
          {shown.length > 0 && (
            <List label={t.team.former}>
              {shown.map((member) => (
                <FormerRow key={member.id} workspace={workspace} member={member} onBack={heading.focus} />
              ))}
            </List>
          )}
          <More query={query} all={isOn(filter)} searching={t.team.searching} />
        </>
      )}
    </Rows>
  );
}

function FormerRow({ workspace, member, onBack }: { workspace: string; member: Member; onBack: () => void }) {
  const t = useText();
  const may = useAccess(workspace);
  const own = useRole(workspace);
  const { data: head } = useQuery(workspaceQuery(workspace));
  const name = nameOf(member);
  const back = useSend(
    (id: string, key) => bringBack(workspace, id, key),
    () => {
      toast(t.team.backAs(isolated(name), t.roles[member.role]));
      setTimeout(onBack);
    },
  );
  const above = reaches(own, member.role) ? undefined : t.team.rank(t.roles[member.role]);
  return (
    <Row
      name={name}
      about={member.full_name && member.email ? <bdi className="[overflow-wrap:anywhere]">{member.email}</bdi> : undefined}
      facts={
        <>
          <p>{t.roles[member.role]}</p>
          <p>
            {t.team.left} <Time at={member.last_active_at} zone={head?.timezone ?? "UTC"} format="relative" />
          </p>
        </>
      }
      actions={
        <Button small why={may("manage_members") ?? above} busy={back.busy} aria-label={t.team.backLabel(isolated(name))} onClick={() => back.run(member.id)}>
          {t.team.back}
        </Button>
      }
    >
      {back.error && <Refused workspace={workspace} error={back.error} retry={() => back.run(member.id)} />}
    </Row>
  );
}
