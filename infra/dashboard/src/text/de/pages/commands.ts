import { number, plural } from "../../format";

export const commands = {
  title: "Seiten, Arbeitsbereiche und Aktionen suchen",
  placeholder: "Suchen oder Befehl eingeben",
  results: "Treffer",
  groups: { pages: "Gehe zu", actions: "Aktionen", workspaces: "Arbeitsbereiche" },
  found: (count: number) => plural("de", count, { one: "# Treffer", other: "# Treffer" }),
  none: "Nichts gefunden",
  noneLead: "Suchen Sie nach einer Seite, einer Aktion oder nach Name oder ID eines Arbeitsbereichs.",
  more: (count: number) => plural("de", count, { one: "# weiterer Arbeitsbereich. Geben Sie mehr vom Namen ein.", other: "# weitere Arbeitsbereiche. Geben Sie mehr vom Namen ein." }),
  reading: (count: number) => `Ihre Arbeitsbereiche werden geladen: bisher ${number(count)}`,
  failed: "Ihre Arbeitsbereiche konnten nicht geladen werden",
  hints: { move: "bewegen", open: "öffnen", close: "schließen", dismiss: "Schließen" },

  pages: {
    overview: { name: "Übersicht", words: "Startseite Container Status starten stoppen" },
    general: { name: "Allgemeine Einstellungen", words: "Name Beschreibung Zeitzone ID verlassen übertragen exportieren löschen" },
    team: { name: "Team", words: "Personen Mitglieder Einladungen Plätze Rollen" },
    billing: { name: "Abrechnung", words: "Tarif Rechnungen Zahlung Nutzung Verbrauch Karte Abonnement" },
    notifications: { name: "Mitteilungen", words: "E-Mail Benachrichtigungen Einstellungen" },
    audit: { name: "Protokoll", words: "Aktivität Änderungen Verlauf Export prüfen Audit" },
    workspaces: { name: "Alle Arbeitsbereiche", words: "Liste wechseln" },
    account: { name: "Ihr Konto", words: "Profil Name Sprache Passwort Sicherheit Darstellung" },
  },
  actions: {
    invite: { name: "Personen einladen", words: "Mitglieder Team hinzufügen" },
    create: { name: "Neuer Arbeitsbereich", words: "anlegen erstellen" },
    light: { name: "Helle Darstellung", words: "Farben Design" },
    dark: { name: "Dunkle Darstellung", words: "Farben Design Nacht" },
    system: { name: "Darstellung wie das System", words: "Farben Design" },
    help: { name: "Tastenkürzel", words: "Hilfe Tastatur" },
    signOut: { name: "Abmelden", words: "Logout" },
  },

  help: {
    title: "Tastenkürzel",
    everywhere: "Überall",
    go: "Zu einer Seite gehen",
    goLead: "Drücken Sie die Tasten nacheinander. Für Seiten eines Arbeitsbereichs muss einer geöffnet sein.",
    palette: "Seiten, Arbeitsbereiche und Aktionen suchen",
    search: "Auf dieser Seite suchen",
    invite: "Personen einladen",
    help: "Diese Hilfe anzeigen",
    then: "dann",
    single: "Kürzel aus einzelnen Tasten",
    singleHint: "Schalten Sie sie aus, wenn Sie per Sprache bedienen oder versehentlich Tasten drücken. In Eingabefeldern sind sie immer aus.",
  },
};
