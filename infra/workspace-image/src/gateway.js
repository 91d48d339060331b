// The gateway worker: accepts executions on loopback, which is not reachable from outside the container, and passes them to the
// plugin runtime. On SIGTERM it ends once the pending executions are answered.

import { createServer, request } from "node:http";
import { pathToFileURL } from "node:url";
import { serve } from "./serve.js";

export const PORT = Number(process.env.BERTH_GATEWAY_PORT ?? 8080);
const PLUGINS_PORT = Number(process.env.BERTH_PLUGINS_PORT ?? 8081);
const TIMEOUT = 30_000;

/** Creates the server. `pluginsPort` is the plugin runtime's port, and `active` is called for each execution. */
export function gateway({ pluginsPort = PLUGINS_PORT, active = () => {} } = {}) {
  return createServer((incoming, outgoing) => {
    if (incoming.method === "GET" && incoming.url === "/health") return answer(outgoing, 200, { healthy: true });
    const path = /^\/executions\/[a-z0-9-]{1,64}$/.exec(incoming.url);
    if (incoming.method !== "POST" || !path) return answer(outgoing, 404, { error: "unknown path or method" });
    active();
    const onward = request(
      { host: "127.0.0.1", port: pluginsPort, path: incoming.url, method: "POST", timeout: TIMEOUT },
      (result) => {
        outgoing.writeHead(result.statusCode, { "content-type": "application/json" });
        result.pipe(outgoing);
      },
    );
    onward.on("timeout", () => onward.destroy());
    onward.on("error", () => {
      if (outgoing.headersSent) return outgoing.destroy();
      answer(outgoing, 503, { error: "the plugin runtime does not answer; try again later" });
    });
    incoming.pipe(onward);
  });
}

function answer(outgoing, status, body) {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(body));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  serve("gateway", gateway({ active: () => process.send?.({ active: true }) }), PORT);
}
