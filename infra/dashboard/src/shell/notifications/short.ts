const MOST = 99;

/** A number that fits on a badge. */
export function short(count: number): string {
  return count > MOST ? `${MOST}+` : String(count);
}
