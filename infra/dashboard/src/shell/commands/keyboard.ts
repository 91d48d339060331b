// What the keys and what they open share. Shortcuts of single keys can be turned off: https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts

const KEY = "berth.keys";

export type Opened = "palette" | "help";

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function isOn(): boolean {
  return localStorage.getItem(KEY) !== "off";
}

export function turn(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "off");
}

/** The field in which the open page is searched, if it has one. */
export function pageSearch(): HTMLInputElement | undefined {
  const fields = document.querySelectorAll<HTMLInputElement>("main input[type=search], main [role=search] input:not([type=date])");
  return [...fields].find((field) => field.checkVisibility());
}
