import { beforeAll, expect, test, vi } from "vitest";
import type { Activity } from "../../api/queries/overview";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });

type Module = typeof import("./sentence");
let sentence: Module;
let texts: Record<"en" | "de", Parameters<Module["describe"]>[2]>;

beforeAll(async () => {
  sentence = await import("./sentence");
  texts = { en: (await import("../../text/en")).en, de: (await import("../../text/de")).de };
});

function record(action: Activity["action"], before: object, after: object): Activity {
  return { id: "aud_1", at: "2026-11-28T09:00:00Z", actor: "usr_ana", target: "usr_ben", request_id: "r", action, before, after } as Activity;
}

const catalogue = {
  plan: (name: string) => `The ${name} plan`,
  meter: (name: string) => `The ${name} meter`,
};
const names = { usr_ana: "Ana Lima", usr_ben: "Ben" };
const words = (pieces: ReturnType<Module["describe"]>) => pieces.map((piece) => ("name" in piece ? `<${piece.name}>` : piece.text)).join("");
const said = (language: "en" | "de", activity: Activity) => words(sentence.describe(activity, names, texts[language], catalogue));

test("a record is a sentence in each language", () => {
  const invited = record("invitation.created", {}, { email: "carl@example.com", role: "member" });
  expect(said("en", invited)).toBe("<Ana Lima> invited <carl@example.com> as Member");
  expect(said("de", invited)).toBe("<Ana Lima> hat <carl@example.com> als Mitglied eingeladen");
  expect(said("en", record("member.role_changed", { role: "viewer" }, { role: "admin" }))).toBe("<Ana Lima> gave <Ben> the role Admin");
});

test("a new name is a renaming, other fields are listed", () => {
  expect(said("en", record("workspace.updated", { name: "A" }, { name: "B" }))).toBe("<Ana Lima> renamed the workspace to <B>");
  expect(said("en", record("workspace.updated", { timezone: "UTC" }, { timezone: "Europe/Berlin", description: "x" }))).toBe(
    "<Ana Lima> changed the time zone and the description",
  );
});

test("an operator is named, and is support without a name", () => {
  expect(said("en", record("trial.granted", {}, { days: 14, operator: "Olga" }))).toBe("<Olga> granted a trial of 14 days");
  expect(said("de", record("trial.granted", {}, { days: 1 }))).toBe("<Ana Lima> hat eine Testphase von 1 Tag gewährt");
});

test("every action has its sentence in every language", () => {
  for (const language of ["en", "de"] as const) {
    for (const action of Object.keys(texts[language].overview.activity.sentences) as Activity["action"][]) {
      expect(said(language, record(action, {}, {}))).not.toContain("{");
    }
  }
});

test("a name is never part of the words", () => {
  const pieces = sentence.describe({ ...record("member.removed", { email: "{who}" }, {}), actor_name: "<b>" }, names, texts.en, catalogue);
  expect(pieces).toEqual([{ name: "<b>" }, { text: " removed " }, { name: "{who}" }]);
});
