import { expect, test } from "vitest";
import { fold, found, searched } from "./match";

const entry = (name: string, words?: string) => ({ label: name, searched: searched(name, words) });
const names = (query: string, ...entries: ReturnType<typeof entry>[]) => found(entries, query).map(({ label }) => label);

test("case and marks do not matter", () => {
  expect(fold(" Ünïted ÉTÉ ")).toBe("united ete");
  expect(names("uber", entry("Über Freight"))).toEqual(["Über Freight"]);
  expect(names("ΆΛΦΑ", entry("άλφα"))).toEqual(["άλφα"]);
});

test("every word of the query must fit", () => {
  expect(names("acme lab", entry("Acme Research"), entry("Labs of Acme"), entry("Acme Labs"))).toEqual(["Acme Labs", "Labs of Acme"]);
});

test("beginnings come before middles, names before other words", () => {
  expect(names("bil", entry("Mobility"), entry("Plans", "billing"), entry("The Billing"), entry("Billing"))).toEqual(["Billing", "The Billing", "Mobility", "Plans"]);
});

test("equal fits stay in their order, and an empty query finds all", () => {
  expect(names("a", entry("ab"), entry("aa"))).toEqual(["ab", "aa"]);
  expect(names("  ", entry("x"), entry("y"))).toEqual(["x", "y"]);
});

test("names of emoji and of other scripts are found", () => {
  const squid = "🦑".repeat(200);
  expect(names("🦑", entry(squid), entry("Acme"))).toEqual([squid]);
  expect(names("עולם", entry("שלום עולם"))).toEqual(["שלום עולם"]);
  expect(names(".*", entry("Acme"))).toEqual([]);
});

test("an id is found from its beginning", () => {
  expect(names("ws_01K9", entry("Acme", "ws_01K9ZX3V8Q"))).toEqual(["Acme"]);
});
