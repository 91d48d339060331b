
export const general = {
  title: "Allgemein",
  lead: "Name, Beschreibung und Zeitzone des Arbeitsbereichs.",
  about: "Über diesen Arbeitsbereich",
  name: "Name",
  description: "Beschreibung",
  descriptionHint: "Wofür der Arbeitsbereich da ist. Seine Mitglieder sehen das.",
  id: "ID des Arbeitsbereichs",
  idHint: "Programme sprechen den Arbeitsbereich damit an, und der Support fragt vielleicht danach.",
  saved: "Die Änderungen sind gespeichert.",
  conflict: "Jemand anderes hat diesen Arbeitsbereich inzwischen geändert",
};
