import { plural } from "../../format";

export const general = {
  title: "Allgemein",
  lead: "Name, Beschreibung und Zeitzone des Arbeitsbereichs.",
  about: "Über diesen Arbeitsbereich",
  name: "Name",
  description: "Beschreibung",
  descriptionHint: "Wofür der Arbeitsbereich da ist. Seine Mitglieder sehen das.",
  left: (count: number) => plural("de", count, { one: "noch # Zeichen", other: "noch # Zeichen" }),
  id: "ID des Arbeitsbereichs",
  idHint: "Programme sprechen den Arbeitsbereich damit an, und der Support fragt vielleicht danach.",
  saved: "Die Änderungen sind gespeichert.",
  nothing: "Es gibt noch nichts zu speichern.",
  unsaved: "Sie haben ungespeicherte Änderungen.",
  discard: "Verwerfen",
  empty: "leer",
  conflict: {
    title: "Jemand anderes hat diesen Arbeitsbereich inzwischen geändert",
    lead: "Von Ihren Angaben ist nichts verloren. Wählen Sie, welche Fassung gelten soll.",
    theirs: "Die andere Fassung",
    yours: "Ihre Fassung",
    useMine: "Meine verwenden",
    takeTheirs: "Die andere übernehmen",
    untouched: "Von Ihnen nicht geändert. Hier gilt in jedem Fall die andere Fassung.",
  },
};
