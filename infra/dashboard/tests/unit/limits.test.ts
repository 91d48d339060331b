// Every limit that the API names has its words, in each language: when it is met, in the list of usage, and in a downgrade's preview.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { de } from "../../src/text/de";
import { en } from "../../src/text/en";

interface Schemas {
  components: { schemas: Record<string, { enum?: string[]; properties?: Record<string, unknown> }> };
}

const { schemas } = (JSON.parse(readFileSync(new URL("../../../../openapi.json", import.meta.url), "utf8")) as Schemas).components;
const names = (schema: string) => schemas[schema]?.enum ?? [];
/** Of `Limits`, the days that activity is kept are a limit of time: nothing is counted against them. */
const limited = [...new Set([...names("LimitedResource"), ...names("Meter"), ...Object.keys(schemas["CurrentUsage"]?.properties ?? {})])];

/** Refusals with 402 that name no meter, by code, and the subject of their title. */
const ofCodes = ["members", "integrations", "workspaces", "containers", "other"];

describe.each(Object.entries({ en, de }))("%s", (_, { billing, overview }) => {
  const texts = billing.limit.title as Record<string, string | undefined>;

  test("openapi.json names limits", () => expect(limited).toEqual(expect.arrayContaining(["members", "executions", "storage_mb"])));

  test.each([...limited, ...ofCodes])("%s: that it is reached", (name) => expect(texts[name]?.trim()).toBeTruthy());

  test.each(limited)("%s: its name", (name) => {
    expect((billing.resources as Record<string, string | undefined>)[name]?.trim()).toBeTruthy();
    expect((overview.usage.resource as Record<string, string | undefined>)[name]?.trim()).toBeTruthy();
  });

  test.each(names("LimitedResource"))("%s: what becomes of what is over it", (name) => {
    expect((billing.over.effects as Record<string, string | undefined>)[name]?.trim()).toBeTruthy();
  });

  test("no two limits are said in the same words", () => {
    const said = limited.map((name) => texts[name]);
    expect(new Set(said).size).toBe(said.length);
  });
});

test("German is not English", () => {
  for (const name of limited) {
    expect((de.billing.limit.title as Record<string, string>)[name]).not.toBe((en.billing.limit.title as Record<string, string>)[name]);
  }
});
