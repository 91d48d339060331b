// A failure in its place: what happened, what to do, the id to give to support, and another try where that may help.

import { isFailure } from "../api/failure";
import { useText } from "../text";
import { Button } from "./button";
import { Copy } from "./copy";
import { Notice } from "./notice";

export function Problem({ error, retry, title }: { error: unknown; retry?: (() => void) | undefined; title?: string }) {
  const t = useText();
  const failure = isFailure(error) ? error : undefined;
  const wait = failure?.retryAfter;
  return (
    <Notice
      tone="bad"
      live
      title={title}
      actions={retry && <Button small onClick={retry}>{t.common.retry}</Button>}
    >
      <p>{failure?.sentence ?? t.errors.unknown}</p>
      {wait !== undefined && <p>{t.errors.retryAfter(wait)}</p>}
      {failure?.requestId && (
        <p className="mt-1 flex flex-wrap items-center gap-2 text-soft">
          <span>
            {t.errors.requestId} <code className="font-mono text-xs break-all">{failure.requestId}</code>
          </span>
          <Copy value={failure.requestId} />
        </p>
      )}
    </Notice>
  );
}
