import { useCatalogue } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { nearLimitsQuery } from "../../api/queries/overview";
import { Card } from "../../kit/card";
import { Meter } from "../../kit/meter";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useText } from "../../text";
import { day } from "../../text/format";

/** The limits that are nearly or wholly used. */
export function NearLimits({ workspace, zone }: { workspace: string; zone: string }) {
  const t = useText();
  const catalogue = useCatalogue();
  const { data, error, refetch } = useQuery(nearLimitsQuery(workspace));
  return (
    <Card title={t.overview.usage.title}>
      <div className="grid gap-5">
        {error && !data && <Problem error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton className="h-10" />}
        {data?.length === 0 && <p className="text-soft">{t.overview.usage.none}</p>}
        {data?.map(({ resource, used, limit, resets_at }) => (
          <Meter key={resource} label={catalogue.meter(resource)} used={used} limit={limit} note={resets_at ? t.overview.usage.resets(day(resets_at, zone)) : undefined} />
        ))}
        <p className="text-sm">
          <Link to="/w/$ws/usage" params={{ ws: workspace }} className="text-accent underline underline-offset-4">
            {t.overview.usage.all}
          </Link>
        </p>
      </div>
    </Card>
  );
}
