// The keys of the panel.

export type Act = "next" | "previous" | "toggle" | "delete";

const acts: Record<string, Act> = {
  ArrowDown: "next",
  j: "next",
  ArrowUp: "previous",
  k: "previous",
  e: "toggle",
  u: "toggle",
  Delete: "delete",
  Backspace: "delete",
};

interface Press {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** What a key does; nothing with the modifiers that belong to the browser. */
export function actOf({ key, altKey, ctrlKey, metaKey }: Press): Act | undefined {
  return altKey || ctrlKey || metaKey ? undefined : acts[key.length === 1 ? key.toLowerCase() : key];
}
