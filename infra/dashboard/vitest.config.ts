import { defineConfig } from "vitest/config";
import { alias } from "./alias.ts";

export default defineConfig({
  resolve: { alias },
  test: { include: ["src/**/*.test.ts", "tests/unit/*.test.ts", "client/tests/*.test.ts"] },
});
