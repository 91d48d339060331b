import { useEffect } from "react";
import { useText } from "../text";
import { Button } from "./button";

/** The way to the rest of a long list; it is taken by itself while a filter needs the whole. */
export function More({ query, all, searching }: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; isFetchNextPageError: boolean; fetchNextPage: () => unknown };
  all: boolean;
  /** What the button says meanwhile. */
  searching: string;
}) {
  const t = useText();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const onwards = all && hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (onwards) void fetchNextPage();
  }, [onwards, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <>
      <p className="printed">{t.common.partly}</p>
      <div className="no-print justify-self-center">
        <Button small busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {isFetchingNextPage && all ? searching : t.common.more}
        </Button>
      </div>
    </>
  );
}
