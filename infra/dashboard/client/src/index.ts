// The API of Berth, typed. docs/clients.md shows how programs use it; the dashboard uses it, too.

export { createClient } from "./client.js";
export type { ByKey, ClientWithKey, ClientWithToken, Options } from "./client.js";
export { data } from "./data.js";
export { Failure, isFailure, unreachable } from "./failure.js";
export type { FailureClass, Problem } from "./failure.js";
export { each, pages } from "./pages.js";
export type { Page } from "./pages.js";
export type { components, operations, paths } from "./schema.js";
export type { Tokens } from "./token.js";
