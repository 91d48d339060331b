// Letters that came back, of a workspace or of an address.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lettersQuery } from "../../api/operator/queries";
import type { Letter } from "../../api/operator/types";
import { Badge } from "../../kit/badge";
import { Empty } from "../../kit/empty";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Time } from "../../kit/time";
import { Page } from "../../shell/page";
import { useOperatorText } from "../../text/operator";
import { To, useConsoleSearch, workspacePath } from "./paths";
import { cell, Code } from "./rows";
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
        <Table letters={data.letters} />
      )}
    </Page>
  );
}

function Table({ letters }: { letters: Letter[] }) {
  const { letters: text } = useOperatorText();
  return (
    <div className="relative overflow-x-auto rounded-xl border border-line bg-panel px-5 py-3" tabIndex={0} role="region" aria-label={text.title}>
      <table className="w-full text-sm">
        <thead className="text-soft">
          <tr>
            {[text.address, text.workspace, text.of, text.kind, text.at].map((name) => (
              <th key={name} scope="col" className="pe-4 pb-1 text-start font-medium last:pe-0">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {letters.map(({ email, workspace, kind, at, what }, place) => (
            <tr key={place}>
              <th scope="row" className={`${cell} min-w-40 font-normal`}>
                <bdi>{email}</bdi>
              </th>
              <td className={`${cell} min-w-32`}>
                {workspace === null ? (
                  <span className="text-soft">{text.everywhere}</span>
                ) : (
                  <To path={workspacePath(workspace)} className="text-accent underline-offset-4 hover:underline">
                    <Code>{workspace}</Code>
                  </To>
                )}
              </td>
              <td className={cell}>{text.ofs[what] ?? what}</td>
              <td className={`${cell} whitespace-nowrap`}>
                <Badge tone={kind === "complained" ? "bad" : "warn"}>{text.kinds[kind] ?? kind}</Badge>
              </td>
              <td className={`${cell} min-w-32`}>
                {at ? <Time at={at} zone="UTC" /> : <span className="text-soft">{text.unknown}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
