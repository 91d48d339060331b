// Chromium: the one that CHROMIUM names, else the system's.

import { existsSync } from "node:fs";

const executablePath =
  process.env["CHROMIUM"] ??
  ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export const launchOptions = { ...(executablePath ? { executablePath } : {}), args: ["--no-sandbox"] };
