import { plural } from "../../format";
import type { edit as English } from "../../en/pages/edit";

export const edit: typeof English = {
  left: (count: number) => plural("de", count, { one: "noch # Zeichen", other: "noch # Zeichen" }),
  nothing: "Es gibt noch nichts zu speichern.",
  unsaved: "Sie haben ungespeicherte Änderungen.",
  discard: "Verwerfen",
  empty: "leer",
  conflict: {
    lead: "Von Ihren Angaben ist nichts verloren. Wählen Sie, welche Fassung gelten soll.",
    theirs: "Die andere Fassung",
    yours: "Ihre Fassung",
    useMine: "Meine verwenden",
    takeTheirs: "Die andere übernehmen",
    untouched: "Von Ihnen nicht geändert. Hier gilt in jedem Fall die andere Fassung.",
  },
};
