// The container's health check: exits with 0 if both processes answer.

import { PORT as gateway } from "./gateway.js";
import { PORT as plugins } from "./plugins.js";

try {
  const ask = (port) => fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(3_000) });
  const answers = await Promise.all([gateway, plugins].map(ask));
  process.exit(answers.every((answer) => answer.ok) ? 0 : 1);
} catch {
  process.exit(1);
}
