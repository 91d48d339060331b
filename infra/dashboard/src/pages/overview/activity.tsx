import { useCatalogue } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { isFailure } from "../../api/failure";
import { namesQuery, recentQuery, type Activity } from "../../api/queries/overview";
import { Avatar, Name } from "../../kit/avatar";
import { Card } from "../../kit/card";
import { Empty } from "../../kit/empty";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { Time } from "../../kit/time";
import { useAccess, useAllowed } from "../../shell/access";
import { useText } from "../../text";
import { describe } from "./sentence";

/** What happened last, for those who may read it. */
export function Recent({ workspace, zone }: { workspace: string; zone: string }) {
  const t = useText();
  const forbidden = useAccess(workspace)("read_activity") !== undefined;
  const { data, error, refetch } = useQuery({ ...recentQuery(workspace), enabled: useAllowed(workspace, "read_activity") });
  const refused = forbidden || (isFailure(error) && error.status === 403);
  const unnamed = data?.some(({ actor_name }) => !actor_name) ?? false;
  const { data: names = {} } = useQuery({ ...namesQuery(workspace), enabled: unnamed });
  return (
    <Card title={t.overview.activity.title}>
      {refused && <p className="text-soft">{t.overview.activity.forbidden}</p>}
      {!refused && error && !data && <Problem error={error} retry={() => void refetch()} />}
      {!refused && !error && !data && <Skeleton className="h-64" />}
      {!refused && data?.length === 0 && <Empty title={t.overview.activity.none}>{t.overview.activity.noneLead}</Empty>}
      {!refused && data && data.length > 0 && (
        <ol className="-my-2 divide-y divide-line">
          {data.map((record) => (
            <Row key={record.id} record={record} names={names} zone={zone} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Row({ record, names, zone }: { record: Activity; names: Record<string, string | undefined>; zone: string }) {
  const t = useText();
  const catalogue = useCatalogue();
  const actor = typeof record.after["operator"] === "string" ? record.after["operator"] : (record.actor_name ?? names[record.actor] ?? "");
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Avatar name={actor} />
      <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
      <p className="min-w-0 basis-52 grow">
        {describe(record, names, t, catalogue).map((piece, index) =>
          "name" in piece ? (
            <span key={index} className="font-medium">
              <Name>{piece.name}</Name>
            </span>
          ) : (
            piece.text
          ),
        )}
      </p>
        <span className="shrink-0 text-sm text-soft">
          <Time at={record.at} zone={zone} format="relative" />
        </span>
      </div>
    </li>
  );
}
