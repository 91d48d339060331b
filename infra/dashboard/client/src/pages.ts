// Lists that the API returns in pages.

import { data } from "./data.js";

/** A page of a list, and where the next one begins. */
export interface Page {
  pagination: { has_more: boolean; next_cursor?: string | null };
}

type Read<P extends Page> = (cursor: string | undefined) => Promise<{ data?: P }>;

type Lists<P> = { [K in keyof P]: P[K] extends readonly unknown[] ? K : never }[keyof P];
/** The fields of a page that are lists. Until the compiler has inferred the page, every name may be one. */
type ListOf<P> = [Lists<P>] extends [never] ? string : Lists<P>;
type EntryOf<P, K extends string> = P extends { [N in K]: readonly (infer T)[] } ? T : never;

/** The pages of a list, each read when it is asked for. A page may be empty although more follow. */
export async function* pages<P extends Page>(read: Read<P>): AsyncGenerator<P, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await data(read(cursor));
    yield page;
    cursor = page.pagination.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** The entries of a list; `name` is the field that has them. */
export async function* each<P extends Page, K extends ListOf<P> & string>(name: K, read: Read<P>): AsyncGenerator<EntryOf<P, K>, void, undefined> {
  for await (const page of pages(read)) yield* page[name as keyof P] as Iterable<EntryOf<P, K>>;
}
