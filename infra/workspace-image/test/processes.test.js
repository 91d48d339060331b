// The container's processes: executions, ends and restarts.

import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer as createTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gateway } from "../src/gateway.js";
import { plugins } from "../src/plugins.js";
import { Supervisor } from "../src/supervisor.js";

const file = (name) => fileURLToPath(new URL(`../src/${name}`, import.meta.url));
const pause = (time) => new Promise((done) => setTimeout(done, time));

/** Creates a folder with these files: plugins or other scripts. */
async function folder(files) {
  const path = await mkdtemp(join(tmpdir(), "plugins-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return path;
}

async function listening(t, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return server.address().port;
}

const PLUGINS = {
  "double.js": "export default async ({ value }) => ({ value: value * 2, secrets: Object.keys(process.env) });",
  "broken.js": "export default async () => { throw new Error('with a secret in it'); };",
  "endless.js": "export default async () => { for (;;) {} };",
  "leaving.js": "export default async () => { process.exit(0); };",
};

test("executions reach their plugin, and a faulty plugin affects no other", async (t) => {
  const pluginsPort = await listening(t, plugins({ folder: await folder(PLUGINS), time: 500 }));
  let active = 0;
  const port = await listening(t, gateway({ pluginsPort, active: () => (active += 1) }));
  const run = async (name, body = "{}") => {
    const answer = await fetch(`http://127.0.0.1:${port}/executions/${name}`, { method: "POST", body });
    return [answer.status, await answer.json()];
  };
  const all = ["broken", "endless", "leaving", "absent"].map((name) => run(name));
  assert.deepEqual(await run("double", '{"value": 21}'), [200, { output: { value: 42, secrets: [] } }]);
  assert.deepEqual(await Promise.all(all), [
    [502, { error: "the plugin has failed" }],
    [502, { error: "the plugin took too long" }],
    [502, { error: "the plugin ended without an answer" }],
    [404, { error: "no plugin has this name" }],
  ]);
  assert.equal((await run("double", "{"))[0], 400);
  assert.equal((await run("double", `"${"x".repeat(1024 * 1024)}"`))[0], 400);
  assert.equal((await run("..%2Fsecret"))[0], 404);
  assert.equal(active, 7, "a path without a valid name is no execution");
});

test("an answer of the plugin runtime that is no answer is passed on as 502", async (t) => {
  const answers = ["HTTP/1.1 099 Odd\r\n\r\n", "HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"];
  const odd = createTcp((socket) => socket.on("error", () => {}).once("data", () => socket.end(answers.shift())));
  const pluginsPort = await listening(t, odd);
  const port = await listening(t, gateway({ pluginsPort }));
  const run = async () => (await fetch(`http://127.0.0.1:${port}/executions/odd`, { method: "POST", body: "{}" })).status;
  assert.ok([502, 503].includes(await run()));
  assert.equal(await run(), 502);
});

test("without the plugin runtime the gateway answers 503", async (t) => {
  const port = await listening(t, gateway({ pluginsPort: 9 }));
  const answer = await fetch(`http://127.0.0.1:${port}/executions/double`, { method: "POST", body: "{}" });
  assert.equal(answer.status, 503);
});

test("a process that ends is started again with growing delays", async (t) => {
  const path = await folder({ "dies.mjs": "process.send({ active: true }); setTimeout(() => process.exit(1), 20);" });
  const supervisor = new Supervisor([{ name: "dies", script: join(path, "dies.mjs") }], { firstWait: 30 });
  supervisor.start();
  t.after(() => supervisor.stop());
  const seen = new Set();
  for (let left = 300; seen.size < 3 && left > 0; left -= 1) {
    for (const pid of supervisor.processes.values()) seen.add(pid);
    await pause(10);
  }
  assert.equal(seen.size, 3);
  assert.equal(supervisor.wasActive(), true);
});

test("usage is the sum over all processes that answer in time", async (t) => {
  const answering = "process.on('message', () => process.send({ usage: { memory: 1000, cpu: 1e15 } })); process.send({ active: true });";
  const silent = "setInterval(() => {}, 1000); process.send({ active: true });";
  const path = await folder({ "first.mjs": answering, "second.mjs": answering, "silent.mjs": silent });
  const specs = ["first", "second", "silent"].map((name) => ({ name, script: join(path, `${name}.mjs`) }));
  const supervisor = new Supervisor(specs);
  const { memory, cpu } = await supervisor.usage();
  assert.ok(memory > 1024 * 1024 && cpu > 0, "its own");
  supervisor.start();
  t.after(() => supervisor.stop());
  let sum = await supervisor.usage();
  // Repeats until both have started. The third never answers, and the timeout for it is one second.
  for (let left = 30; sum.cpu < 2e15 && left > 0; left -= 1) sum = await supervisor.usage();
  assert.ok(sum.cpu >= 2e15 && sum.cpu < 3e15, `${sum.cpu}`);
});

test("a stop sends SIGTERM, then SIGKILL, and starts nothing again", async () => {
  const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ active: true });";
  const kind = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); process.send({ active: true });";
  const path = await folder({ "deaf.mjs": deaf, "kind.mjs": kind });
  const specs = ["deaf", "kind"].map((name) => ({ name, script: join(path, `${name}.mjs`) }));
  const supervisor = new Supervisor(specs, { patience: 200, firstWait: 10 });
  supervisor.start();
  while (!supervisor.wasActive()) await pause(10);
  await pause(100);
  const begun = Date.now();
  await supervisor.stop();
  assert.ok(Date.now() - begun >= 190, "the deaf process got its full time");
  await pause(60);
  assert.equal(supervisor.processes.size, 0);
});

test("both containers answer, are healthy, and end in time", async (t) => {
  const path = await folder(PLUGINS);
  const [first, second] = [20_000, 30_000].map((base) => base + (process.pid % 9_000));
  const env = { ...process.env, BERTH_PLUGINS: path, BERTH_GATEWAY_PORT: `${first}`, BERTH_PLUGINS_PORT: `${second}` };
  const containers = ["main.js", "plugin-host.js"].map((name) => spawn(process.execPath, [file(name)], { env, stdio: "ignore" }));
  t.after(() => containers.forEach((container) => container.kill("SIGKILL")));
  const check = async (which) => {
    const [code] = await once(fork(file("health.js"), which, { env, stdio: "ignore" }), "exit");
    return code === 0;
  };
  const each = () => Promise.all([check([]), check(["plugins"])]);
  const healthy = async () => (await each()).every(Boolean);
  let left = 400;
  while (!(await healthy())) {
    left -= 1;
    assert.ok(left > 0, "it never became healthy");
    await pause(50);
  }
  const answer = await fetch(`http://127.0.0.1:${first}/executions/double`, { method: "POST", body: '{"value": 1}' });
  assert.equal((await answer.json()).output.value, 2);
  // ECS stops the container that depends on the other one first.
  for (const [stopped, container] of containers.entries()) {
    container.kill("SIGTERM");
    const [code] = await once(container, "exit");
    assert.equal(code, 0);
    assert.deepEqual(await each(), [false, stopped === 0]);
  }
});
