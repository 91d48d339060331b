// The themes, as a part of a menu.

import { menuItem } from "../kit/menu";
import { useText } from "../text";
import { setTheme, useTheme, type Theme } from "./theme";

export function ThemeChoice() {
  const t = useText();
  const theme = useTheme();
  const themes: [Theme, string][] = [
    ["light", t.shell.light],
    ["dark", t.shell.dark],
    ["system", t.shell.system],
  ];
  return (
    <div role="group" aria-label={t.shell.theme} className="my-1 border-y border-line py-1">
      {themes.map(([value, label]) => (
        <button key={value} type="button" className={menuItem} aria-pressed={theme === value} onClick={() => setTheme(value)}>
          <span aria-hidden="true" className="w-4">
            {theme === value ? "✓" : ""}
          </span>
          {label}
        </button>
      ))}
    </div>
  );
}
