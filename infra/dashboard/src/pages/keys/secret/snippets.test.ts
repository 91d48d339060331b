// The programs are run, or compiled where there is a compiler: what is copied from the page works.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeyScope } from "../../../api/keys/types";
import { SCOPES } from "../scopes";
import { callFor, LANGUAGES, snippet } from "./snippets";

const run = promisify(execFile);
const paths = Object.keys((JSON.parse(readFileSync(new URL("../../../../../../openapi.json", import.meta.url), "utf8")) as { paths: object }).paths);

let server: Server;
let got: { call: string; authorization: string | undefined; key: string | undefined; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, answer) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      got.push({ call: `${request.method} ${request.url}`, authorization: request.headers.authorization, key: request.headers["idempotency-key"]?.toString(), body });
      answer.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

const api = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test("each permission has a call of a route that there is", () => {
  for (const scope of SCOPES) {
    const { path } = callFor([scope], "executions") ?? { path: "none" };
    expect(paths.some((known) => new RegExp(`^${known.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path)), `${scope}: ${path}`).toBe(true);
  }
  expect(callFor([], "executions")).toBeUndefined();
});

test("what changes nothing comes before what does, but for usage", () => {
  const path = (...scopes: KeyScope[]) => callFor(scopes, "executions")?.path;
  expect(path("runtime:write", "runtime:read")).toBe("/workspace/status");
  expect(path("workspace:read", "usage:write")).toBe("/usage/consume");
});

const samples = [["usage:write"], ["team:read"], ["runtime:write"]] as const;
const expected = {
  "usage:write": { call: "POST /v1/usage/consume", key: "job-42", body: '{"meter":"executions","amount":1,"key":"job-42"}' },
  "team:read": { call: "GET /v1/team/members", key: undefined, body: "" },
  "runtime:write": { call: "POST /v1/workspace/start", key: "job-42", body: "" },
};

test.each(samples)("curl and TypeScript call with %s", async (scope) => {
  const call = callFor([scope], "executions");
  if (!call) throw new Error(scope);
  const env = { ...process.env, API_KEY: "berth_sk_test" };
  for (const [command, flag, language] of [["bash", "-c", "curl"], ["node", "--input-type=module", "typescript"]] as const) {
    got = [];
    const text = snippet(language, api(), call);
    await run(command, command === "node" ? [flag, "--eval", text] : [flag, text], { env });
    expect(got, language).toEqual([{ authorization: "Bearer berth_sk_test", ...expected[scope] }]);
  }
});

test.each(samples)("Python and TypeScript parse, with %s", async (scope) => {
  const call = callFor([scope], "executions");
  if (!call) throw new Error(scope);
  await run("python3", ["-c", "import ast, sys; ast.parse(sys.argv[1])", snippet("python", api(), call)]);
  const { diagnostics } = ts.transpileModule(snippet("typescript", api(), call), { reportDiagnostics: true, compilerOptions: { module: ts.ModuleKind.ESNext } });
  expect(diagnostics).toEqual([]);
});

test("Rust has balanced brackets and the same call", () => {
  const text = snippet("rust", "https://api.example.com", callFor(["usage:write"], "executions") ?? { method: "GET", path: "" });
  expect(text).toContain('.post("https://api.example.com/v1/usage/consume")');
  expect(text).toContain('.json(&serde_json::json!({ "meter": "executions", "amount": 1, "key": "job-42" }))');
  for (const [open, close] of [["(", ")"], ["{", "}"], ["<", ">"]] as const) expect(text.replaceAll("->", "").split(open).length).toBe(text.replaceAll("->", "").split(close).length);
});

test("no program has the secret in it", () => {
  for (const language of LANGUAGES) expect(snippet(language, "https://api.example.com", { method: "GET", path: "/workspace" })).toContain("API_KEY");
});
