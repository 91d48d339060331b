// Output of plugins: it is cut into lines, limited by the minute, and what is dropped is counted.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Forwarder } from "../src/forward.js";
import { gateway } from "../src/gateway.js";
import { BYTES, LINE, LINES, Lines, Quota } from "../src/output.js";

/** Cuts `chunks` into lines and returns them with the number of bytes that were cut off. */
function cut(...chunks) {
  const found = [];
  const lines = new Lines((text, cut) => found.push([text, cut]));
  for (const chunk of chunks) lines.feed(Buffer.from(chunk));
  lines.end();
  return found;
}

/** Starts a gateway and returns its port, what it logs, and its end. */
async function started(t, options = {}) {
  const logged = [];
  const server = gateway({ write: (message, fields) => logged.push({ message, ...fields }), ...options });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const send = async (body) => (await fetch(`http://127.0.0.1:${port}/output`, { method: "POST", body })).status;
  const end = () => new Promise((done) => (server.close(done), server.closeAllConnections()));
  t.after(end);
  return { port, logged, send, end };
}

test("lines are found in any chunks, and long ones are cut", () => {
  assert.deepEqual(cut("a\nb", "c\n\n", "d"), [["a", 0], ["bc", 0], ["d", 0]]);
  const long = "x".repeat(LINE + 7);
  assert.deepEqual(cut(`${long}\ny`), [[long.slice(0, LINE), 7], ["y", 0]]);
  assert.deepEqual(cut(...long.split(""), "\ny"), [[long.slice(0, LINE), 7], ["y", 0]]);
});

test("a minute has a number of lines and of bytes, and what is dropped is counted", () => {
  let at = 0;
  const quota = new Quota({ now: () => at });
  const admitted = (count, text) => Array.from({ length: count }, () => quota.admit(text)).filter(Boolean).length;
  assert.equal(admitted(LINES + 50, "short"), LINES);
  assert.deepEqual(quota.dropped(), { lines: 50, bytes: 250 });
  assert.equal(quota.dropped(), undefined);
  at = 59_999;
  assert.equal(quota.admit("short"), false);
  at = 60_000;
  const long = "x".repeat(LINE);
  const fitting = admitted(LINES, long);
  assert.ok(fitting > 20 && fitting * LINE < BYTES, `${fitting}`);
  assert.equal(quota.admit("x", 9), true, "a short one still fits");
  assert.deepEqual(quota.dropped(), { lines: LINES - fitting + 1, bytes: (LINES - fitting) * LINE + 5 + 9 });
});

test("output reaches the log with its stream, and one line says what was dropped", async (t) => {
  const { port, logged, end } = await started(t);
  const forwarder = new Forwarder({ port });
  forwarder.take("stdout", Buffer.from("hello\nwor"));
  forwarder.take("stderr", Buffer.from(`${"x".repeat(LINE)}yz\n`));
  forwarder.take("stdout", Buffer.from("ld\nlast"));
  forwarder.take("stdout", null);
  // Each byte becomes six in JSON.
  for (let left = LINES; left > 0; left -= 1) forwarder.take("stdout", Buffer.from(`${"\u0001".repeat(1_000)}\n`));
  await forwarder.flush();
  assert.deepEqual(logged.slice(0, 4).map(({ message, stream, text }) => [message, stream, text]), [
    ["output of a plugin", "stdout", "hello"],
    ["output of a plugin", "stderr", "x".repeat(LINE)],
    ["output of a plugin", "stdout", "world"],
    ["output of a plugin", "stdout", "last"],
  ]);
  const rest = logged.length - 4;
  assert.ok(rest > 5 && rest < 12, `${rest}`);
  assert.ok(logged.reduce((sum, { text }) => sum + JSON.stringify(text).length, 0) <= BYTES);
  await end();
  assert.deepEqual(logged.at(-1), { message: "output of plugins was dropped", lines: LINES - rest, bytes: (LINES - rest) * 1_000 + 2 });
});

test("without a gateway, output is dropped and counted", async (t) => {
  const { port, logged, end } = await started(t);
  await end();
  const forwarder = new Forwarder({ port });
  forwarder.take("stdout", Buffer.from("lost\n"));
  await forwarder.flush();
  assert.deepEqual(logged, []);
  const again = gateway({ write: (message, fields) => logged.push({ message, ...fields }) });
  again.listen(port, "127.0.0.1");
  await once(again, "listening");
  forwarder.take("stdout", Buffer.from("found\n"));
  await forwarder.flush();
  await new Promise((done) => (again.close(done), again.closeAllConnections()));
  assert.deepEqual(logged.map(({ text, lines, bytes }) => text ?? [lines, bytes]), ["found", [1, 4]]);
});

test("the gateway limits what plugins send to it themselves", async (t) => {
  const { logged, send, end } = await started(t);
  const lines = Array.from({ length: LINES }, (_, n) => ({ stream: "stdout", text: `line ${n}` }));
  for (let left = 20; left > 0; left -= 1) assert.equal(await send(JSON.stringify({ lines })), 204);
  assert.equal(logged.length, LINES);
  const refused = [
    "{",
    "[]",
    '{"lines": [{"stream": "other", "text": "x"}]}',
    '{"lines": [{"stream": "stdout", "text": 1}]}',
    '{"lines": [], "dropped": {"lines": -1, "bytes": 0}}',
    '{"lines": [], "dropped": {"lines": 1e99, "bytes": 0}}',
    `{"lines": [], "x": "${"y".repeat(300 * 1024)}"}`,
  ];
  for (const body of refused) assert.equal(await send(body), 400, body.slice(0, 60));
  const long = { stream: "stdout", text: "x".repeat(LINE * 3 + 1) };
  assert.equal(await send(JSON.stringify({ lines: [long] })), 204);
  await end();
  assert.equal(logged.length, LINES + 1);
  assert.equal(logged.at(-1).lines, LINES * 19 + 1);
});
