// The gateway worker: accepts executions on loopback, which is not reachable from outside the task, and passes them to the plugin
// runtime in the other container. It also logs that container's output. Plugins can call it like anybody in the task, so it offers
// nothing that they do not have: an execution runs their own code, and output is limited here again. On SIGTERM it ends once the
// pending executions are answered.

import { createServer, request } from "node:http";
import { pathToFileURL } from "node:url";
import { MOST_BYTES } from "./forward.js";
import { log } from "./log.js";
import { LINE, Quota } from "./output.js";
import { json, serve } from "./serve.js";

export const PORT = Number(process.env.BERTH_GATEWAY_PORT ?? 8080);
const PLUGINS_PORT = Number(process.env.BERTH_PLUGINS_PORT ?? 8081);
const TIMEOUT = 30_000;
const MINUTE = 60_000;
// Bounds the memory that callers can take.
const MOST_CONNECTIONS = 128;
const STREAMS = ["stdout", "stderr", "host"];

/**
 * Creates the server. `pluginsPort` is the plugin runtime's port, `active` is called for each execution, and `write` logs a line.
 * Every `minute` (in milliseconds) one line says how much output was dropped, if any was.
 */
export function gateway({ pluginsPort = PLUGINS_PORT, active = () => {}, write = log, minute = MINUTE } = {}) {
  const quota = new Quota();
  const report = () => {
    const dropped = quota.dropped();
    if (dropped) write("output of plugins was dropped", dropped);
  };
  const timer = setInterval(report, minute);
  timer.unref();
  const server = createServer((incoming, outgoing) => {
    if (incoming.method === "GET" && incoming.url === "/health") return answer(outgoing, 200, { healthy: true });
    if (incoming.method === "POST" && incoming.url === "/output") return output(incoming, outgoing, quota, write);
    const path = /^\/executions\/[a-z0-9-]{1,64}$/.exec(incoming.url);
    if (incoming.method !== "POST" || !path) return answer(outgoing, 404, { error: "unknown path or method" });
    active();
    const onward = request(
      { host: "127.0.0.1", port: pluginsPort, path: incoming.url, method: "POST", timeout: TIMEOUT },
      (result) => {
        // The plugin runtime is not trusted: Node throws for a status that is out of range.
        const status = result.statusCode >= 200 && result.statusCode < 600 ? result.statusCode : 502;
        outgoing.writeHead(status, { "content-type": "application/json" });
        result.on("error", () => outgoing.destroy());
        result.pipe(outgoing);
      },
    );
    onward.on("timeout", () => onward.destroy());
    onward.on("error", () => {
      if (outgoing.headersSent) return outgoing.destroy();
      answer(outgoing, 503, { error: "the plugin runtime does not answer; try again later" });
    });
    incoming.on("error", () => onward.destroy());
    incoming.pipe(onward);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on("close", () => {
    clearInterval(timer);
    report();
  });
  return server;
}

/** Logs a batch of output. */
async function output(incoming, outgoing, quota, write) {
  let batch;
  try {
    batch = await json(incoming, MOST_BYTES);
    const { lines, dropped } = batch;
    const isLine = (line) => STREAMS.includes(line?.stream) && typeof line.text === "string";
    const isCount = (count) => Number.isSafeInteger(count) && count >= 0;
    if (!Array.isArray(lines) || !lines.every(isLine)) throw new TypeError("lines");
    if (dropped !== undefined && ![dropped?.lines, dropped?.bytes].every(isCount)) throw new TypeError("dropped");
  } catch {
    return answer(outgoing, 400, { error: `the body must be JSON of at most ${MOST_BYTES} bytes with lines and dropped` });
  }
  for (const { stream, text } of batch.lines) {
    // A line that is too long was not cut by our own process.
    if (Buffer.byteLength(text) > LINE * 3) quota.drop({ lines: 1, bytes: Buffer.byteLength(text) });
    else if (quota.admit(text)) write("output of a plugin", { stream, text });
  }
  if (batch.dropped) quota.drop(batch.dropped);
  outgoing.writeHead(204).end();
}

function answer(outgoing, status, body) {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(body));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  serve("gateway", gateway({ active: () => process.send?.({ active: true }) }), PORT);
}
