
/** The page loads these itself: they are not part of the first load. */
export const general = {
  title: "General",
  lead: "What the workspace is called, and where its days begin.",
  about: "About this workspace",
  name: "Name",
  description: "Description",
  descriptionHint: "What the workspace is for. Its members see it.",
  id: "Workspace id",
  idHint: "Programs name the workspace by it, and support may ask for it.",
  saved: "The changes are saved.",
  conflict: "Somebody else changed this workspace in the meantime",
};
