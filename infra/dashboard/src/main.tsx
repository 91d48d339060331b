import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/query";
import { onSignedIn, start, who } from "./auth";
import { loadConfig } from "./config";
import { router } from "./router";
import { keepFocus } from "./shell/focus";
import { startTheme } from "./shell/theme";
import { startLanguage, text } from "./text";
import "./styles.css";

const place = document.getElementById("root") as HTMLElement;

// Tabs that are older than a deployment ask for files that are gone: they are loaded again, once.
addEventListener("vite:preloadError", (event) => {
  if (sessionStorage.getItem("berth.reloaded")) return;
  sessionStorage.setItem("berth.reloaded", "yes");
  event.preventDefault();
  location.reload();
});

async function begin() {
  const [{ accent }] = await Promise.all([loadConfig(), startLanguage()]);
  startTheme(accent);
  await start();
  onSignedIn(() => {
    if (!who()) queries.clear();
    void router.invalidate();
  });
  keepFocus();
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

begin().catch((error: unknown) => {
  place.textContent = `${text().errors.unreachable} (${String(error)})`;
});
