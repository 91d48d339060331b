// The export of everything that is stored of the workspace into a file.

import { useState } from "react";
import { now } from "../../api/client";
import { workspaceExportStep } from "../../api/queries/general";
import { useWalk } from "../../api/walk/walk";
import { Button } from "../../kit/button";
import { FileName, Finished } from "../../kit/finished";
import { useOffered } from "../../kit/offered";
import { Task } from "../../kit/task";
import { useAccess } from "../../shell/access";
import { dayIn } from "../audit/days";
import { Row } from "./row";
import { useDangerText } from "./words";

function useExport(workspace: string, zone: string) {
  const walk = useWalk();
  const { file, offer, forget } = useOffered();
  const [count, setCount] = useState(0);
  const start = () => {
    const parts: Blob[] = [];
    let items = 0;
    const step = workspaceExportStep(workspace, (lines) => {
      parts.push(new Blob([lines]));
      items += lines.split("\n").length - 1;
    });
    forget();
    setCount(0);
    walk.run(async (end) => {
      const hasMore = await step(end);
      if (end.aborted) return false;
      setCount(items);
      if (!hasMore) offer(new Blob(parts, { type: "application/jsonl" }), `workspace-${workspace}-${dayIn(now(), zone)}.ndjson`);
      return hasMore;
    });
  };
  const close = () => {
    forget();
    walk.cancel();
  };
  return { ...walk, cancel: close, count, file, start };
}

export function Export({ workspace, zone }: { workspace: string; zone: string }) {
  const { export: text } = useDangerText();
  const run = useExport(workspace, zone);
  const why = useAccess(workspace)("export_workspace");
  const { file, progress, count } = run;
  return (
    <Row
      title={text.title}
      lead={text.lead}
      why={why}
      below={
        <>
          <Task walk={run} words={text.walk} title={text.running} count={text.read(count)} note={text.stay} />
          {progress?.state === "done" && file && (
            <Finished file={file} words={text} onClose={run.cancel}>
              {text.doneLead(count)} <FileName>{file.name}</FileName>
            </Finished>
          )}
        </>
      }
    >
      <Button why={why ?? (run.isBusy ? text.busy : undefined)} onClick={run.start}>
        {text.action}
      </Button>
    </Row>
  );
}
