// The health check of both containers: exits with 0 if the gateway answers, or, with the argument "plugins", the plugin runtime.

import { PORT as gateway } from "./gateway.js";
import { PORT as plugins } from "./plugins.js";

try {
  const port = process.argv[2] === "plugins" ? plugins : gateway;
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(3_000) });
  process.exit(answer.ok ? 0 : 1);
} catch {
  process.exit(1);
}
