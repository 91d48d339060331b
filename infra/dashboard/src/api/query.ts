// The cache of what was read. A read is sent again twice where that may help; a change never is by itself.

import { QueryClient } from "@tanstack/react-query";
import { isFailure } from "./failure";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && isFailure(error) && error.passes && error.status !== 429,
      retryDelay: (count) => 500 * 2 ** count,
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

/** The key of something in a workspace. */
export function of(workspace: string, ...parts: unknown[]): unknown[] {
  return ["workspace", workspace, ...parts];
}

/** Reads everything of the workspace again. */
export function refresh(workspace: string): Promise<void> {
  return queries.invalidateQueries({ queryKey: of(workspace) });
}
