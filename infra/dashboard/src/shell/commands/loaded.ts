// What is loaded when the palette, the help or a key is first used.

import { queries } from "../../api/query";
import { toast } from "../../kit/toasts";
import { accessQuery, reasonOf } from "../access";
import { pathOf } from "./destinations";
import type { Opened } from "./keyboard";
import { reader } from "./keys";
import { pathOfInvite } from "./paths";

export { Help } from "./help";
export { Palette } from "./palette";

interface Press {
  key: string;
  at: number;
  workspace: string | undefined;
  /** Where the page is searched. */
  field: HTMLInputElement | undefined;
  open: (what: Opened) => void;
  go: (path: string) => void;
}

const read = reader();

/** Does what a key means. */
export function act({ key, at, workspace, field, open, go }: Press): void {
  const meaning = read(key, at);
  switch (meaning?.kind) {
    case "go": {
      const path = pathOf(meaning.to, workspace);
      if (path !== undefined) go(path);
      break;
    }
    case "invite": {
      if (workspace === undefined) break;
      const why = reasonOf(queries.getQueryData(accessQuery(workspace).queryKey), "invite_member");
      if (why === undefined) go(pathOfInvite(workspace));
      else toast(why);
      break;
    }
    case "search":
      if (field) {
        field.focus();
        field.select();
      } else open("palette");
      break;
    case "help":
      open("help");
      break;
    case undefined:
      break;
  }
}
