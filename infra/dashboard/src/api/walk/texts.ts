// A list as text, in pages: the header `Link` names the next one.

import type { Step } from "./walk";

/** The position in the header `Link`; nothing on the last page. */
export function nextCursor(link: string | null): string | undefined {
  const [, address] = /<([^>]*)>;\s*rel="?next"?/.exec(link ?? "") ?? [];
  return address === undefined ? undefined : (new URL(address, "https://here.invalid").searchParams.get("cursor") ?? undefined);
}

export type Answer = Promise<{ data?: unknown; response: Response }>;

/** A step that reads the text of a page. */
export function texts(ask: (cursor: string | undefined) => Answer, found: (text: string) => void): Step {
  let cursor: string | undefined;
  return async (end) => {
    const { data, response } = await ask(cursor);
    if (end.aborted) return false;
    // A page can be empty although more follow.
    if (data !== undefined) found(String(data));
    cursor = nextCursor(response.headers.get("link"));
    return cursor !== undefined;
  };
}
