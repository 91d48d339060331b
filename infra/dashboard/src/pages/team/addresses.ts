// E-mail addresses out of what somebody pastes: separated by commas, semicolons, spaces or lines, with or without names.

export interface Addresses {
  /** Each once, in the order given. */
  emails: string[];
  /** What looks like no address. */
  wrong: string[];
}

const SHAPE = /^[^\s@<>,;"]+@[^\s@<>,;".]+(\.[^\s@<>,;".]+)+$/;

export function addresses(text: string): Addresses {
  // "Ana Lima <ana@example.com>", as mail programs copy it: what is in the brackets counts.
  const bare = text.replace(/(?<=^|[\s,;])(?:"[^"\n]*"\s*|[^,;<>@"\n]*)<([^<>\n]*)>/g, " $1 ");
  const seen = new Set<string>();
  const found: Addresses = { emails: [], wrong: [] };
  for (const part of bare.split(/[\s,;]+/).filter(Boolean)) {
    const known = part.toLowerCase();
    if (seen.has(known)) continue;
    seen.add(known);
    (SHAPE.test(part) && part.length <= 254 ? found.emails : found.wrong).push(part);
  }
  return found;
}
