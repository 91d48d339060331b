// The texts of the dashboard in the person's language. Every sentence is in en/, and de/ has the same shape; a further language is one
// further folder and a line here. Only the language that is used is loaded, English in any case.

import { useSyncExternalStore } from "react";
import { en } from "./en";

export type Text = typeof en;
export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

const loaders: Record<Language, () => Promise<Text>> = {
  en: async () => en,
  de: async () => (await import("./de")).de,
};

const KEY = "berth.language";
const listeners = new Set<() => void>();
let current: Language = "en";
let texts: Text = en;

/** The language that the person chose, or that of the browser. */
function preferred(): Language {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages].filter((tag) => tag !== null);
  return wanted.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "en";
}

export function isLanguage(tag: string): tag is Language {
  return tag in languages;
}

async function use(language: Language) {
  texts = await loaders[language]();
  current = language;
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export async function startLanguage() {
  await use(preferred()).catch(() => use("en"));
}

export async function setLanguage(language: Language) {
  localStorage.setItem(KEY, language);
  await use(language);
}

export function language(): Language {
  return current;
}

/** The texts now, outside of components. */
export function text(): Text {
  return texts;
}

/** The texts, and a render when the language changes. */
export function useText(): Text {
  return useSyncExternalStore(subscribe, text);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
