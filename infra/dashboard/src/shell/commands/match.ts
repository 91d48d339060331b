// What of a list a query finds, the best first.

export interface Searched {
  /** The name, folded. */
  name: string;
  /** Other words by which it is found, folded. */
  words: string;
}

/** Without case and marks, so that "uber" finds "Über". */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

export function searched(name: string, words = ""): Searched {
  return { name: fold(name), words: fold(words) };
}

function startsWord(text: string, part: string): boolean {
  return text.startsWith(part) || text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(part));
}

/** How well one part of a query fits; 0 if it does not. */
function fit({ name, words }: Searched, part: string): number {
  if (name.startsWith(part)) return 4;
  if (startsWord(name, part)) return 3;
  if (name.includes(part)) return 2;
  return startsWord(words, part) ? 1 : 0;
}

/** The entries that every part of the query fits, in their order where they fit equally well. */
export function found<T extends { searched: Searched }>(entries: readonly T[], query: string): T[] {
  const whole = fold(query);
  const parts = whole.split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [...entries];
  const fits = entries.flatMap((entry) => {
    const each = parts.map((part) => fit(entry.searched, part));
    return each.includes(0) ? [] : [{ entry, sum: each.reduce((sum, one) => sum + one, entry.searched.name.startsWith(whole) ? 1 : 0) }];
  });
  return fits.sort((a, b) => b.sum - a.sum).map(({ entry }) => entry);
}
