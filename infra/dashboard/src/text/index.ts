// The texts of the dashboard in the person's language. Every sentence is in en.ts, and de.ts has the same shape; a further language is
// one further file.

import { useSyncExternalStore } from "react";
import { de } from "./de";
import { en } from "./en";

export type Text = typeof en;
export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

const texts: Record<Language, Text> = { en, de };
const KEY = "berth.language";
const listeners = new Set<() => void>();
let current: Language = initial();

function initial(): Language {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages].filter((tag) => tag !== null);
  const known = wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in languages);
  return (known as Language | undefined) ?? "en";
}

export function setLanguage(language: Language) {
  current = language;
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export function language(): Language {
  return current;
}

/** The texts now, outside of components. */
export function text(): Text {
  return texts[current];
}

/** The texts, and a render when the language changes. */
export function useText(): Text {
  return texts[useLanguage()];
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
