// The company's catalogue: the titles of plans, add-ons, meters and features as it writes them, and which plan costs nothing.

import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../types";
import { queries } from "../query";
import { entitlementsQuery, offersQuery, plansQuery } from "./billing";
import { subscriptionQuery } from "./subscription";

type PlanPage = Pick<Schemas["PlanPage"], "plans" | "addons" | "meters" | "features">;

export interface Catalogue extends PlanPage {
  plan: (name: string) => string;
  addon: (name: string) => string;
  meter: (name: string) => string;
  feature: (name: string) => string;
  /** True if the plan costs nothing: it has no prices and is not agreed by contract. */
  isFree: (name: string) => boolean;
  isContract: (name: string) => boolean;
  /** The plan that a workspace has as long as nothing is paid. */
  free: string | undefined;
}

const nothing: PlanPage = { plans: [], addons: [], meters: [], features: [] };

/** A name without a title, such as that of a meter or an add-on that is no longer listed, as words. */
function words(name: string): string {
  const plain = name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

export function costsNothing(view: Pick<Schemas["PlanOffer"], "prices" | "by_contract">): boolean {
  return view.prices.length === 0 && !view.by_contract;
}

/** The plan and the add-ons of a workspace. The catalogue may not list them, or with the title of another version. */
interface Held {
  plan?: Pick<Schemas["EntitledPlan"], "name" | "title"> | undefined;
  addons?: readonly Pick<Schemas["HeldAddon"], "addon" | "title">[] | undefined;
}

/** A plan whose title is not known has its name, without the version. */
export function catalogueOf(page: PlanPage | undefined, held: Held = {}): Catalogue {
  const { plans, addons, meters, features } = page ?? nothing;
  const plain = (name: string) => name.replace(/\/.*$/, "");
  const view = (name: string) => plans.find(({ plan }) => plan === plain(name));
  const title = (name: string) => view(name)?.title ?? (plain(name) === held.plan?.name ? held.plan.title : plain(name));
  return {
    plans,
    addons,
    meters,
    features,
    plan: title,
    addon: (name) => [...(held.addons ?? []), ...addons].find(({ addon }) => addon === name)?.title ?? words(name),
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

/** The catalogue with what each plan is to the workspace, and with the titles of its own plan and add-ons. */
export function useOffers(workspace: string): Catalogue {
  const { data } = useQuery(offersQuery(workspace));
  const { data: paid } = useQuery(subscriptionQuery(workspace));
  const unlisted = data !== undefined && paid !== undefined && !data.plans.some(({ plan }) => plan === paid.plan);
  const { data: entitled } = useQuery({ ...entitlementsQuery(workspace), enabled: unlisted });
  return catalogueOf(data ?? queries.getQueryData(plansQuery.queryKey), { plan: entitled?.plan, addons: paid?.addons });
}
