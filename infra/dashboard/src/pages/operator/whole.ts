/** Whole and not negative, as numbers of the API are. */
export function isWhole(typed: string): boolean {
  return /^\d{1,15}$/.test(typed.trim());
}
