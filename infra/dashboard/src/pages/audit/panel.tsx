// The progress of an export, and its file. Loaded with the first one.

import type { Wanted } from "../../api/audit/log";
import { FileName, Finished } from "../../kit/finished";
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
      <Finished file={file} words={{ done: text.done, again: text.again, close: verify.close }} onClose={run.cancel}>
        <p>
          {format === "checkpoints" ? text.doneCheckpoints(count) : text.doneLead(count)} <FileName>{file.name}</FileName>
        </p>
        {format === "ndjson" && isSelected && <p>{text.range}</p>}
      </Finished>
    </div>
  );
}
