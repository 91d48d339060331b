import { defineConfig, devices } from "@playwright/test";
import { launchOptions } from "./tests/chromium";

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
    launchOptions,
  },
  projects: [{ name: "states", testDir: "tests/states" }],
  webServer: { command: `npx vite preview --port ${port} --strictPort --host 127.0.0.1`, port, reuseExistingServer: false },
});
