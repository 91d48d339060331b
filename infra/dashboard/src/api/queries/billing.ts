import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, within } from "../client";
import { data, withAddons } from "../data";
import { of, queries, readAgain } from "../query";
import type { Plan, Schemas } from "../types";
import { subscriptionQuery } from "./subscription";

export type Interval = Schemas["BillingInterval"];
export type Subscription = Schemas["Subscription"];
export type PlanView = Schemas["PlanOffer"];
export type AddonOffer = Schemas["AddonOffer"];
export type HeldAddon = Schemas["HeldAddon"];
export type PlanChange = Schemas["PlanChange"];
export type AddonChange = Schemas["AddonChange"];
export type Config = Schemas["BillingOverview"];
export type Invoice = Schemas["Invoice"];
export type OverLimit = Schemas["OverLimit"];
export type Preview = Omit<Schemas["PlanPreview"], "over_limits"> & { over_limits: OverLimit[] };
type PlanBody = Schemas["PlanChangeRequest"];

export function billingQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "billing"),
    queryFn: () => data(api().GET("/billing/config", { params: { header: within(workspace) } })),
  });
}

export function usageQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "usage"),
    queryFn: () => data(api().GET("/billing/usage", { params: { header: within(workspace) } })),
  });
}

export const plansQuery = queryOptions({
  queryKey: ["plans"],
  queryFn: () => withAddons(api().GET("/billing/plans", { params: { query: { limit: 100 } } })),
  staleTime: 3_600_000,
});

/** The catalogue with what each plan is to the workspace. */
export function offersQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "plans"),
    queryFn: () => withAddons(api().GET("/billing/plans", { params: { header: within(workspace), query: { limit: 100 } } })),
  });
}

/** The plan in force and its features, also of a plan or version that the catalogue does not list. */
export function entitlementsQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "entitlements"),
    queryFn: () => data(api().GET("/entitlements", { params: { header: within(workspace) } })),
  });
}

/** Amounts due change by the second, so a preview is read again whenever a dialog opens. */
const fresh = { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false };

export function previewQuery(workspace: string, plan: Plan, interval: Interval | undefined, currency: string | undefined) {
  return queryOptions({
    queryKey: ["preview", workspace, plan, interval, currency],
    queryFn: () =>
      data(
        api().GET("/billing/plan/preview", { params: { header: within(workspace), query: { plan, ...(interval && { interval }), ...(currency && { currency }) } } }),
      ) as Promise<Preview>,
    ...fresh,
  });
}

export function addonPreviewQuery(workspace: string, name: string, quantity: number) {
  return queryOptions({
    queryKey: ["addon-preview", workspace, name, quantity],
    queryFn: () => data(api().GET("/billing/addons/preview", { params: { header: within(workspace), query: { name, quantity } } })),
    ...fresh,
  });
}

export function invoicesQuery(workspace: string) {
  return infiniteQueryOptions({
    queryKey: of(workspace, "invoices"),
    queryFn: ({ pageParam }) =>
      data(
        api().GET("/billing/invoices", {
          params: { header: within(workspace), query: { limit: 12, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ pagination }) => pagination.next_cursor ?? undefined,
  });
}

/** True while a checkout page of the workspace waits to be paid. */
export function openCheckoutQuery(workspace: string) {
  return queryOptions({
    queryKey: of(workspace, "open-checkout"),
    queryFn: async () => {
      const { billing } = await data(api().GET("/onboarding", { params: { header: within(workspace) } }));
      return billing.has_pending_checkout;
    },
  });
}

/** Compares the workspace with Stripe now. The answer is shown at once; the rest is read again. */
export async function sync(workspace: string, key: string): Promise<Subscription> {
  const found = await withAddons(api().POST("/billing/sync", { params: { header: { ...within(workspace), "Idempotency-Key": key } } }));
  return show(workspace, found);
}

export async function checkOut(workspace: string, key: string, body: Schemas["CheckoutRequest"]): Promise<string> {
  const page = await data(api().POST("/billing/checkout", { params: { header: { ...within(workspace), "Idempotency-Key": key } }, body }));
  return page.url;
}

export async function changePlan(workspace: string, body: PlanBody): Promise<PlanChange> {
  const change = await data(api().PUT("/billing/plan", { params: { header: within(workspace) }, body }));
  follow(workspace);
  return change;
}

export async function changeAddon(workspace: string, body: Schemas["AddonChangeRequest"]): Promise<AddonChange> {
  const change = await data(api().PUT("/billing/addons", { params: { header: within(workspace) }, body }));
  follow(workspace);
  return change;
}

export async function cancel(workspace: string): Promise<Subscription> {
  return show(workspace, await withAddons(api().DELETE("/billing/subscription", { params: { header: within(workspace) } })));
}

export async function resume(workspace: string, key: string): Promise<Subscription> {
  const found = await withAddons(
    api().POST("/billing/subscription/resume", { params: { header: { ...within(workspace), "Idempotency-Key": key } } }),
  );
  return show(workspace, found);
}

export async function portal(workspace: string, key: string, back: string): Promise<string> {
  const page = await data(
    api().POST("/billing/portal", { params: { header: { ...within(workspace), "Idempotency-Key": key } }, body: { return_url: back } }),
  );
  return page.url;
}

function show(workspace: string, found: Subscription): Subscription {
  queries.setQueryData(subscriptionQuery(workspace).queryKey, found);
  follow(workspace);
  return found;
}

/** Everything of the workspace may follow from its plan. It is read again behind what is shown. */
function follow(workspace: string) {
  void readAgain(of(workspace), ["workspaces"]);
}
