// The texts of the operator's console. They are in no other page's files: the console loads its language when it opens.

import { useEffect, useState } from "react";
import { operator as en } from "./en/operator";
import { language, useLanguage, type Language } from "./index";

export type OperatorText = typeof en;
export type AlarmText = (typeof import("./en/operator/alarms"))["alarms"];

interface Texts {
  operator: OperatorText;
  /** Missing in English, which is part of the page of alarms. */
  alarms?: AlarmText;
}

const loaders: Record<Language, () => Promise<Texts>> = {
  en: async () => ({ operator: en }),
  de: () => import("./de/operator"),
};
const loaded = new Map<Language, Texts>([["en", { operator: en }]]);

/** False until the texts in the person's language are there. It is true without them if they cannot be loaded: then they are in English. */
export function useOperatorTexts(): boolean {
  const language = useLanguage();
  const [tried, setTried] = useState<Language>();
  useEffect(() => {
    if (loaded.has(language)) return;
    loaders[language]()
      .then((texts) => loaded.set(language, texts))
      .catch(() => undefined)
      .finally(() => setTried(language));
  }, [language]);
  return loaded.has(language) || tried === language;
}

/** The texts now, outside of components. */
export function operatorText(): OperatorText {
  return loaded.get(language())?.operator ?? en;
}

export function useOperatorText(): OperatorText {
  return loaded.get(useLanguage())?.operator ?? en;
}

export function useAlarmText(english: AlarmText): AlarmText {
  return loaded.get(useLanguage())?.alarms ?? english;
}
