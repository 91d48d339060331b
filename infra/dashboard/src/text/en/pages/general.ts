import { plural } from "../../format";

/** The page loads these itself: they are not part of the first load. */
export const general = {
  title: "General",
  lead: "What the workspace is called, and where its days begin.",
  about: "About this workspace",
  name: "Name",
  description: "Description",
  descriptionHint: "What the workspace is for. Its members see it.",
  left: (count: number) => plural("en", count, { one: "# character left", other: "# characters left" }),
  id: "Workspace id",
  idHint: "Programs name the workspace by it, and support may ask for it.",
  saved: "The changes are saved.",
  nothing: "There is nothing to save yet.",
  unsaved: "You have unsaved changes.",
  discard: "Discard",
  empty: "empty",
  conflict: {
    title: "Somebody else changed this workspace in the meantime",
    lead: "Nothing of yours is lost. Choose whose version is kept.",
    theirs: "Theirs",
    yours: "Yours",
    useMine: "Use mine",
    takeTheirs: "Take theirs",
    untouched: "Not changed by you. Theirs stays in any case.",
  },
};
