// Why a container is off, in the person's language. The API says it in English words.

import type { Text } from "../../text";
import { overview } from "../../text/en/overview";

export type Reason = keyof typeof overview.container.reasons;

const codes = new Map(Object.entries(overview.container.reasons).map(([code, words]) => [words, code as Reason]));

export function reasonOf(words: string | null | undefined): Reason | undefined {
  return words ? codes.get(words) : undefined;
}

/** The API's own words where they are none that are known. */
export function reasonText(words: string, t: Text): string {
  const code = reasonOf(words);
  return code ? t.overview.container.reasons[code] : words;
}
