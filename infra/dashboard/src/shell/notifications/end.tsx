import type { Filter } from "../../api/notifications/list";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useText } from "../../text";
import { EntriesLoading } from "./entry";
import type { useInbox } from "./inbox";
import { useNear } from "./near";

/** After the last one: the next page on its way, a failure, or that there is nothing. */
export function End({ inbox, filter }: { inbox: ReturnType<typeof useInbox>; filter: Filter }) {
  const { data, error, hasNextPage, isFetching, isFetchNextPageError, isError, notifications, fetchNextPage, refetch } = inbox;
  const near = useNear(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage({ cancelRefetch: false });
  });
  if (error) {
    return (
      <div className="p-4">
        <Problem error={error} retry={() => void (data && isFetchNextPageError ? fetchNextPage() : refetch())} />
      </div>
    );
  }
  if (!data || hasNextPage) {
    return (
      <div ref={near}>
        <EntriesLoading count={notifications.length > 0 ? 1 : 4}>
          <Skeleton className="min-h-8 bg-transparent!" />
        </EntriesLoading>
      </div>
    );
  }
  if (notifications.length > 0) return null;
  return <Nothing filter={filter} />;
}

function Nothing({ filter }: { filter: Filter }) {
  const t = useText();
  const { empty, types } = t.notifications;
  const [title, lead] = filter.unread
    ? [empty.unread, empty.unreadLead]
    : filter.type
      ? [empty.ofType(types[filter.type].name), empty.ofTypeLead]
      : [empty.all, empty.allLead];
  return (
    <div className="grid justify-items-center gap-2 px-8 py-14 text-center">
      <svg viewBox="0 0 48 48" className="mb-1 size-12 text-control" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        {filter.unread ? (
          <>
            <circle cx="24" cy="24" r="18" />
            <path d="m16 24.5 5.5 5.5L32.5 18" />
          </>
        ) : (
          <>
            <path d="M24 7a12 12 0 0 0-12 12c0 7.8-2 11.4-4 14-.8 1 0 2.6 1.4 2.6h29.2c1.4 0 2.2-1.6 1.4-2.6-2-2.6-4-6.2-4-14A12 12 0 0 0 24 7Z" />
            <path d="M19.6 41.5a5 5 0 0 0 8.8 0" />
          </>
        )}
      </svg>
      <p className="font-medium">{title}</p>
      <p className="text-sm text-balance text-soft">{lead}</p>
    </div>
  );
}
