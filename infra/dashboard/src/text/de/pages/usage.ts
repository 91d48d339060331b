import { number, plural } from "../../format";
import type { PageTexts } from "../../index";

export const usage: PageTexts["usage"] = {
  lead: (plan: string) => `Was dieser Arbeitsbereich von seinem Tarif ${plan} verbraucht und wie lange das reicht.`,
  refresh: "Aktualisieren",
  plans: "Tarife vergleichen",

  refused: {
    past_due: "Mehr kann nicht verbraucht werden, weil eine Zahlung fehlt",
    past_due_lead: "Sobald die Zahlung eingegangen ist, geht es weiter. Die Grenzen sind die ohne bezahlten Tarif.",
    suspended: "Mehr kann nicht verbraucht werden, weil der Arbeitsbereich gesperrt ist",
  },
  full: {
    title: (count: number) => plural("de", count, { one: "# Grenze ist erreicht", other: "# Grenzen sind erreicht" }),
    lead: (names: string) => `${names}. Ein größerer Tarif erlaubt mehr.`,
  },

  monthly: {
    title: "Monatlich",
    lead: (range: string, zone: string) => `${range} (${zone}). Tage gelten in UTC.`,
    month: "Monat",
    current: (range: string) => `${range} (jetzt)`,
    shown: "Angezeigt als",
    bars: "Balken",
    table: "Tabellen",
    stale: "Diese Zahlen konnten nicht aktualisiert werden",
  },
  of: (limit: string) => `von ${limit}`,
  noLimit: "unbegrenzt",
  percent: (percent: number) => `${number(percent)} % der Grenze`,
  state: { near: "Nahe an der Grenze", full: "Grenze erreicht", over: "Über der Grenze" },
  meter: (used: string, limit: string) => `${used} von ${limit}`,

  pace: {
    none: "Bisher wurde nichts verbraucht.",
    nonePast: "Es wurde nichts verbraucht.",
    early: "Eine Prognose folgt, sobald ein Tag vergangen ist.",
    full: (day: string) => `Mehr wird abgelehnt, bis die Zählung am ${day} neu beginnt.`,
    over: (count: string, day: string) => `${count} über der Grenze. Mehr wird abgelehnt, bis die Zählung am ${day} neu beginnt.`,
    fills: (day: string) => `Bei diesem Verbrauch voll am ${day}.`,
    resets: (day: string) => `Beginnt am ${day} neu.`,
    lasts: (total: string, day: string) => `Bei diesem Verbrauch etwa ${total}, wenn die Zählung am ${day} neu beginnt.`,
    week: (count: string, days: number) => plural("de", days, { one: `${count} am letzten Tag.`, other: `${count} am Tag in den letzten # Tagen.` }),
    month: (count: string) => `${count} am Tag seit Beginn des Monats.`,
  },

  days: {
    title: "Tage",
    label: (meter: string) => `${meter} nach Tagen`,
    since: (time: string) => `Tage werden seit ${time} gezählt. Was davor verbraucht wurde, steht nur in der Summe.`,
    even: (count: string) => `Gestrichelt: ${count} am Tag reichen bis zum Neubeginn.`,
  },
  months: {
    title: "Monate",
    label: (meter: string) => `${meter} nach Monaten`,
    limit: "Gestrichelt: die Grenze des Monats.",
    first: "Das ist der erste Monat. Weitere folgen hier.",
    failed: "Die früheren Monate konnten nicht gelesen werden",
  },
  peak: (value: string, when: string) => `Höchster Wert: ${value}, ${when}`,
  value: (value: string, when: string) => `${value}, ${when}`,
  nothing: "Es wurde nichts verbraucht",
  open: "noch nicht vorbei",
  missing: "nicht gezählt",
  day: "Tag",
  range: "Von – bis",
  limitOf: (limit: string) => `Grenze ${limit}`,

  lasting: {
    title: "Insgesamt",
    lead: "Was jetzt da ist. Das beginnt nicht neu.",
    nearly: (left: string) => `Noch ${left} frei.`,
    unlimited: "Unbegrenzt.",
    nothing: "In Ihrem Tarif nicht enthalten.",
  },

  limits: {
    title: "Was an einer Grenze geschieht",
    lead: "Nichts wird je gelöscht, und nichts wird von selbst berechnet.",
    near: "Bei 80 %",
    full: "Bei 100 %",
    quiet: "Es geschieht nichts.",
    notice: {
      monthly: "Administratoren und Inhaber werden benachrichtigt, einmal im Monat.",
      lasting: "Administratoren und Inhaber werden benachrichtigt, einmal in 31 Tagen.",
      each: "Administratoren und Inhaber werden benachrichtigt.",
    },
    effect: {
      monthly: "Mehr wird abgelehnt, bis die Zählung neu beginnt.",
      storage: "Alles Gespeicherte bleibt. Mehr wird abgelehnt, bis etwas entfernt wird.",
      seats: "Alle bleiben. Niemand kann eingeladen werden, bis ein Platz frei ist.",
      additions: "Alles bleibt und funktioniert. Mehr wird abgelehnt, bis etwas entfernt wird.",
    },
    unlimited: (names: string) => `Unbegrenzt: ${names}.`,
  },

  container: {
    title: "Container",
    running: "Läuft seit",
    off: "Läuft gerade nicht.",
    idle: "Stoppt von selbst",
    after: (time: string) => `Nach ${time} ohne Arbeit`,
    never: "Nie",
    free: "Seine Laufzeit ist unbegrenzt und wird nicht zusammengezählt.",
    open: "Container öffnen",
  },
};
