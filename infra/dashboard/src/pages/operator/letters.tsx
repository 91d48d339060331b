// Letters that came back, of a workspace or of an address.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lettersQuery } from "../../api/operator/queries";
import type { Letter } from "../../api/operator/types";
import { Name } from "../../kit/avatar";
import { Badge } from "../../kit/badge";
import { Empty } from "../../kit/empty";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Time } from "../../kit/time";
import { Page } from "../../shell/page";
import { useOperatorText } from "../../text/operator";
import { To, useConsoleSearch, workspacePath } from "./paths";
import { Code } from "./rows";
import { SearchForm, useSought, type Sought } from "./search";

const FIELDS = ["workspace", "email"] as const;
type Field = (typeof FIELDS)[number];

export function Letters() {
  const { letters: text } = useOperatorText();
  const navigate = useNavigate();
  // A workspace is in the address, as the pages of workspaces lead here.
  const { workspace } = useConsoleSearch();
  const typed = useSought(FIELDS);
  const sought: Sought<Field> | undefined = workspace ? { by: "workspace", what: workspace } : typed;
  const query = useQuery({ ...lettersQuery(sought?.by ?? "workspace", sought?.what ?? ""), enabled: sought !== undefined });
  const { data, error, isFetching, refetch } = query;
  const search = ({ by, what }: Sought<Field>) => {
    if (by !== "workspace" || !what || what === workspace) return undefined;
    void navigate({ to: "/operator/$", params: { _splat: "letters" }, search: { workspace: what } });
    return true as const;
  };
  return (
    <Page title={text.title} lead={text.lead}>
      <SearchForm path="letters" criteria={FIELDS} words={text} hintOf={() => undefined} sought={sought} busy={isFetching} onSearch={search} onAgain={() => void refetch()} />
      {!sought ? (
        <p className="text-soft">{text.before}</p>
      ) : error && !isFetching ? (
        <Problem error={error} title={text.failed} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-48 rounded-xl" />
      ) : data.letters.length === 0 ? (
        <Empty title={text.none}>
          <span role="status">{text.noneLead}</span>
        </Empty>
      ) : (
        <List letters={data.letters} />
      )}
    </Page>
  );
}

function List({ letters }: { letters: Letter[] }) {
  const { letters: text } = useOperatorText();
  return (
    <ul aria-label={text.title} className="rounded-xl border border-line bg-panel px-5">
      {letters.map(({ email, workspace, kind, at, what }, place) => (
        <li key={place} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-3 last:border-0">
          <div className="min-w-0 flex-1 basis-72">
            <p className="font-medium">
              <Name>{email}</Name>
            </p>
            <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-soft">
              {workspace === null ? (
                <span>{text.everywhere}</span>
              ) : (
                <To path={workspacePath(workspace)} className="text-accent underline-offset-4 hover:underline">
                  <Code>{workspace}</Code>
                </To>
              )}
              {at && <Time at={at} zone="UTC" />}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            <Badge>{text.ofs[what] ?? what}</Badge>
            <Badge tone={kind === "complained" ? "bad" : "warn"}>{text.kinds[kind] ?? kind}</Badge>
          </div>
        </li>
      ))}
    </ul>
  );
}
