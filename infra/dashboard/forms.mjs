// Writes what openapi.json says of the settings of each type of integration, as a module that forms are made from. The whole of
// openapi.json is 330 KB, and browsers need 2 of it. `npm run types` runs it; a test compares.

import { readFileSync } from "node:fs";

const { schemas } = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8")).components;

const resolve = (schema) => (schema.$ref ? schemas[schema.$ref.split("/").at(-1)] : schema);
const named = (type) => `${type.split("_").map((word) => word[0].toUpperCase() + word.slice(1)).join("")}Config`;

/** What a control needs. Descriptions are in src/text, in each language. */
function control(name, schema, required) {
  const { enum: options, format, maxLength, example } = { ...resolve(schema), ...schema };
  return { name, required: required.includes(name), ...(format && { format }), ...(options && { options }), ...(maxLength && { maxLength }), ...(example && { example }) };
}

function form(type) {
  const schema = schemas[named(type)];
  if (!schema) throw new Error(`openapi.json has no settings of ${type}`);
  const { properties, required = [] } = schema;
  const controls = Object.entries(properties).map(([name, property]) => control(name, property, required));
  return controls.sort((one, other) => Number(other.required) - Number(one.required));
}

const forms = Object.fromEntries(schemas.IntegrationType.enum.map((type) => [type, form(type)]));
const { name, secret } = schemas.IntegrationChanges.properties;
const bounds = { name: name.maxLength, secret: secret.maxLength };

process.stdout.write(`// Written from openapi.json by \`npm run types\`: the settings of each type of integration.

export const forms = ${JSON.stringify(forms, null, 2)} as const;

/** The most characters of a name and of a secret. */
export const bounds = ${JSON.stringify(bounds, null, 2)} as const;

/** All events, in the API's order. */
export const events = ${JSON.stringify(schemas.EventType.enum, null, 2)} as const;
`);
