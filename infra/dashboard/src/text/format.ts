// Numbers, money, dates and lists, as Intl writes them in the person's language. Times are shown in a named zone.

import { decimals } from "./currency";
import { language } from "./index";

export function number(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** Megabytes, in the unit in which people compare storage. */
export function gigabytes(megabytes: number): number {
  const size = megabytes / 1024;
  return size < 10 ? Math.round(size * 100) / 100 : Math.round(size * 10) / 10;
}

/** As many fraction digits as people write in `currency`, and its amounts at Stripe have. */
function digitsOf(currency: string): number {
  const { maximumFractionDigits: usual = 2 } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  return Math.min(usual, decimals(currency));
}

/** An amount in Stripe's minor unit. A fraction is shown even where the currency is usually written without one. */
export function money(amount: number, currency: string): string {
  const unit = 10 ** decimals(currency);
  const digits = amount % unit === 0 ? digitsOf(currency) : decimals(currency);
  const style = { style: "currency", currency: currency.toUpperCase(), minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language(), style).format(amount / unit);
}

/** An amount in Stripe's minor unit that need not be exact, in the smallest unit that people write. */
export function roughly(amount: number, currency: string): string {
  const step = 10 ** (decimals(currency) - digitsOf(currency));
  return money(Math.round(amount / step) * step, currency);
}

export function day(at: string, zone: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "long", timeZone: zone }).format(new Date(at));
}

export function moment(at: string, zone: string): string {
  const format = { dateStyle: "medium", timeStyle: "short", timeZone: zone } as const;
  return new Intl.DateTimeFormat(language(), format).format(new Date(at));
}

export function list(parts: string[], type: "conjunction" | "disjunction" = "conjunction"): string {
  return new Intl.ListFormat(language(), { type }).format(parts);
}

/** "3 hours ago", "in 2 days". `now` comes from the API's clock. */
export function relative(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

/** A duration in its two largest units: "2 h 5 min". */
export function duration(seconds: number): string {
  const sizes = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [unit, size] of sizes) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || (unit === "second" && parts.length === 0)) {
      parts.push(new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "short" }).format(count));
    }
  }
  return parts.slice(0, 2).join(" ");
}

/** The text for `count`, by the language's plural rules. */
export function plural(language: string, count: number, forms: { one: string; other: string }): string {
  const form = new Intl.PluralRules(language).select(count) === "one" ? forms.one : forms.other;
  return form.replace("#", new Intl.NumberFormat(language).format(count));
}

/** A name inside a sentence: isolated, so that its direction changes nothing around it. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
