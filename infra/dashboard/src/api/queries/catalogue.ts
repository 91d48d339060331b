// The company's catalogue: the titles of plans, meters and features as it writes them, and which plan costs nothing.

import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../types";
import { queries } from "../query";
import { entitlementsQuery, offersQuery, plansQuery } from "./billing";
import { subscriptionQuery } from "./subscription";

type PlanPage = Pick<Schemas["PlanPage"], "plans" | "meters" | "features">;

export interface Catalogue extends PlanPage {
  plan: (name: string) => string;
  meter: (name: string) => string;
  feature: (name: string) => string;
  /** True if the plan costs nothing: it has no prices and is not agreed by contract. */
  isFree: (name: string) => boolean;
  isContract: (name: string) => boolean;
  /** The plan that a workspace has as long as nothing is paid. */
  free: string | undefined;
}

const nothing: PlanPage = { plans: [], meters: [], features: [] };

/** A name without a title, such as that of a meter that is no longer listed, as words. */
function words(name: string): string {
  const plain = name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

export function costsNothing(view: Pick<Schemas["PlanOffer"], "prices" | "by_contract">): boolean {
  return view.prices.length === 0 && !view.by_contract;
}

/** `held` is a plan that the catalogue may not list. A plan whose title is not known has its name, without the version. */
export function catalogueOf(page: PlanPage | undefined, held?: Pick<Schemas["EntitledPlan"], "name" | "title">): Catalogue {
  const { plans, meters, features } = page ?? nothing;
  const plain = (name: string) => name.replace(/\/.*$/, "");
  const view = (name: string) => plans.find(({ plan }) => plan === plain(name));
  const title = (name: string) => view(name)?.title ?? (plain(name) === held?.name ? held.title : plain(name));
  return {
    plans,
    meters,
    features,
    plan: title,
    meter: (name) => meters.find(({ meter }) => meter === name)?.title ?? words(name),
    feature: (name) => features.find(({ feature }) => feature === name)?.title ?? words(name),
    isFree: (name) => plans.some((one) => one.plan === name && costsNothing(one)),
    isContract: (name) => view(name)?.by_contract ?? false,
    free: plans.find(costsNothing)?.plan,
  };
}

/** `enabled`: false where nothing of it is shown. */
export function useCatalogue(enabled = true): Catalogue {
  return catalogueOf(useQuery({ ...plansQuery, enabled }).data);
}

/** The catalogue with what each plan is to the workspace, and with the title of its own plan if that is not listed. */
export function useOffers(workspace: string): Catalogue {
  const { data } = useQuery(offersQuery(workspace));
  const { data: paid } = useQuery(subscriptionQuery(workspace));
  const unlisted = data !== undefined && paid !== undefined && !data.plans.some(({ plan }) => plan === paid.plan);
  const { data: entitled } = useQuery({ ...entitlementsQuery(workspace), enabled: unlisted });
  return catalogueOf(data ?? queries.getQueryData(plansQuery.queryKey), entitled?.plan);
}
