// Serves on loopback until SIGTERM, and then until the pending requests are answered. Reads bodies of requests.

import { log } from "./log.js";
import { own } from "./readings.js";

export function serve(name, server, port) {
  server.listen(port, "127.0.0.1", () => log("listening", { process: name, port: server.address().port }));
  process.on("SIGTERM", () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
  process.on("message", (message) => {
    if (message?.asked === "usage") process.send({ usage: own() });
  });
  // Without the supervisor, no other process would end this one.
  process.on("disconnect", () => process.exit(1));
}

/** Resolves to the JSON in the body of `incoming`. Rejects one of more than `most` bytes. */
export async function json(incoming, most) {
  const parts = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > most) throw new RangeError("too long");
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}
