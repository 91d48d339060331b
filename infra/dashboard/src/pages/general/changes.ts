// What a form of the workspace changes, and where that meets the changes of others.

export const FIELDS = ["name", "description", "timezone"] as const;
export type FieldName = (typeof FIELDS)[number];
export type Draft = Record<FieldName, string>;

export function draftOf(head: { name: string; description?: string | null; timezone: string }): Draft {
  return { name: head.name, description: head.description ?? "", timezone: head.timezone };
}

/** The fields of `mine` that differ from `base`. */
export function changesOf(base: Draft, mine: Draft): Partial<Draft> {
  return Object.fromEntries(FIELDS.filter((field) => mine[field].trim() !== base[field]).map((field) => [field, mine[field].trim()]));
}


/** `theirs` with what `mine` changed of `base`. */
export function merged(base: Draft, mine: Draft, theirs: Draft): Draft {
  return { ...theirs, ...changesOf(base, mine) };
}
