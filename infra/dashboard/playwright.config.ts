import { defineConfig, devices } from "@playwright/test";
import { existsSync } from "node:fs";

/** Chromium: the one that CHROMIUM names, else the system's. */
const executablePath =
  process.env["CHROMIUM"] ??
  ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

const port = Number(process.env["STATES_PORT"] ?? 4173);

export default defineConfig({
  testDir: "tests",
  // A test that fails once has failed.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 900 },
    baseURL: `http://127.0.0.1:${port}`,
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: ["--no-sandbox"] },
  },
  projects: [{ name: "states", testDir: "tests/states" }],
  webServer: { command: `npx vite preview --port ${port} --strictPort --host 127.0.0.1`, port, reuseExistingServer: false },
});
