import { plural } from "../../format";

export const removal = {
  theirs: {
    keys: (n: number) => plural("de", n, { one: "Dieser API-Schlüssel der Person gilt sofort nicht mehr:", other: "Diese # API-Schlüssel der Person gelten sofort nicht mehr:" }),
    none: "Die Person hat keinen gültigen API-Schlüssel.",
    unknown: "API-Schlüssel, die die Person erstellt hat, gelten sofort nicht mehr.",
  },
  own: {
    keys: (n: number) => plural("de", n, { one: "Dieser API-Schlüssel von Ihnen gilt sofort nicht mehr:", other: "Diese # API-Schlüssel von Ihnen gelten sofort nicht mehr:" }),
    none: "Sie haben keinen gültigen API-Schlüssel.",
    unknown: "API-Schlüssel, die Sie erstellt haben, gelten sofort nicht mehr.",
  },
  used: "zuletzt benutzt",
  never: "nie benutzt",
};
