// Texts of forms whose changes are saved together, and may meet those of others.

import { plural } from "../../format";

export const edit = {
  left: (count: number) => plural("en", count, { one: "# character left", other: "# characters left" }),
  nothing: "There is nothing to save yet.",
  unsaved: "You have unsaved changes.",
  discard: "Discard",
  empty: "empty",
  conflict: {
    lead: "Nothing of yours is lost. Choose whose version is kept.",
    theirs: "Theirs",
    yours: "Yours",
    useMine: "Use mine",
    takeTheirs: "Take theirs",
    untouched: "Not changed by you. Theirs stays in any case.",
  },
};
