// Light, dark, or as the system; the brand's colour from the configuration.

import { useSyncExternalStore } from "react";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "berth.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function apply() {
  const now = theme();
  document.documentElement.dataset["theme"] = now === "system" ? (dark.matches ? "dark" : "light") : now;
  for (const listener of listeners) listener();
}

export function setTheme(next: Theme) {
  localStorage.setItem(KEY, next);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);
}

export function startTheme(accent: string | undefined) {
  if (accent && /^#[0-9a-f]{6}$/i.test(accent)) document.documentElement.style.setProperty("--brand", accent);
  dark.addEventListener("change", apply);
  apply();
}
