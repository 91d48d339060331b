// The package as a customer gets it: built, with the programs of docs/clients.md, against an API that answers as the real one.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const run = promisify(execFile);
const client = fileURLToPath(new URL("..", import.meta.url));
const example = (name: string) => new URL(`../examples/${name}`, import.meta.url);

const members = [
  { email: "ana@example.com", role: "owner" },
  { email: "ben@example.com", role: "admin" },
];

interface Got {
  call: string;
  headers: IncomingMessage["headers"];
  body: string;
}

let got: Got[] = [];
let server: Server;
let refuses = false;

beforeAll(async () => {
  server = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://here.invalid");
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const call = `${request.method} ${pathname}`;
      got.push({ call, headers: request.headers, body });
      const give = (given: object, status = 200) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(given));
      if (refuses) return give({ code: "scope_required", detail: "requires an API key with the scope team:read", instance: "req-1" }, 403);
      if (call === "GET /v1/workspace") return give({ name: "Acme" });
      if (call === "POST /v1/usage/consume") return give({ meter: "executions", used: 1 });
      const at = Number(searchParams.get("cursor") ?? 0);
      return give({ members: members.slice(at, at + 1), pagination: { has_more: at === 0, next_cursor: at === 0 ? "1" : null } });
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await run("npm", ["run", "build"], { cwd: client });
  await run("npx", ["tsc", "--project", "examples"], { cwd: client });
}, 300_000);

afterAll(() => server.close());

beforeEach(() => {
  got = [];
  refuses = false;
});

const env = () => ({ ...process.env, API: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, API_KEY: "berth_sk_test" });

const programs = [
  ["TypeScript", "node", "test-results/members.js"],
  ["Python", "python3", "examples/members.py"],
] as const;

test("it has its types, and nothing but its own files", () => {
  for (const name of ["index.js", "index.d.ts", "client.d.ts", "schema.d.ts"]) expect(existsSync(`${client}/dist/${name}`), name).toBe(true);
  expect(existsSync(`${client}/dist/client.test.js`)).toBe(false);
});

test.each(programs)("%s reads a list and consumes", async (_, command, file) => {
  const { stdout } = await run(command, [file], { cwd: client, env: env() });
  expect(stdout).toBe("Acme ana@example.com owner\nAcme ben@example.com admin\n");
  expect(got.map(({ call }) => call)).toEqual(["GET /v1/workspace", "GET /v1/team/members", "GET /v1/team/members", "POST /v1/usage/consume"]);
  expect(new Set(got.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer berth_sk_test"]));
  expect(got.at(-1)?.headers["idempotency-key"]).toBeTruthy();
  expect(JSON.parse(got.at(-1)?.body ?? "")).toEqual({ meter: "executions", amount: 1, key: "job-42" });
});

test.each(programs)("%s says what was refused, and under which id", async (_, command, file) => {
  refuses = true;
  const { stderr } = await run(command, [file], { cwd: client, env: env() }).catch((error: { stderr: string }) => error);
  expect(stderr.trim()).toBe("scope_required requires an API key with the scope team:read req-1");
});

test("curl does the same", async () => {
  const { stdout } = await run("bash", ["-e", "examples/members.sh"], { cwd: client, env: env() });
  expect(stdout).toContain('"email":"ana@example.com"');
  expect(got.map(({ call }) => call)).toEqual(["GET /v1/team/members", "POST /v1/usage/consume"]);
  expect(got[1]?.headers["idempotency-key"]).toBe("job-42");
  expect(JSON.parse(got[1]?.body ?? "")).toEqual({ meter: "executions", amount: 1, key: "job-42" });
});

test.each([
  ["ts", "members.ts"],
  ["python", "members.py"],
  ["sh", "members.sh"],
])("docs/clients.md has the %s program", (language, name) => {
  const page = readFileSync(new URL("../../../../docs/clients.md", import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`${language}\n${readFileSync(example(name), "utf8")}\`\`\``);
});
