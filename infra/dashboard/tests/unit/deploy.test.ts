// The order and the headers in which deploy.mjs uploads, against an `aws` that only writes down how it is called.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../deploy.mjs", import.meta.url));

/** Runs the script with a stack of these outputs. */
function deploy(args: string[], outputs: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "berth-deploy-"));
  const calls = join(folder, "calls");
  const listed = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  writeFileSync(join(folder, "outputs"), JSON.stringify(listed));
  writeFileSync(join(folder, "aws"), `#!/bin/sh\necho "$*" >> ${calls}\n[ "$1" = cloudformation ] && cat ${folder}/outputs\nexit 0\n`);
  chmodSync(join(folder, "aws"), 0o755);
  writeFileSync(calls, "");
  const run = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env: { PATH: `${folder}:/usr/bin:/bin` } });
  return { ...run, calls: readFileSync(calls, "utf8").trim().split("\n") };
}

test("assets come first, index.html last, and nothing is deleted", () => {
  const { status, stdout, calls } = deploy(["berth-prod", "--profile", "ops"], { DashboardBucket: "b", DashboardUrl: "https://app.example.com" });
  expect(status).toBe(0);
  expect(stdout).toContain("https://app.example.com");
  expect(calls).toHaveLength(4);
  expect(calls.every((call) => call.endsWith("--profile ops") && !call.includes("--delete"))).toBe(true);
  expect(calls[1]).toMatch(/^s3 sync .*s3:\/\/b\/assets .*--cache-control public, max-age=31536000, immutable/);
  expect(calls[2]).toMatch(/--exclude config.json --exclude index.html .*--cache-control no-cache/);
  expect(calls[3]).toMatch(/s3:\/\/b\/index.html .*--cache-control no-cache/);
});

test("a stack without a dashboard is named", () => {
  const { status, stderr, calls } = deploy(["berth-prod"], { ApiUrl: "https://api.example.com" });
  expect(status).toBe(1);
  expect(stderr).toContain("deploy it with Dashboard=true");
  expect(calls).toHaveLength(1);
});

test("a missing stack name shows the usage", () => {
  expect(deploy([], {}).stderr).toContain("Usage: npm run deploy -- <stack>");
});
