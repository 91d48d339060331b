// Journeys that people take, on a local cloud with nothing mocked. BERTH_OUTPUTS is the path of its outputs.json.

import { defineConfig, devices } from "@playwright/test";
import { launchOptions } from "./tests/chromium";
import { outputs } from "./tests/journeys/outputs";

export default defineConfig({
  testDir: "tests/journeys",
  // A test that fails once has failed.
  retries: 0,
  workers: 2,
  timeout: 120_000,
  // Two cores also run the functions and the emulator.
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  outputDir: "test-results/journeys",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 900 },
    timezoneId: "Europe/Berlin",
    baseURL: outputs.dashboard_url,
    launchOptions,
  },
});
