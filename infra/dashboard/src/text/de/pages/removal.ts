import { plural } from "../../format";

export const removal = {
  keys: (n: number) => plural("de", n, { one: "Dieser API-Schlüssel der Person gilt sofort nicht mehr:", other: "Diese # API-Schlüssel der Person gelten sofort nicht mehr:" }),
  none: "Die Person hat keinen gültigen API-Schlüssel.",
  unknown: "API-Schlüssel, die die Person erstellt hat, gelten sofort nicht mehr.",
  used: "zuletzt benutzt",
  never: "nie benutzt",
};
