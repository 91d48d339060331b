// The export of the log into a file.

import { useState } from "react";
import { checkpointsStep, exportStep, tableStep, type Checkpoint } from "../../api/audit/pages";
import type { Wanted } from "../../api/audit/log";
import { now } from "../../api/client";
import { useWalk, type Step } from "../../api/walk/walk";
import { useOffered } from "../../kit/offered";
import { dayIn } from "./days";
import { checkpointsBlob, nameOf, Pages, type Format } from "./file";

/** How the pages of a format are read: each adds to the count, and `blob` has all that were read. */
function reader(workspace: string, format: Format, wanted: Wanted): { step: Step; count: () => number; blob: () => Blob } {
  if (format === "checkpoints") {
    const all: Checkpoint[] = [];
    return { step: checkpointsStep(workspace, (some) => void all.push(...some)), count: () => all.length, blob: () => checkpointsBlob(all) };
  }
  const pages = new Pages(format);
  const found = (page: string) => pages.add(page);
  const { from, to } = wanted;
  const step = format === "csv" ? tableStep(workspace, wanted, found) : exportStep(workspace, { from, to }, found);
  return { step, count: () => pages.count, blob: () => pages.blob() };
}

export function useExport(workspace: string, zone: string) {
  const walk = useWalk();
  const { file, offer, forget } = useOffered();
  const [format, setFormat] = useState<Format>("ndjson");
  const [count, setCount] = useState(0);
  const start = (format: Format, wanted: Wanted) => {
    const { step, count, blob } = reader(workspace, format, wanted);
    forget();
    setFormat(format);
    setCount(0);
    walk.run(async (end) => {
      const hasMore = await step(end);
      if (end.aborted) return false;
      setCount(count());
      if (!hasMore) offer(blob(), nameOf(format, workspace, dayIn(now(), zone)));
      return hasMore;
    });
  };
  const cancel = () => {
    forget();
    walk.cancel();
  };
  return { ...walk, cancel, format, count, file, start };
}
