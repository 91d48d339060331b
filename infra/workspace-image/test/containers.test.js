// Both containers of a task with a hostile plugin. The processes stand for the containers: they share the network and the user, as on
// Fargate, and each container has its own PID namespace, which takes root to create.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BYTES } from "../src/output.js";

const file = (name) => fileURLToPath(new URL(`../src/${name}`, import.meta.url));
const pause = (time) => new Promise((done) => setTimeout(done, time));
const isRoot = process.getuid?.() === 0;
const needsRoot = { skip: !isRoot && "a PID namespace takes root to create", timeout: 60_000 };
const CONTAINER = ["unshare", "--pid", "--fork", "--mount-proc", "setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];

// The halves of the token's secret. Only the first is given to the plugin, reversed, so that the search does not find itself.
const [SECRET, REST] = ["5d1e0c77", "a94f2b60"];

/** Searches everything that a plugin can read for the token. */
const HUNTER = `
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export default async ({ reversed }) => {
  const wanted = [...reversed].reverse().join("");
  const found = [];
  const seen = { environments: 0, files: 0, answers: 0 };
  const look = (place, text) => String(text).includes(wanted) && found.push(place);
  const attempt = (action) => { try { return action(); } catch { return undefined; } };
  look("process.env", JSON.stringify(process.env));
  for (const pid of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
    for (const name of ["environ", "cmdline", "status", "maps"]) {
      const text = attempt(() => readFileSync(\`/proc/\${pid}/\${name}\`, "latin1"));
      if (text !== undefined && name === "environ") seen.environments += 1;
      look(\`/proc/\${pid}/\${name}\`, text);
    }
    for (const link of ["cwd", "root"]) attempt(() => readlinkSync(\`/proc/\${pid}/\${link}\`));
  }
  const walk = (folder, depth) => {
    for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth > 0) walk(path, depth - 1);
      if (entry.isFile() && attempt(() => statSync(path).size) < 1e6) {
        seen.files += 1;
        look(path, attempt(() => readFileSync(path, "latin1")));
      }
    }
  };
  const own = dirname(new URL(import.meta.url).pathname);
  const image = attempt(() => dirname(readFileSync("/proc/self/cmdline", "latin1").split("\\0")[1]));
  for (const folder of [own, process.cwd(), image, tmpdir(), "/dev/shm", "/run", "/var/run"]) walk(folder, 2);
  // Everything that listens in the task: the ports of the other programs of this machine belong to no task.
  const listening = readFileSync("/proc/net/tcp", "utf8").split("\\n").map((line) => line.trim().split(/ +/));
  const ports = new Set(listening.filter((parts) => parts[3] === "0A").map((parts) => parseInt(parts[1].split(":")[1], 16)));
  const ask = (port, method, path) => new Promise((done) => {
    const call = request({ host: "127.0.0.1", port, method, path, signal: AbortSignal.timeout(300) }, (answer) => {
      answer.on("error", () => {});
      let text = JSON.stringify(answer.headers);
      answer.on("data", (part) => (text += part)).on("close", () => { seen.answers += 1; look(\`\${port}\${path}\`, text); done(); });
    });
    call.on("error", done).end(method === "POST" ? "{}" : undefined);
  });
  for (const port of [...ports].filter((port) => port >= 20_000 && port < 40_000)) {
    for (const path of ["/", "/health", "/usage", "/env", "/output", "/json/list", "/heartbeat"]) await ask(port, "GET", path);
    for (const path of ["/output", "/executions/absent"]) await ask(port, "POST", path);
  }
  return { found, seen };
};
`;

/** Prints 131 MB to its own streams and to those of every process that it can see, and sends batches to the gateway itself. */
const FLOOD = `
import { openSync, readdirSync, writeSync } from "node:fs";

export default async ({ gateway }) => {
  const mebibyte = Buffer.from(("flood ".repeat(20) + "\\n").repeat(8666));
  const write = (fd, times) => {
    for (let left = times * mebibyte.length; left > 0; ) {
      try { left -= writeSync(fd, mebibyte, 0, Math.min(left, mebibyte.length)); } catch (error) { if (error.code !== "EAGAIN") return; }
    }
  };
  for (const pid of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
    for (const fd of [1, 2]) { try { write(openSync(\`/proc/\${pid}/fd/\${fd}\`, "w"), 2); } catch { /* It is not ours. */ } }
  }
  write(1, 100);
  write(2, 25);
  const lines = Array.from({ length: 300 }, () => ({ stream: "stdout", text: "flood" }));
  for (let left = 100; left > 0; left -= 1) await fetch(\`http://127.0.0.1:\${gateway}/output\`, { method: "POST", body: JSON.stringify({ lines }) });
  return "done";
};
`;

/** Starts both containers, each after `prefix`, and returns the gateway's port, the log, and the end of the first container. */
async function task(t, { prefix, ports: [gateway, plugins] }) {
  const reports = [];
  const api = createServer((request, response) => {
    reports.push(request.headers.authorization);
    response.writeHead(204).end();
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  t.after(() => api.close());
  const folder = await mkdtemp(join(tmpdir(), "task-"));
  await chmod(folder, 0o755);
  await writeFile(join(folder, "hunter.js"), HUNTER);
  await writeFile(join(folder, "flood.js"), FLOOD);
  const common = { PATH: process.env.PATH, BERTH_GATEWAY_PORT: `${gateway}`, BERTH_PLUGINS_PORT: `${plugins}`, BERTH_CGROUP: "" };
  const launch = {
    BERTH_WORKSPACE_ID: "ws_1",
    BERTH_RUNTIME_API: `http://127.0.0.1:${api.address().port}/`,
    BERTH_RUNTIME_TOKEN: `ws_1.1.1.${SECRET}${REST}`,
  };
  // Signals are for the first process of the namespace, which the others end with.
  const first = async ({ pid }) => Number((prefix.length > 0 && (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8"))) || pid);
  const start = (script, env, stdio) => {
    const [program, ...rest] = [...prefix, process.execPath, file(script)];
    const child = spawn(program, rest, { env, stdio, cwd: folder });
    t.after(async () => child.exitCode ?? process.kill(await first(child), "SIGKILL"));
    return child;
  };
  // The task definition gives the plugins' container no log driver.
  start("plugin-host.js", { ...common, BERTH_PLUGINS: folder }, "ignore");
  const main = start("main.js", { ...common, ...launch }, ["ignore", "pipe", "inherit"]);
  let log = "";
  main.stdout.setEncoding("utf8").on("data", (part) => (log += part));
  const run = async (name, input) => {
    const answer = await fetch(`http://127.0.0.1:${gateway}/executions/${name}`, { method: "POST", body: JSON.stringify(input) });
    return { status: answer.status, ...(await answer.json()) };
  };
  for (let left = 200; left > 0; left -= 1) {
    const ready = await run("absent", {}).then(({ status }) => status === 404, () => false);
    if (ready && reports.length > 0) break;
    await pause(50);
  }
  assert.equal(reports[0], `Bearer ${launch.BERTH_RUNTIME_TOKEN}`, "the first container reports with the token");
  const end = async () => {
    process.kill(await first(main), "SIGTERM");
    await once(main, "close");
  };
  return { run, end, log: () => log };
}

const ports = (base) => [base, base + 10_000].map((port) => port + (process.pid % 4_000));

test("a hostile plugin finds no token anywhere it can read", needsRoot, async (t) => {
  const { run } = await task(t, { prefix: CONTAINER, ports: ports(20_000) });
  const { output } = await run("hunter", { reversed: [...SECRET].reverse().join("") });
  assert.deepEqual(output.found, []);
  const { environments, files, answers } = output.seen;
  assert.ok(environments >= 2 && files >= 2 && answers >= 4, JSON.stringify(output.seen));
});

// It shows that the search above would find the token.
test("without separate containers the plugin finds the token", { timeout: 60_000 }, async (t) => {
  const { run } = await task(t, { prefix: [], ports: ports(24_000) });
  const { output } = await run("hunter", { reversed: [...SECRET].reverse().join("") });
  assert.ok(output.found.some((place) => /^\/proc\/[0-9]+\/environ$/.test(place)), JSON.stringify(output));
});

test("a plugin that floods its output fills no log", needsRoot, async (t) => {
  const { run, end, log } = await task(t, { prefix: CONTAINER, ports: ports(28_000) });
  const begun = performance.now();
  assert.deepEqual(await run("flood", { gateway: ports(28_000)[0] }), { status: 200, output: "done" });
  await pause(1_000);
  await end();
  const minutes = Math.ceil((performance.now() - begun) / 60_000) + 1;
  assert.ok(log().length < minutes * BYTES * 2, `${log().length} bytes in the log`);
  const lines = log().trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.some(({ message, text }) => message === "output of a plugin" && text.startsWith("flood")), "some of it is shown");
  const dropped = lines.filter(({ message }) => message === "output of plugins was dropped");
  const bytes = dropped.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(dropped.length >= 1 && dropped.length <= minutes && bytes > 125_000_000, JSON.stringify(dropped));
});
