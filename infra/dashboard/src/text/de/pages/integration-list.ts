import { plural } from "../../format";

export const integrationList = {
  lead: "Senden Sie, was in diesem Arbeitsbereich geschieht, an Ihre Werkzeuge.",
  inUse: "In Gebrauch",
  available: "Verfügbar",
  noneInUse: "Noch ist keine Integration in Gebrauch",
  noneInUseLead: "Wählen Sie unten eine aus. Jede braucht ein Geheimnis oder eine Adresse ihres Dienstes.",

  limit: {
    label: "Eingeschaltete Integrationen",
    note: "Ausgeschaltete zählen nicht.",
    left: (count: number) => plural("de", count, { one: "# weitere kann eingeschaltet werden.", other: "# weitere können eingeschaltet werden." }),
    unlimited: "Ihr Tarif hat keine Grenze.",
    over: "Es sind mehr eingeschaltet, als der Tarif erlaubt. Sie arbeiten weiter, und keine andere lässt sich einschalten, bis genug entfernt sind.",
    full: (limit: number) => plural("de", limit, { one: "Die Integration Ihres Tarifs ist in Gebrauch", other: "Alle # Integrationen Ihres Tarifs sind in Gebrauch" }),
    free: "Entfernen Sie eine, oder wählen Sie einen Tarif mit mehr.",
    plans: "Tarife ansehen",
  },
};
