// What a person loads, from the build. Sizes are gzipped, in bytes.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const KB = 1024;
const FIRST_LOAD = 170 * KB;
const PAGE = 12 * KB;
const STYLES = 12 * KB;

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  isEntry?: boolean;
  dynamicImports?: string[];
}

const dist = new URL("../../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8")) as Record<string, Chunk>;
const size = (file: string) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** The files that a browser loads for `name`. */
function closure(name: string, files = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) closure(imported, files);
  return files;
}

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? "";
// What the router loads; the parts that a page loads later, when they are opened, come on top of it.
const pages = (manifest[entry]?.dynamicImports ?? []).filter((name) => name.startsWith("src/pages/"));
const total = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + size(file), 0);

describe("the budget", () => {
  test.each([
    ["sign-in", ["src/pages/auth/sign-in.tsx", "src/auth/cognito-steps.ts"]],
    ["overview", ["src/shell/workspace.tsx", "src/pages/overview.tsx"]],
  ])("a first load of %s keeps it", (page, chunks) => {
    const files = [...chunks, "src/auth/cognito.ts"].reduce((files, chunk) => closure(chunk, files), closure(entry));
    const bytes = total(files);
    console.info(`first load with ${page}: ${(bytes / KB).toFixed(1)} KB in ${files.size} files`);
    expect(bytes).toBeLessThanOrEqual(FIRST_LOAD);
  });

  test.each(pages)("%s keeps it", (page) => {
    // A further page comes after one that a person starts with.
    const overview = "src/pages/overview.tsx";
    const start = page.startsWith("src/pages/auth/") ? "src/pages/auth/sign-in.tsx" : page === overview ? "src/pages/workspaces.tsx" : overview;
    const first = page === start ? ["src/shell/workspace.tsx"] : ["src/shell/workspace.tsx", start];
    const shared = first.reduce((files, chunk) => closure(chunk, files), closure("src/auth/cognito.ts", closure(entry)));
    const own = [...closure(page)].filter((file) => !shared.has(file));
    console.info(`${page}: ${(total(own) / KB).toFixed(1)} KB`);
    expect(total(own)).toBeLessThanOrEqual(PAGE);
  });

  // Its parts are not among the pages of the router, so that nobody else loads their names.
  test.each(manifest["src/pages/operator.tsx"]?.dynamicImports?.filter((name) => name.startsWith("src/pages/")) ?? [])("the console with %s keeps it", (part) => {
    const shared = ["src/auth/cognito.ts", "src/shell/workspace.tsx", "src/pages/operator.tsx"].reduce((files, chunk) => closure(chunk, files), closure(entry));
    const own = [...closure(part)].filter((file) => !shared.has(file));
    expect(total(own)).toBeLessThanOrEqual(PAGE);
  });

  test("customers load nothing of the console", () => {
    const console = manifest["src/pages/operator.tsx"]?.file ?? "";
    expect(console).not.toBe("");
    for (const page of pages.filter((name) => !name.startsWith("src/pages/operator"))) {
      const files = [...closure("src/shell/workspace.tsx", closure(page, closure(entry)))].map((file) => readFileSync(new URL(file, dist), "utf8"));
      expect(files.some((code) => code.includes("Operator’s console") || code.includes("/operator/commands")), page).toBe(false);
    }
  });

  test("styles keep it, and come from our own origin", () => {
    const styles = new Set(Object.values(manifest).flatMap(({ css }) => css ?? []));
    expect(total(styles)).toBeLessThanOrEqual(STYLES);
    const html = readFileSync(new URL("index.html", dist), "utf8");
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
  });
});
