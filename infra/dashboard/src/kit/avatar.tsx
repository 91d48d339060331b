/** The initials of a name. */
export function Avatar({ name }: { name: string }) {
  const words = name.trim().split(/\s+/u);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "").join("");
  return (
    <span aria-hidden="true" className="grid size-8 shrink-0 place-items-center overflow-hidden rounded-full bg-accent-soft text-sm font-semibold text-accent uppercase">
      {initials || "·"}
    </span>
  );
}

/** A name that somebody chose: isolated, so that its direction changes nothing around it. */
export function Name({ children }: { children: string }) {
  return (
    <bdi className="[overflow-wrap:anywhere]">{children}</bdi>
  );
}
