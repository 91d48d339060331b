import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/query";
import { customer } from "./auth";
import { config, loadConfig } from "./config";
import { router } from "./router";
import { keepFocus } from "./shell/focus";
import { reloadIfOld } from "./shell/lazy";
import { startTheme } from "./shell/theme";
import { Unreachable } from "./shell/trouble";
import { startLanguage } from "./text";
import "./styles.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

// Tabs that are older than a deployment ask for files that are gone.
addEventListener("vite:preloadError", () => void reloadIfOld());

async function begin() {
  const [{ accent }] = await Promise.all([loadConfig(), startLanguage()]);
  startTheme(accent);
  await customer.start();
  customer.watch(() => {
    if (!customer.who()) {
      // The session of staff with a provider of their own goes on.
      if (config().staff) queries.removeQueries({ predicate: ({ queryKey: [kind] }) => kind !== "operator" });
      else queries.clear();
    }
    void router.invalidate();
  });
  keepFocus();
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

begin().catch(async () => {
  await startLanguage();
  startTheme(undefined);
  root.render(
    <main>
      <Unreachable />
    </main>,
  );
});
