// The plugin runtime, in the container without the token: runs each execution in its own thread, which is terminated after a time
// limit. A plugin is a file `<name>.js` in the folder of plugins, and its default export takes the input and returns the output.

import { createServer } from "node:http";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { own } from "./readings.js";
import { json, serve } from "./serve.js";

export const PORT = Number(process.env.BERTH_PLUGINS_PORT ?? 8081);
const FOLDER = process.env.BERTH_PLUGINS ?? "/plugins";
const TIME = 25_000;
const MOST_BYTES = 1024 * 1024;

const THREAD = `
import { parentPort, workerData } from "node:worker_threads";
const plugin = await import(workerData.plugin);
parentPort.postMessage({ output: (await plugin.default(workerData.input)) ?? null });
`;

/** Creates the server of the plugins in `folder`. `time` is the limit of an execution in milliseconds. */
export function plugins({ folder = FOLDER, time = TIME } = {}) {
  return createServer(async (incoming, outgoing) => {
    const say = (status, body) => {
      outgoing.writeHead(status, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(body));
    };
    if (incoming.method === "GET" && incoming.url === "/health") return say(200, { healthy: true });
    if (incoming.method === "GET" && incoming.url === "/usage") return say(200, own());
    const name = /^\/executions\/([a-z0-9-]{1,64})$/.exec(incoming.url)?.[1];
    if (incoming.method !== "POST" || !name) return say(404, { error: "unknown path or method" });
    const file = join(folder, `${name}.js`);
    try {
      await access(file);
    } catch {
      return say(404, { error: "no plugin has this name" });
    }
    let input;
    try {
      input = await json(incoming, MOST_BYTES);
    } catch {
      return say(400, { error: "the body must be JSON of at most 1 MiB" });
    }
    const { output, error } = await run(file, input, time);
    return error ? say(502, { error }) : say(200, { output });
  });
}

/** Runs the plugin in `file` with `input` and resolves to its output, or to an error. */
function run(file, input, time) {
  return new Promise((resolve) => {
    const data = { plugin: pathToFileURL(file).href, input };
    const source = new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`);
    const thread = new Worker(source, { workerData: data, env: {} });
    const end = (result) => {
      clearTimeout(timer);
      resolve(result);
      thread.terminate();
    };
    const timer = setTimeout(() => end({ error: "the plugin took too long" }), time);
    thread.on("message", end);
    thread.on("error", () => end({ error: "the plugin has failed" }));
    thread.on("exit", () => end({ error: "the plugin ended without an answer" }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  serve("plugins", plugins(), PORT);
}
