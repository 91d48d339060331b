// Uploads the built dashboard to the bucket of a deployed stack: `npm run deploy -- <stack>`. What follows the stack's name goes to the
// AWS CLI, such as `--profile` and `--region`.
//
// It calls the AWS CLI, which docs/operations.md needs anyway and which finds every kind of credentials. An SDK would add dozens
// of packages to the lock file for four calls.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [stack, ...options] = process.argv.slice(2);
const dist = fileURLToPath(new URL("dist/", import.meta.url));

function fail(message) {
  console.error(message);
  process.exit(1);
}

function aws(args, stdio = "inherit") {
  try {
    return execFileSync("aws", [...args, ...options], { encoding: "utf8", stdio: ["ignore", stdio, "inherit"] });
  } catch (error) {
    if (error.code === "ENOENT") fail("The AWS CLI is missing: install it (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html).");
    return fail(`aws ${args.slice(0, 2).join(" ")} failed.`);
  }
}

if (!stack || stack.startsWith("-")) fail("Usage: npm run deploy -- <stack> [options of the AWS CLI]");
if (!existsSync(`${dist}index.html`)) fail("There is no build: run `npm run build` first.");

const described = aws(["cloudformation", "describe-stacks", "--stack-name", stack, "--query", "Stacks[0].Outputs", "--output", "json"], "pipe");
const outputs = Object.fromEntries((JSON.parse(described) ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
const { DashboardBucket: bucket, DashboardUrl: url } = outputs;
if (!bucket) fail(`The stack ${stack} has no output DashboardBucket: deploy it with Dashboard=true.`);

const upload = ["--only-show-errors", "--cache-control"];
// First the files that pages name. Their names change with their content, so those of earlier builds stay for open tabs.
aws(["s3", "sync", `${dist}assets`, `s3://${bucket}/assets`, "--size-only", ...upload, "public, max-age=31536000, immutable"]);
// Vite's manifest is for tests, and the distribution answers /config.json itself.
const others = ["assets/*", ".vite/*", "config.json", "index.html"].flatMap((name) => ["--exclude", name]);
aws(["s3", "cp", dist, `s3://${bucket}/`, "--recursive", ...others, ...upload, "no-cache"]);
aws(["s3", "cp", `${dist}index.html`, `s3://${bucket}/index.html`, "--content-type", "text/html; charset=utf-8", ...upload, "no-cache"]);
console.log(`The dashboard is at ${url}`);
