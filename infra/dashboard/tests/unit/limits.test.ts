// Every refusal of a limit has its words in each language. Meters are titled by the catalogue.

import { expect, test } from "vitest";
import { de } from "../../src/text/de";
import { en } from "../../src/text/en";

const subjects = ["members", "integrations", "runtime", "workspaces", "containers", "other"] as const;

test.each(Object.entries({ en, de }))("%s: no two limits are said in the same words", (_, { billing }) => {
  const said = [...subjects.map((name) => billing.limit.title[name]), billing.limit.of("Hours of GPU")];
  expect(said.every((words) => words.trim())).toBe(true);
  expect(new Set(said).size).toBe(said.length);
  expect(said.at(-1)).toContain("Hours of GPU");
});

test("German is not English", () => {
  for (const name of subjects) expect(de.billing.limit.title[name]).not.toBe(en.billing.limit.title[name]);
});
