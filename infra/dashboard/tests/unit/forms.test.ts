// The forms of integrations are those of openapi.json.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { forms } from "../../src/api/integrations/forms";

const openapi = JSON.parse(readFileSync(new URL("../../../../openapi.json", import.meta.url), "utf8"));

test("forms.ts is as openapi.json; `npm run types` writes it", () => {
  const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("../../forms.mjs", import.meta.url))], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(readFileSync(new URL("../../src/api/integrations/forms.ts", import.meta.url), "utf8")).toBe(stdout);
});

test("every type has a form, with each of its settings", () => {
  const { IntegrationType, IntegrationConfig } = openapi.components.schemas;
  expect(Object.keys(forms)).toEqual(IntegrationType.enum);
  const schemas = IntegrationConfig.anyOf.map(({ $ref }: { $ref: string }) => openapi.components.schemas[$ref.split("/").at(-1) ?? ""]);
  const settings = (all: readonly { name: string }[]) => all.map(({ name }) => name).sort();
  expect(Object.values(forms).map(settings)).toEqual(schemas.map(({ properties }: { properties: object }) => Object.keys(properties).sort()));
});
