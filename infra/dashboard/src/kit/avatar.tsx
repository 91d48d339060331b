/** The initials of a name. */
export function Avatar({ name }: { name: string }) {
  const letters = name.split(/\s+/u).flatMap((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.exec(word)?.[0] ?? []);
  const initials = letters.length > 1 ? `${letters[0]}${letters.at(-1)}` : letters[0];
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
