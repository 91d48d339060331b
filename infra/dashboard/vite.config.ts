import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { alias } from "./alias.ts";

/** The content security policy of infra/dashboard.yaml, with the origins of tests/states/stage.ts in it. */
function policy(): string {
  const template = readFileSync(new URL("../dashboard.yaml", import.meta.url), "utf8");
  const [, lines] = /\n +(default-src 'none'[^]*?)\n +- Logo:/.exec(template) ?? [];
  if (!lines) throw new Error("infra/dashboard.yaml has no content security policy");
  const values: Record<string, string> = { ApiUrl: "https://api.example.com", LiveUrl: "wss://live.example.com/live", IdentityOrigin: "https://id.example.com https://pool.example.com", Logo: "", StaffOrigin: " https://staff.example.com" };
  return lines.replace(/\s+/g, " ").replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

/** The format of the audit log, for those who verify theirs. The mark at the beginning says that it is UTF-8. */
function format(): Plugin {
  const fileName = "audit-format.txt";
  const source = () => `\ufeff${readFileSync(new URL("../../docs/audit-format.md", import.meta.url), "utf8")}`;
  return {
    name: "audit-format",
    generateBundle() {
      this.emitFile({ type: "asset", fileName, source: source() });
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${fileName}`, (_, answer) => void answer.setHeader("content-type", "text/plain; charset=utf-8").end(source()));
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwind(), format()],
  resolve: { alias },
  // Everything comes from files of our own origin: the content security policy allows no inline script and no data: URL.
  build: { target: "es2023", assetsInlineLimit: 0, sourcemap: false, manifest: true, modulePreload: { polyfill: false } },
  // The configuration comes from the local cloud that `cargo dev` started; BERTH names another.
  server: { port: 5173, strictPort: true, proxy: { "/config.json": process.env["BERTH"] ?? "http://localhost:3000" } },
  // Tests of states run under the policy that browsers get from the distribution.
  preview: { proxy: {}, headers: { "content-security-policy": policy() } },
});
