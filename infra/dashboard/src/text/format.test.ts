import { beforeAll, describe, expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => "en", setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
vi.stubGlobal("document", { documentElement: { lang: "" } });

let format: typeof import("./format");
let texts: typeof import("./index");

beforeAll(async () => {
  format = await import("./format");
  texts = await import("./index");
});

describe("format", () => {
  test("money is in Stripe's minor unit, with the digits that people write", () => {
    const money = (amount: number, currency: string) => format.money(amount, currency).replace("\u00a0", " ");
    expect([money(123_456, "usd"), money(2900, "USD"), money(-5, "usd")]).toEqual(["$1,234.56", "$29.00", "-$0.05"]);
    expect([money(500, "jpy"), money(5000, "mga"), money(29_000, "clp")]).toEqual(["¥500", "MGA 5,000", "CLP 29,000"]);
    expect([money(290_000, "huf"), money(290_050, "huf")], "two decimals at Stripe, none in Intl").toEqual(["HUF 2,900", "HUF 2,900.50"]);
    expect([money(150_000, "isk"), money(2_500_000, "ugx"), money(99_900, "twd")]).toEqual(["ISK 1,500", "UGX 25,000", "NT$999.00"]);
    expect([money(8500, "kwd"), money(8550, "kwd")]).toEqual(["KWD 8.500", "KWD 8.550"]);
  });

  test("a share of an amount is in the smallest unit that people write", () => {
    const month = (amount: number, currency: string) => format.roughly(amount / 12, currency).replace("\u00a0", " ");
    expect([month(29_000, "usd"), month(10_000, "jpy"), month(290_000, "isk"), month(8500, "kwd")]).toEqual(["$24.17", "¥833", "ISK 242", "KWD 0.708"]);
  });

  test("storage is in gigabytes", () => {
    expect([512, 10_240, 1_048_576, 1100].map(format.gigabytes)).toEqual([0.5, 10, 1024, 1.07]);
  });

  test("days are those of the named zone", () => {
    expect(format.day("2026-11-30T23:30:00Z", "Pacific/Kiritimati")).toBe("December 1, 2026");
    expect(format.day("2026-12-01T03:30:00Z", "America/Los_Angeles")).toBe("November 30, 2026");
    expect(format.day("2026-06-30T23:30:00Z", "Europe/Lisbon")).toBe("July 1, 2026");
  });

  test("durations are said in their two largest units", () => {
    expect(format.duration(0)).toBe("0 sec");
    expect(format.duration(59)).toBe("59 sec");
    expect(format.duration(7500)).toBe("2 hr 5 min");
    expect(format.duration(100_000)).toBe("1 day 3 hr");
    expect(format.duration(-5)).toBe("0 sec");
  });

  test("relative times use the largest unit that fits", () => {
    const now = Date.parse("2026-11-28T10:00:00Z");
    expect(format.relative("2026-11-28T09:59:30Z", now)).toBe("30 seconds ago");
    expect(format.relative("2026-11-28T07:00:00Z", now)).toBe("3 hours ago");
    expect(format.relative("2026-11-30T10:00:00Z", now)).toBe("in 2 days");
    expect(format.relative("2026-11-28T10:00:00Z", now)).toBe("now");
  });

  test("plurals follow the language", () => {
    expect(format.plural("en", 1, { one: "# seat", other: "# seats" })).toBe("1 seat");
    expect(format.plural("de", 1200, { one: "# Platz", other: "# Plätze" })).toBe("1.200 Plätze");
  });
});

/** The places of `text`'s sentences. */
function places(text: unknown, at = ""): string[] {
  if (typeof text !== "object" || text === null) return [`${at}: ${typeof text}`];
  return Object.entries(text).flatMap(([name, inner]) => places(inner, `${at}.${name}`));
}

test("every language has every sentence", async () => {
  const { en } = await import("./en");
  const { de } = await import("./de");
  expect(places(de).sort()).toEqual(places(en).sort());
  expect(Object.keys(texts.languages)).toEqual(["en", "de"]);
});
