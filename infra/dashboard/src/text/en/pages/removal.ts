import { plural } from "../../format";

/** What the removal of a member does to their API keys; the page of the team loads it. */
export const removal = {
  keys: (n: number) => plural("en", n, { one: "This API key of theirs stops working at once:", other: "These # API keys of theirs stop working at once:" }),
  none: "They have no API key that works.",
  unknown: "API keys that they made stop working at once.",
  used: "last used",
  never: "never used",
};
