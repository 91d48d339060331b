// The export of the log into a file.

import { useEffect, useRef, useState } from "react";
import { checkpointsStep, exportStep, tableStep, type Checkpoint } from "../../api/audit/pages";
import { useWalk, type Step } from "../../api/audit/walk";
import type { Wanted } from "../../api/audit/log";
import { now } from "../../api/client";
import { dayIn } from "./days";
import { checkpointsBlob, nameOf, Pages, type Format } from "./file";

interface Saved {
  address: string;
  name: string;
}

/** Has the browser save a file. */
export function save({ address, name }: Saved): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

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
  const [format, setFormat] = useState<Format>("ndjson");
  const [count, setCount] = useState(0);
  const [file, setFile] = useState<Saved>();
  const address = useRef<string>(undefined);
  const forget = () => {
    if (address.current) URL.revokeObjectURL(address.current);
    address.current = undefined;
    setFile(undefined);
  };
  useEffect(() => () => URL.revokeObjectURL(address.current ?? ""), []);
  const start = (format: Format, wanted: Wanted) => {
    const { step, count, blob } = reader(workspace, format, wanted);
    forget();
    setFormat(format);
    setCount(0);
    walk.run(async (end) => {
      const hasMore = await step(end);
      if (end.aborted) return false;
      setCount(count());
      if (hasMore) return true;
      address.current = URL.createObjectURL(blob());
      const saved = { address: address.current, name: nameOf(format, workspace, dayIn(now(), zone)) };
      setFile(saved);
      save(saved);
      return false;
    });
  };
  const cancel = () => {
    forget();
    walk.cancel();
  };
  return { ...walk, cancel, format, count, file, start };
}
