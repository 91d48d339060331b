// The integrations of a workspace: what it sends its events to.

import { queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data } from "../data";
import { isFailure } from "../failure";
import { of, queries, readAgain, supersede } from "../query";
import type { Schemas } from "../types";

export type Integration = Schemas["Integration"];
export type IntegrationType = Schemas["IntegrationType"];
export type Changes = Schemas["IntegrationChanges"];
export type TestResult = Schemas["IntegrationTest"];

/** One of each type, whether or not it is set up. */
export function integrationsQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "integrations"),
    queryFn: async () => (await data(api().GET("/integrations", { params: { header: within(workspace), query: { limit: 100 } } }))).integrations,
  });
}

/** The integration as it is now, past the cache. */
export async function readIntegration(workspace: string, type: IntegrationType): Promise<Integration> {
  return data(api().GET("/integrations/{type}", { params: { path: { type }, header: within(workspace) } }));
}

/** A change that conflicts with what the integration is now: that is read again. */
export async function noticing<T>(workspace: string, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (isFailure(error) && (error.status === 409 || error.status === 412)) void readAgain(integrationsQuery(workspace).queryKey);
    throw error;
  }
}

/** Sets it up, or changes it, if it is still of this version. A secret that was made is in the answer only, and is kept nowhere. */
export async function setUp(workspace: string, type: IntegrationType, version: number, body: Changes): Promise<{ integration: Integration; secret: string | undefined }> {
  const params = { path: { type }, header: { ...within(workspace), "If-Match": `"${version}"` } };
  const { secret, ...integration } = await noticing(workspace, data(api().PUT("/integrations/{type}", { params, body })));
  note(workspace, integration);
  return { integration, secret: secret ?? undefined };
}

export async function enable(workspace: string, type: IntegrationType, key: string): Promise<void> {
  const params = { path: { type }, header: { ...within(workspace), "Idempotency-Key": key } };
  note(workspace, await noticing(workspace, data(api().POST("/integrations/{type}/enable", { params }))));
}

/** Deletes its secret. Its other settings stay. */
export async function remove(workspace: string, type: IntegrationType): Promise<void> {
  await api().DELETE("/integrations/{type}", { params: { path: { type }, header: within(workspace) } });
  supersede(integrationsQuery(workspace).queryKey);
  queries.setQueryData(integrationsQuery(workspace).queryKey, (all) =>
    all?.map((one) => (one.integration_type === type ? { ...one, is_enabled: false, has_secret: false, secret_hint: null } : one)),
  );
  follow(workspace);
}

/** Sends a message now. A receiver that does not take it is an answer, too. */
export async function sendTest(workspace: string, type: IntegrationType, key: string): Promise<TestResult> {
  const params = { path: { type }, header: { ...within(workspace), "Idempotency-Key": key } };
  const result = await noticing(workspace, data(api().POST("/integrations/{type}/test", { params })));
  void readAgain(integrationsQuery(workspace).queryKey);
  return result;
}

/** Puts what an answer says of one integration in the place of what was read before. */
function note(workspace: string, integration: Integration) {
  supersede(integrationsQuery(workspace).queryKey);
  queries.setQueryData(integrationsQuery(workspace).queryKey, (all) => all?.map((one) => (one.integration_type === integration.integration_type ? integration : one)));
  follow(workspace);
}

/** What is counted, done or recorded with a change is read again behind what is shown. */
function follow(workspace: string) {
  void readAgain(...["integrations", "usage", "near-limits", "onboarding", "recent", "audit"].map((part) => of(workspace, part)));
}
