import { plural } from "../../format";

/** What the end of a membership does to the member's API keys. The dialogs that end one load it. */
export const removal = {
  theirs: {
    keys: (n: number) => plural("en", n, { one: "This API key of theirs stops working at once:", other: "These # API keys of theirs stop working at once:" }),
    none: "They have no API key that works.",
    unknown: "API keys that they made stop working at once.",
  },
  own: {
    keys: (n: number) => plural("en", n, { one: "This API key of yours stops working at once:", other: "These # API keys of yours stop working at once:" }),
    none: "You have no API key that works.",
    unknown: "API keys that you made stop working at once.",
  },
  used: "last used",
  never: "never used",
};
