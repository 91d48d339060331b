// Reports: their content, their repetition and their end.

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Heart } from "../src/heart.js";
import { readings, usageAt } from "../src/readings.js";

/** Starts a server that answers with `statuses` in order, each with its headers if it has any, and keeps the requests. */
async function listener(t, statuses) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method, url, headers } = request;
    requests.push({ method, url, token: headers.authorization, body: JSON.parse(Buffer.concat(parts)) });
    const [status, fields] = [statuses[Math.min(requests.length, statuses.length) - 1]].flat();
    response.writeHead(status, fields).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return { requests, url: `http://127.0.0.1:${server.address().port}` };
}

const figures = { ram_used_mb: 100, cpu_percent: 1.5 };
const until = async (condition) => {
  for (let left = 200; !condition() && left > 0; left -= 1) await new Promise((done) => setTimeout(done, 10));
  assert.ok(condition());
};

test("a report has the token, the figures and the activity", async (t) => {
  const { requests, url } = await listener(t, [204]);
  const activity = [true, false];
  const heart = new Heart({ url, token: "ws.1.1.mac", read: async () => figures, wasActive: () => activity.shift() });
  assert.equal(await heart.beat(), 204);
  assert.equal(await heart.beat(), 204);
  const common = { method: "POST", url: "/heartbeat", token: "Bearer ws.1.1.mac" };
  assert.deepEqual(requests, [
    { ...common, body: { ...figures, active: true } },
    { ...common, body: { ...figures, active: false } },
  ]);
});

test("reports continue after a failure and are rare during a takeover", async (t) => {
  const { requests, url } = await listener(t, [500, 204, 401]);
  const heart = new Heart({ url, token: "t", read: async () => figures, wasActive: () => false, every: 5 });
  t.after(() => heart.stop());
  heart.start();
  await until(() => requests.length === 3);
  await new Promise((done) => setTimeout(done, 60));
  assert.equal(requests.length, 3);
});

test("a 429 delays the next report and keeps the activity", async (t) => {
  const { requests, url } = await listener(t, [[429, { "retry-after": "1" }], 204]);
  const activity = [true];
  const wasActive = () => activity.shift() ?? false;
  const heart = new Heart({ url, token: "t", read: async () => figures, wasActive, every: 5 });
  t.after(() => heart.stop());
  heart.start();
  await until(() => requests.length === 1);
  await new Promise((done) => setTimeout(done, 100));
  assert.equal(requests.length, 1, "the next report waits");
  await until(() => requests.length >= 3);
  assert.deepEqual(requests.slice(0, 3).map(({ body }) => body.active), [true, true, false]);
});

test("a failed report leaves its activity to the next one", async (t) => {
  const { requests, url } = await listener(t, [500, 204, 204]);
  const activity = [true];
  const wasActive = () => activity.shift() ?? false;
  const heart = new Heart({ url, token: "t", read: async () => figures, wasActive });
  for (let left = 3; left > 0; left -= 1) await heart.beat();
  assert.deepEqual(requests.map(({ body }) => body.active), [true, true, false]);
});

test("a report without an answer resolves to undefined", async () => {
  const heart = new Heart({ url: "http://127.0.0.1:9", token: "t", read: async () => figures, wasActive: () => false });
  assert.equal(await heart.beat(), undefined);
});

test("figures come from the cgroup", async () => {
  const cgroup = await mkdtemp(join(tmpdir(), "cgroup-"));
  let at = 0;
  const read = readings({ cgroup, now: () => at });
  await writeFile(join(cgroup, "memory.current"), `${312 * 1024 * 1024}\n`);
  await writeFile(join(cgroup, "cpu.stat"), "usage_usec 1000000\nuser_usec 7\n");
  assert.deepEqual(await read(), { ram_used_mb: 312, cpu_percent: 0 });
  at = 10_000;
  await writeFile(join(cgroup, "cpu.stat"), "usage_usec 6000000\nuser_usec 7\n");
  assert.deepEqual(await read(), { ram_used_mb: 312, cpu_percent: 50 });
});

test("on Fargate the figures are those of all containers of the task", async (t) => {
  let cpu = 1e9;
  const stats = () => ({ one: { memory_stats: { usage: 100 * 1024 * 1024 }, cpu_stats: { cpu_usage: { total_usage: cpu } } }, two: null, three: { memory_stats: { usage: 50 * 1024 * 1024 }, cpu_stats: { cpu_usage: { total_usage: cpu } } } });
  let body = () => JSON.stringify(stats());
  const server = createServer((request, response) => response.end(request.url === "/v4/id/task/stats" ? body() : "{}"));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  let at = 0;
  const metadata = `http://127.0.0.1:${server.address().port}/v4/id`;
  const processes = async () => ({ memory: 7 * 1024 * 1024, cpu: 0 });
  const read = readings({ metadata, cgroup: "", processes, now: () => at });
  assert.deepEqual(await read(), { ram_used_mb: 150, cpu_percent: 0 });
  [at, cpu] = [1_000, 1.25e9];
  assert.deepEqual(await read(), { ram_used_mb: 150, cpu_percent: 50 });
  for (const other of ["", "{}", '{"one": {}}', '{"one": {"memory_stats": {}, "cpu_stats": {"cpu_usage": {}}}}']) {
    body = () => other;
    assert.equal((await read()).ram_used_mb, 7, other);
  }
});

test("the plugin runtime's statement of its usage is checked", async (t) => {
  const bodies = ['{"memory": 5, "cpu": 7}', '{"memory": -1, "cpu": 7}', '{"memory": 1e999, "cpu": 7}', "{", `"${"x".repeat(9_999)}"`];
  const server = createServer((_, response) => response.end(bodies.shift()));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address();
  const usages = [];
  for (let left = bodies.length; left > 0; left -= 1) usages.push(await usageAt(port));
  assert.deepEqual(usages, [{ memory: 5, cpu: 7 }, ...Array(4).fill({ memory: 0, cpu: 0 })]);
});

test("without a container's cgroup the figures come from the processes", async () => {
  const machine = await mkdtemp(join(tmpdir(), "cgroup-"));
  await writeFile(join(machine, "cpu.stat"), "usage_usec 1000000\n");
  for (const cgroup of ["", "/nowhere", machine]) {
    let [at, cpu] = [0, 0];
    const processes = async () => ({ memory: 80 * 1024 * 1024, cpu });
    const read = readings({ cgroup, processes, now: () => at });
    assert.deepEqual(await read(), { ram_used_mb: 80, cpu_percent: 0 });
    [at, cpu] = [1_000, 250_000];
    assert.deepEqual(await read(), { ram_used_mb: 80, cpu_percent: 25 });
  }
});
