// The first process of the container that reports. It only connects the parts. Plugins run in the task's other container, whose
// first process is plugin-host.js.

import { fileURLToPath } from "node:url";
import { Heart } from "./heart.js";
import { log } from "./log.js";
import { PORT as PLUGINS_PORT } from "./plugins.js";
import { readings, sum, usageAt } from "./readings.js";
import { Supervisor } from "./supervisor.js";

const { BERTH_RUNTIME_API, BERTH_RUNTIME_TOKEN, ...rest } = process.env;

// The gateway needs neither the token nor the URL that accepts it.
const script = fileURLToPath(new URL("./gateway.js", import.meta.url));
const supervisor = new Supervisor([{ name: "gateway", script }], { environment: rest });
supervisor.start();

const heart = new Heart({
  url: BERTH_RUNTIME_API,
  token: BERTH_RUNTIME_TOKEN,
  read: readings({ processes: async () => sum(await Promise.all([supervisor.usage(), usageAt(PLUGINS_PORT)])) }),
  wasActive: () => supervisor.wasActive(),
});
heart.start();

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    log("stopping", { process: "main", signal });
    heart.stop();
    await supervisor.stop();
    process.exit(0);
  });
}
