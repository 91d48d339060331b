// The console explains every alarm of infra/observability.yaml, in each language, and names steps that docs/operations.md has.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ALARMS, ANSWERING, find, FUNCTIONS, KINDS, PROCEDURES, QUEUES, RULES } from "../../src/pages/operator/alarms/list";
import { alarms as de } from "../../src/text/de/operator/alarms";
import { alarms as en } from "../../src/text/en/operator/alarms";

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");
const template = read("infra/observability.yaml");

/** The names over which a loop of the template makes alarms. */
function loop(name: string): string[] {
  const [, names] = new RegExp(`Fn::ForEach::${name}:\\n    - Name\\n    - \\[([^\\]]+)\\]`).exec(template) ?? [];
  return names?.split(", ") ?? [];
}

/** The values of a mapping of the template, by name. */
function mapping(name: string, key: string): Record<string, string> {
  const [, lines = ""] = new RegExp(`\\n  ${name}:\\n((?:    .*\\n)+)`).exec(template) ?? [];
  return Object.fromEntries([...lines.matchAll(new RegExp(`^    (\\w+): \\{.*${key}: "([^"]+)"`, "gm"))].map(([, name, value]) => [name, value]));
}

test("every alarm of the template is listed, and no other", () => {
  const singles = [...template.matchAll(/^  (\w+):\n    Type: AWS::CloudWatch::Alarm/gm)].map(([, name]) => name);
  const names = [
    ...loop("Functions").flatMap((name) => [`${name}Errors`, `${name}Throttles`]),
    ...loop("Answering").map((name) => `${name}ServerErrors`),
    ...loop("DeadLetters").map((name) => `${name}DeadLettersAlarm`),
    ...loop("Rules").map((name) => `${name}Failing`),
    ...singles,
  ];
  // Whichever way the template makes alarms, this test has read all of them.
  expect(template.match(/Type: AWS::CloudWatch::Alarm/g)).toHaveLength(singles.length + 5);
  expect(ALARMS.map(({ name }) => name).sort()).toEqual(names.sort());
  expect([FUNCTIONS, ANSWERING, QUEUES, RULES]).toEqual(["Functions", "Answering", "DeadLetters", "Rules"].map(loop));
});

test("its English is the template's", () => {
  expect(en.functions).toEqual(mapping("Function", "Then"));
  expect(en.deadLetters).toEqual(mapping("DeadLetters", "What"));
  expect(en.rules).toEqual(mapping("Rule", "What"));
});

test("each procedure is a heading of docs/operations.md that the template names, too", () => {
  const headings = [...read("docs/operations.md").matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  for (const procedure of Object.values(PROCEDURES)) {
    expect(headings).toContain(procedure);
    expect(template.replace(/\s+/g, " ")).toContain(`docs/operations.md: ${procedure})`);
  }
});

describe.each(Object.entries({ en, de }))("%s", (_, text) => {
  test("each kind of alarm is said in its own words", () => {
    const said = KINDS.flatMap((kind) => Object.values(text.kinds[kind]));
    expect(said.every(Boolean)).toBe(true);
    expect(new Set(said).size).toBe(said.length);
  });
});

test("an alarm is found by its name in an e-mail, and by a part of it", () => {
  const names = (typed: string) => find(typed).map(({ name }) => name);
  expect(names('ALARM: "berth-prod-TeamErrors" in EU (Frankfurt)')).toEqual(["TeamErrors"]);
  expect(names("sweeper")).toEqual(["SweeperErrors", "SweeperThrottles", "SweeperSilent"]);
  expect(names("nothing of this name")).toEqual([]);
  expect(names(" ")).toHaveLength(ALARMS.length);
});
