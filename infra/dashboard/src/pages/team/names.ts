// How people are called on this page, in texts as well.

import type { Member } from "../../api/queries/team";
import { text } from "../../text";

export { isolated } from "../../text/format";

export function nameOf(member: Pick<Member, "full_name" | "email">): string {
  return member.full_name ?? member.email ?? text().team.nameless;
}

/** True if every word of the filter is in one of the texts. */
export function matches(filter: string, ...texts: (string | null | undefined)[]): boolean {
  const whole = texts.join("\n").toLocaleLowerCase();
  return filter.toLocaleLowerCase().split(/\s+/).every((word) => whole.includes(word));
}

export function byName<T>(name: (one: T) => string): (a: T, b: T) => number {
  const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
  return (a, b) => collator.compare(name(a), name(b));
}
