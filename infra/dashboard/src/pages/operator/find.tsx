// The search for workspaces. Each answer covers a part of the table, and the next one continues from there.

import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { findQuery } from "../../api/operator/queries";
import { queries } from "../../api/query";
import { CRITERIA, type Found } from "../../api/operator/types";
import { Badge } from "../../kit/badge";
import { Button } from "../../kit/button";
import { Empty } from "../../kit/empty";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Name } from "../../kit/avatar";
import { Page } from "../../shell/page";
import { useOperatorText } from "../../text/operator";
import { To, workspacePath } from "./paths";
import { SearchForm, useSought, type Sought } from "./search";
import { Code } from "./rows";

const FIELDS = [...CRITERIA, "id"] as const;
type Field = (typeof FIELDS)[number];

export function FindWorkspace() {
  const { find: text } = useOperatorText();
  const navigate = useNavigate();
  const sought = useSought(FIELDS);
  const by = CRITERIA.find((one) => one === sought?.by);
  const find = findQuery(by ?? "name", sought?.what ?? "");
  const query = useInfiniteQuery({ ...find, enabled: by !== undefined });
  const open = ({ by, what }: Sought<Field>) => {
    if (by !== "id") return undefined;
    if (!/^ws_[0-9A-HJKMNP-TV-Z]{26}$/.test(what)) return text.notId;
    void navigate({ to: "/operator/$", params: { _splat: workspacePath(what) }, search: {} });
    return true;
  };
  return (
    <Page title={text.title} lead={text.lead}>
      <SearchForm path="" criteria={FIELDS} words={text} hintOf={(by) => text.hints[by]} sought={sought} busy={query.isFetching} onSearch={open} onAgain={() => void queries.resetQueries({ queryKey: find.queryKey })} />
      {by ? <Result query={query} /> : <p className="text-soft">{text.before}</p>}
    </Page>
  );
}

type Query = UseInfiniteQueryResult<InfiniteData<{ found: Found[]; next: string | null }>>;

function Result({ query }: { query: Query }) {
  const { find: text } = useOperatorText();
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, refetch, fetchNextPage } = query;
  const found = data?.pages.flatMap((page) => page.found) ?? [];
  const problem = error && !isFetching && <Problem error={error} title={text.failed} retry={() => void (data ? fetchNextPage() : refetch())} />;
  if (!data) return problem || <Skeleton className="h-48 rounded-xl" />;
  const more = hasNextPage && !problem && (
    <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {isFetchingNextPage ? text.searching : text.more}
    </Button>
  );
  if (found.length === 0) {
    return (
      <>
        <Empty title={hasNextPage ? text.nothingYet : text.nothing} action={more}>
          <span role="status">{hasNextPage ? text.partly : text.nothingLead}</span>
        </Empty>
        {problem}
      </>
    );
  }
  return (
    <section aria-labelledby="found" className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="found" className="text-lg font-semibold">
          {text.found(new Set(found.map(({ workspace }) => workspace)).size)}
        </h2>
        <p role="status" className="text-sm text-soft">
          {hasNextPage ? text.partly : text.all}
        </p>
      </div>
      <ul aria-label={text.list} className="rounded-xl border border-line bg-panel px-5">
        {found.map((one, place) => (
          <Entry key={`${one.workspace} ${place}`} found={one} />
        ))}
      </ul>
      {problem}
      <div className="justify-self-center">{more}</div>
    </section>
  );
}

function Entry({ found: { workspace, name, plan, live, suspended, member, invitation } }: { found: Found }) {
  const { find: text } = useOperatorText();
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-72">
        <To path={workspacePath(workspace)} className="line-clamp-2 font-medium text-accent underline-offset-4 hover:underline">
          <Name>{name}</Name>
        </To>
        <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-soft">
          <Code>{workspace}</Code>
          {member && <span>{text.member(member.role, member.status)}</span>}
          {invitation && <span>{text.invitation(invitation.role)}</span>}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {!live && <Badge tone="bad">{text.deleting}</Badge>}
        {suspended && <Badge tone="warn">{text.suspended}</Badge>}
        <Badge>{plan}</Badge>
      </div>
    </li>
  );
}
