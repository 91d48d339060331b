// What the routes of API keys send and answer.

import type { Schemas } from "../types";

export type ApiKey = Schemas["ApiKey"];
export type KeyScope = Schemas["KeyScope"];
export type KeyState = Schemas["KeyState"];
/** The secret is null in the answer to a repeated request. */
export type ApiKeyWithSecret = Schemas["CreatedApiKey"];
export type NewApiKey = Schemas["NewApiKey"];
export type ApiKeyChanges = Schemas["ApiKeyChanges"];
