// The first process of the plugins' container. It keeps the plugin runtime running and passes its output on. It has no token: RunTask
// gives the launch's environment to the other container alone, and no process here can see that one's processes or files.

import { fileURLToPath } from "node:url";
import { Forwarder } from "./forward.js";
import { PORT } from "./gateway.js";
import { log, logTo } from "./log.js";
import { Supervisor } from "./supervisor.js";

const forwarder = new Forwarder({ port: PORT });
logTo((line) => forwarder.line("host", line));

const script = fileURLToPath(new URL("./plugins.js", import.meta.url));
const supervisor = new Supervisor([{ name: "plugins", script, output: (stream, chunk) => forwarder.take(stream, chunk) }]);
supervisor.start();

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    log("stopping", { process: "plugin-host", signal });
    await supervisor.stop();
    await forwarder.flush();
    process.exit(0);
  });
}
