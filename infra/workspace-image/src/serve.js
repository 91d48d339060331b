// Serves on loopback until the process is asked to end, and then until what is under way is answered.

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
  // The supervisor is gone: nobody would end this process any more.
  process.on("disconnect", () => process.exit(1));
}
