// The themes, as a part of a menu.

import { menuItem } from "../kit/menu";
import { useText } from "../text";
import { setTheme, THEMES, useTheme } from "./theme";

export function ThemeChoice() {
  const t = useText();
  const theme = useTheme();
  return (
    <div role="group" aria-label={t.shell.theme} className="my-1 border-y border-line py-1">
      {THEMES.map((value) => (
        <button key={value} type="button" className={menuItem} aria-pressed={theme === value} onClick={() => setTheme(value)}>
          <span aria-hidden="true" className="w-4">
            {theme === value ? "✓" : ""}
          </span>
          {t.shell[value]}
        </button>
      ))}
    </div>
  );
}
