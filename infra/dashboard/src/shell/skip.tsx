// The first link of a page, for those who use the keyboard: past the header, to the content.

import { useText } from "../text";

export function SkipLink() {
  const t = useText();
  return (
    <a href="#content" className="no-print sr-only focus:not-sr-only focus:fixed focus:start-4 focus:top-3 focus:z-50 focus:rounded-lg focus:bg-panel focus:px-4 focus:py-2 focus:shadow-lg">
      {t.shell.skip}
    </a>
  );
}
