// The formats of an export, its progress, and its file.

import type { Wanted } from "../../api/audit/log";
import { Button, buttonClass } from "../../kit/button";
import { Menu, menuItem } from "../../kit/menu";
import { Notice } from "../../kit/notice";
import { save } from "../../kit/offered";
import { Task } from "../../kit/task";
import type { useExport } from "./exporting";
import type { Format } from "./file";
import { useAuditText } from "./words";

const FORMATS: readonly Format[] = ["ndjson", "csv", "checkpoints"];

type Export = ReturnType<typeof useExport>;

export function ExportMenu({ run, wanted }: { run: Export; wanted: Wanted }) {
  const { export: text } = useAuditText();
  return (
    <Menu
      label={text.action}
      className={buttonClass()}
      button={
        <span className="flex items-center gap-2">
          {text.action}
          <svg viewBox="0 0 12 12" className="size-3 text-soft" aria-hidden="true">
            <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
          </svg>
        </span>
      }
    >
      {run.isBusy && (
        <p id="export-busy" className="px-3 py-2 text-sm text-soft">
          {text.busy}
        </p>
      )}
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          className={menuItem}
          aria-disabled={run.isBusy || undefined}
          aria-describedby={run.isBusy ? "export-busy" : undefined}
          onClick={() => !run.isBusy && run.start(format, wanted)}
        >
          <span className="grid">
            <span className="font-medium">{text.formats[format].name}</span>
            <span className="text-sm text-soft">{text.formats[format].lead}</span>
          </span>
        </button>
      ))}
    </Menu>
  );
}

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
