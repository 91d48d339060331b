// The bodies of answers.

import { data } from "berth-client";

export { data };

interface WithAddons {
  addons: unknown[];
  pending_change?: { addons: unknown[] } | null;
}

/** The body of an answer that lists add-ons. An API that is older than the dashboard leaves the lists out: they are empty then. */
export async function withAddons<T extends WithAddons>(asked: Promise<{ data?: T }>): Promise<T> {
  const found = await data(asked);
  const change = found.pending_change;
  return { ...found, addons: found.addons ?? [], ...(change && { pending_change: { ...change, addons: change.addons ?? [] } }) };
}
