// The formats of an export.

import type { Wanted } from "../../api/audit/log";
import { buttonClass } from "../../kit/button";
import { Menu, menuItem } from "../../kit/menu";
import type { useExport } from "./exporting";
import type { Format } from "./file";
import { useAuditText } from "./words";

const FORMATS: readonly Format[] = ["ndjson", "csv", "checkpoints"];

export type Export = ReturnType<typeof useExport>;

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
