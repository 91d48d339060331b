// The texts of this page, and refusals in its words.

import { useEffect } from "react";
import { Failure, isFailure } from "../../api/failure";
import { of, readAgain } from "../../api/query";
import { usePageText } from "../../text";
import { keys } from "../../text/en/pages/keys";

export function useKeysText(): typeof keys {
  return usePageText("keys", keys);
}

/** What is no longer as it is shown, by the refusal that says so. Keys are read again after every attempt to change one. */
const stale: Record<string, readonly string[]> = {
  role_required: ["access"],
  service_keys_by_owners: ["access"],
  workspace_suspended: ["access", "head"],
};

/** The refusal in this page's words. What it shows to be stale is read again. */
export function useRefusal(workspace: string, error: unknown): unknown {
  const { problems } = useKeysText();
  useEffect(() => {
    if (!isFailure(error)) return;
    const parts = stale[error.code];
    if (parts) void readAgain(...parts.map((part) => of(workspace, part)));
  }, [error, workspace]);
  const said = isFailure(error) ? problems[error.code] : undefined;
  if (!isFailure(error) || said === undefined) return error;
  return new Failure(error.status, error.code, said, error.requestId, error.problem, error.retryAfter);
}
