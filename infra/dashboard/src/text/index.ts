// The texts of the dashboard in the person's language. Every sentence is in en/, and de/ has the same shape; a further language is one
// further folder and a line here. Only the language that is used is loaded, English in any case. Texts of a single page need not be in
// the first load: the page brings its English, and the other languages have them in `pages`.

import { useSyncExternalStore } from "react";
import { en } from "./en";

export type Text = typeof en;
export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

/** Texts that a page brings itself. */
export interface PageTexts {
  account: (typeof import("./en/pages/account"))["account"];
  audit: (typeof import("./en/audit"))["audit"];
  keys: (typeof import("./en/pages/keys"))["keys"];
  removal: (typeof import("./en/pages/removal"))["removal"];
  commands: (typeof import("./en/pages/commands"))["commands"];
  edit: (typeof import("./en/pages/edit"))["edit"];
  danger: (typeof import("./en/pages/danger"))["danger"];
  deletion: (typeof import("./en/pages/deletion"))["deletion"];
  general: (typeof import("./en/pages/general"))["general"];
  usage: (typeof import("./en/pages/usage"))["usage"];
  doctor: (typeof import("./en/pages/doctor"))["doctor"];
  integrations: (typeof import("./en/pages/integrations"))["integrations"];
  integrationList: (typeof import("./en/pages/integration-list"))["integrationList"];
  deliveries: (typeof import("./en/pages/deliveries"))["deliveries"];
}

interface Texts {
  all: Text;
  /** Missing in English, which is part of the pages. */
  pages?: PageTexts;
}

const loaders: Record<Language, () => Promise<Texts>> = {
  en: async () => ({ all: en }),
  de: async () => {
    const { de, pages } = await import("./de");
    return { all: de, pages };
  },
};

const KEY = "berth.language";
const listeners = new Set<() => void>();
let current: Language = "en";
let texts: Texts = { all: en };

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
  return texts.all;
}

/** The texts, and a render when the language changes. */
export function useText(): Text {
  return useSyncExternalStore(subscribe, text);
}

/** The texts that a page brings itself, in the person's language, now. */
export function pageText<K extends keyof PageTexts>(page: K, english: PageTexts[K]): PageTexts[K] {
  return texts.pages?.[page] ?? english;
}

/** The same, and a render when the language changes. */
export function usePageText<K extends keyof PageTexts>(page: K, english: PageTexts[K]): PageTexts[K] {
  return useSyncExternalStore(subscribe, () => pageText(page, english));
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
