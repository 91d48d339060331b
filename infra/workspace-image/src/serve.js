// Serves on loopback until SIGTERM, and then until the pending requests are answered.

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
