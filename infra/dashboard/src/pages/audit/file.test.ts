import { expect, test } from "vitest";
import { checkpointsBlob, nameOf, Pages } from "./file";

function file(format: "ndjson" | "csv", ...pages: string[]) {
  const all = new Pages(format);
  for (const page of pages) all.add(page);
  return all;
}

/** `Blob.text` leaves a mark of the encoding out. */
const textOf = async (blob: Blob) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(await blob.arrayBuffer());

test("lines of JSON are put together as they are", async () => {
  const pages = file("ndjson", '{"number":1}\n{"number":2}\n', "", '{"number":3}\n');
  expect(pages.count).toBe(3);
  expect(await textOf(pages.blob())).toBe('{"number":1}\n{"number":2}\n{"number":3}\n');
});

test("a table has its columns once, and says how it is encoded", async () => {
  const head = '"id","at"\r\n';
  const pages = file("csv", `${head}"aud_2","a"\r\n"aud_1","b"\r\n`, head, `${head}"aud_0","c"\r\n`);
  expect(pages.count).toBe(3);
  expect(await textOf(pages.blob())).toBe(`\ufeff${head}"aud_2","a"\r\n"aud_1","b"\r\n"aud_0","c"\r\n`);
});

test("an export without records has its columns", async () => {
  expect(file("csv", '"id"\r\n')).toMatchObject({ count: 0 });
  expect(file("ndjson", "")).toMatchObject({ count: 0 });
});

test("checkpoints are in one object", async () => {
  expect(JSON.parse(await checkpointsBlob([{ text: "a" }]).text())).toEqual({ checkpoints: [{ text: "a" }] });
});

test("files are named by workspace and day", () => {
  expect(nameOf("csv", "ws_1", "2026-11-28")).toBe("audit-ws_1-2026-11-28.csv");
  expect(nameOf("checkpoints", "ws_1", "2026-11-28")).toBe("audit-ws_1-2026-11-28-checkpoints.json");
});
