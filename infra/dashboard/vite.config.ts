import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), tailwind()],
  resolve: { alias: { "~": fileURLToPath(new URL("src", import.meta.url)) } },
  // Everything comes from files of our own origin: the content security policy allows no inline script and no data: URL.
  build: { target: "es2023", assetsInlineLimit: 0, sourcemap: false, manifest: true, modulePreload: { polyfill: false } },
  // The configuration comes from the local cloud that `cargo dev` started; BERTH names another.
  server: { port: 5173, strictPort: true, proxy: { "/config.json": process.env["BERTH"] ?? "http://localhost:3000" } },
  preview: { proxy: {} },
});
