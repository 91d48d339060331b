// The container's first process. It only connects the parts.

import { fileURLToPath } from "node:url";
import { Heart } from "./heart.js";
import { log } from "./log.js";
import { readings } from "./readings.js";
import { Supervisor } from "./supervisor.js";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const { BERTH_RUNTIME_API, BERTH_RUNTIME_TOKEN, ...rest } = process.env;

// The children get neither the token nor the URL that accepts it, because plugins are not trusted.
const supervisor = new Supervisor(
  [
    { name: "plugins", script: path("./plugins.js") },
    { name: "gateway", script: path("./gateway.js") },
  ],
  { environment: rest },
);
supervisor.start();

const heart = new Heart({
  url: BERTH_RUNTIME_API,
  token: BERTH_RUNTIME_TOKEN,
  read: readings({ processes: () => supervisor.usage() }),
  wasActive: () => supervisor.wasActive(),
});
heart.start();

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    log("stopping", { signal });
    heart.stop();
    await supervisor.stop();
    process.exit(0);
  });
}
