// The progress of an export, and its file. Loaded with the first one.

import type { Wanted } from "../../api/audit/log";
import { Button } from "../../kit/button";
import { Notice } from "../../kit/notice";
import { save } from "../../kit/offered";
import { Task } from "../../kit/task";
import type { Export } from "./export";
import { useAuditText } from "./words";

export function ExportPanel({ run, wanted }: { run: Export; wanted: Wanted }) {
  const { export: text, verify, walk } = useAuditText();
  const { format, count, file, progress } = run;
  const isSelected = wanted.actor !== undefined || wanted.action !== undefined || wanted.target !== undefined;
  if (progress?.state !== "done" || !file) {
    const read = format === "checkpoints" ? text.readCheckpoints(count) : text.read(count);
    return <Task walk={run} words={walk} title={text.titles[format]} count={read} note={format === "ndjson" && isSelected && text.range} />;
  }
  return (
    <div className="no-print">
      <Notice
        tone="good"
        title={<span role="status">{text.done}</span>}
        actions={
          <>
            <Button small onClick={() => save(file)}>
              {text.again}
            </Button>
            <Button small look="quiet" onClick={run.cancel}>
              {verify.close}
            </Button>
          </>
        }
      >
        <p>
          {format === "checkpoints" ? text.doneCheckpoints(count) : text.doneLead(count)} <code className="font-mono text-xs break-all">{file.name}</code>
        </p>
        {format === "ndjson" && isSelected && <p>{text.range}</p>}
      </Notice>
    </div>
  );
}
