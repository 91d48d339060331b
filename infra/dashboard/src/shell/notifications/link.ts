// The page that a notification leads to.

/** The path, if it is one of the pages of workspaces here; otherwise nothing is opened. */
export function pageOf(link: string): string | undefined {
  if (!link.startsWith("/w/")) return undefined;
  const here = "https://here.invalid";
  if (!URL.canParse(link, here)) return undefined;
  const { origin, pathname, search, hash } = new URL(link, here);
  return origin === here && pathname.startsWith("/w/") ? `${pathname}${search}${hash}` : undefined;
}
