// The file that an export becomes, from its pages.

export type Format = "ndjson" | "csv" | "checkpoints";

const types: Record<Format, string> = { ndjson: "application/jsonl", csv: "text/csv;charset=utf-8", checkpoints: "application/json" };
const ends: Record<Format, string> = { ndjson: ".ndjson", csv: ".csv", checkpoints: "-checkpoints.json" };

/** Programs for spreadsheets take a table without it for another encoding. */
const MARK = "\ufeff";

export function nameOf(format: Format, workspace: string, day: string): string {
  return `audit-${workspace}-${day}${ends[format]}`;
}

/** Collects the pages of an export. */
export class Pages {
  private readonly parts: Blob[] = [];
  count = 0;

  constructor(readonly format: Exclude<Format, "checkpoints">) {}

  add(page: string): void {
    if (this.format === "ndjson") this.put(page, lines(page, "\n"));
    else {
      // Each page begins with the names of the columns.
      const rows = this.parts.length === 0 ? MARK + page : page.slice(page.indexOf("\r\n") + 2);
      this.put(rows, lines(page, "\r\n") - 1);
    }
  }

  private put(text: string, records: number) {
    this.parts.push(new Blob([text]));
    this.count += Math.max(0, records);
  }

  blob(): Blob {
    return new Blob(this.parts, { type: types[this.format] });
  }
}

function lines(text: string, end: string): number {
  return text.split(end).length - 1;
}

/** Checkpoints as `GET /audit/checkpoints` has them, which is what audit-verify reads. */
export function checkpointsBlob(checkpoints: readonly unknown[]): Blob {
  return new Blob([JSON.stringify({ checkpoints }, null, 1), "\n"], { type: types.checkpoints });
}
