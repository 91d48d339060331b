//! The catalogue, as a workspace sees it.

use domain::{
    billing::account::Billing,
    billing::order::{ChangeKind, change_kind},
    identity::access::Action,
    ids::WorkspaceId,
    page::{Page, PageRequest},
    plans::{
        addon::Addon,
        catalogue::Plans,
        limits::Limits,
        meter::Meter,
        money::{Currency, Interval, Price},
        names::{AddonName, FeatureName, MeterName, PlanName},
        plan::{Plan, Sale},
        size::Size,
    },
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::Store;
use workers::billing::Error;

/// A price of a plan or of a unit of an add-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PlanPrice)]
pub struct PriceView {
    /// Billing interval.
    pub interval: Interval,
    /// ISO 4217 currency code in lower case.
    pub currency: Currency,
    /// Amount per interval in the currency's minor unit, for example cents; of a plan that is paid by the seat, the amount
    /// for each seat.
    pub amount: u64,
}

impl PriceView {
    /// Returns `prices` as views.
    pub(super) fn of(prices: &[Price]) -> Vec<Self> {
        let view = |Price { interval, currency, amount }: &Price| Self {
            interval: *interval,
            currency: *currency,
            amount: *amount,
        };
        prices.iter().map(view).collect()
    }
}

/// A plan in the catalogue.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PlanOffer)]
pub struct PlanView {
    /// Name of the plan.
    pub plan: PlanName,
    /// Version of the plan.
    pub version: u16,
    /// Title for customers.
    pub title: &'static str,
    /// Description for customers.
    pub description: &'static str,
    /// True if pricing pages highlight the plan.
    pub highlighted: bool,
    /// True if the operator agrees the plan with a customer. It has no prices.
    pub by_contract: bool,
    /// Prices by interval and currency; empty if the plan costs nothing or is sold by contract.
    pub prices: Vec<PriceView>,
    /// Smallest number of seats that are paid; null if the price does not depend on the number of members.
    pub minimum_seats: Option<u32>,
    /// Days of the trial that each customer may have once; null if there is none.
    pub trial_days: Option<u32>,
    /// Limits of the plan.
    pub limits: Limits,
    /// Features of the plan.
    pub features: Vec<FeatureName>,
    /// Size of the runtime; null if the plan has none.
    pub runtime: Option<Size>,
    /// Minutes after which an idle runtime stops; null if it never stops.
    pub idle_stop_minutes: Option<u32>,
    /// True if the workspace has this version of the plan now; absent without the header `X-Workspace-ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<bool>,
    /// Kind of a change of the workspace to this plan; absent without the header `X-Workspace-ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeKind>,
}

/// A meter in the catalogue.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = MeterDefinition)]
pub struct MeterDefinitionView {
    /// Name of the meter.
    pub meter: MeterName,
    /// Title for customers.
    pub title: &'static str,
    /// Words after a number, such as `executions a month`.
    pub unit: &'static str,
    /// True if the usage is reset every month.
    pub monthly: bool,
    /// True if the meter is counted by `POST /usage/consume`.
    pub consumed: bool,
}

/// A feature in the catalogue.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = FeatureDefinition)]
pub struct FeatureDefinitionView {
    /// Name of the feature.
    pub feature: FeatureName,
    /// Title for customers.
    pub title: &'static str,
}

/// Returns the meters of the catalogue.
#[must_use]
pub fn list_meters(plans: Plans) -> Vec<MeterDefinitionView> {
    let view = |meter: Meter| MeterDefinitionView {
        meter: meter.name,
        title: meter.title,
        unit: meter.unit,
        monthly: meter.is_monthly,
        consumed: meter.is_consumed(),
    };
    plans.meters().map(view).collect()
}

/// An add-on in the catalogue: more of one meter, in addition to a plan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = AddonOffer)]
pub struct AddonView {
    /// Name of the add-on.
    pub addon: AddonName,
    /// Version of the add-on.
    pub version: u16,
    /// Title for customers.
    pub title: &'static str,
    /// Description for customers.
    pub description: &'static str,
    /// Meter whose limit it raises.
    pub meter: MeterName,
    /// Amount by which each unit raises the limit.
    pub amount: u64,
    /// Largest number of units that a workspace can have.
    pub maximum_quantity: u32,
    /// Prices of a unit, by interval and currency.
    pub prices: Vec<PriceView>,
}

/// Returns the add-ons that are sold, in the order of the catalogue.
#[must_use]
pub fn list_addons(plans: Plans) -> Vec<AddonView> {
    let view = |addon: Addon| AddonView {
        addon: addon.name,
        version: addon.version.get(),
        title: addon.title,
        description: addon.description,
        meter: addon.meter,
        amount: addon.amount,
        maximum_quantity: addon.maximum_quantity,
        prices: PriceView::of(addon.prices),
    };
    plans.sold_addons().map(view).collect()
}

/// Returns the features of the catalogue.
#[must_use]
pub fn list_features(plans: Plans) -> Vec<FeatureDefinitionView> {
    plans.features.iter().map(|feature| FeatureDefinitionView { feature: feature.name, title: feature.title }).collect()
}

/// Returns a page of the plans that are offered, smallest first, and what each is to `workspace`, if one is named.
///
/// # Errors
/// [`Error`] if the caller may not read the billing of `workspace`, or the table fails.
pub async fn list_plans(
    store: &Store,
    caller: &Caller,
    workspace: Option<WorkspaceId>,
    page: PageRequest<PlanName>,
) -> Result<Page<PlanView, PlanName>, Error> {
    let billing = match workspace {
        Some(workspace) => {
            let inside =
                store.enter(caller, workspace, None).unaudited().load().await?.authorize(Action::ReadBilling)?;
            Some(inside.billing)
        }
        None => None,
    };
    let (plans, now) = (store.plans(), store.ambient().now());
    let after = page.after.and_then(|after| plans.rank(after));
    let offered = plans.iter().filter(|plan| plan.sale != Sale::Hidden && after.is_none_or(|after| plan.rank > after));
    let mut items: Vec<_> = offered.map(|plan| PlanView::new(plans, plan, billing.as_ref(), now)).collect();
    let more = items.len() > page.limit.get();
    items.truncate(page.limit.get());
    Ok(Page { next: items.last().map(|last| last.plan).filter(|_| more), items })
}

impl PlanView {
    /// Builds the view of `plan`, for a workspace with this billing if one is named.
    fn new(plans: Plans, plan: Plan, billing: Option<&Billing>, now: Timestamp) -> Self {
        Self {
            plan: plan.name,
            version: plan.version.get(),
            title: plan.title,
            description: plan.description,
            highlighted: plan.is_highlighted,
            by_contract: plan.sale == Sale::Contract,
            prices: PriceView::of(plan.prices),
            minimum_seats: plan.minimum_seats,
            trial_days: plan.trial.map(|days| days.get()),
            limits: plans.limits(plan),
            features: plan.features.to_vec(),
            runtime: plan.size,
            idle_stop_minutes: plan.idle_stop_minutes,
            current: billing.map(|billing| billing.standing(plans, now).plan == plan),
            change: billing.map(|billing| change_kind(plans, billing, plan, now)),
        }
    }
}
