//! The catalogue: the plans, meters and features of the company that runs Berth. It is a value, because each company has
//! its own.

use super::{
    addon::{Addon, AddonTerms},
    meter::{Count, Meter, MeterTerms},
    money::{Currency, Price},
    names::{AddonName, FeatureName, MeterName, PlanName},
    plan::{Plan, PlanTerms, Sale},
    price::{AddonPriceName, PriceAtStripe, PriceKey, PriceName, Sells},
    version::{AddonVersion, PlanVersion},
};
use std::{fmt, ops::Deref, ptr};

/// The content of a catalogue that was checked. See `docs/plans.md`.
#[derive(Debug)]
pub struct Catalogue {
    /// The meters. Seats and integrations are among them.
    pub meters: &'static [MeterTerms],
    /// The features.
    pub features: &'static [FeatureTerms],
    /// The current version of each plan, smallest first.
    pub plans: &'static [PlanTerms],
    /// Earlier versions that were sold.
    pub former: &'static [PlanTerms],
    /// The current version of each add-on.
    pub addons: &'static [AddonTerms],
    /// Earlier versions of add-ons that were sold.
    pub former_addons: &'static [AddonTerms],
    /// The currencies, the first of which is the default.
    pub currencies: &'static [Currency],
    /// Rank of the plan that a workspace has as long as nothing is paid.
    pub unpaid: u16,
}

/// The definition of a feature in the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct FeatureTerms {
    /// Name in answers.
    pub name: FeatureName,
    /// Title for customers.
    pub title: &'static str,
}

/// The plans of the company.
#[derive(Clone, Copy)]
pub struct Plans(&'static Catalogue);

/// There is no plan of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {0}")]
pub struct UnknownPlan(String);

/// There is no meter of this name that can be consumed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {0}")]
pub struct UnknownMeter(String);

#[expect(clippy::expect_used, reason = "a checked catalogue has these")]
impl Plans {
    /// The plans of a checked catalogue.
    #[must_use]
    pub const fn new(catalogue: &'static Catalogue) -> Self {
        Self(catalogue)
    }

    /// The plan that a workspace has as long as nothing is paid.
    #[must_use]
    pub fn unpaid(self) -> Plan {
        self.0.plans.get(usize::from(self.0.unpaid)).map(Plan).expect("the unpaid plan")
    }

    /// The meter of seats.
    #[must_use]
    pub fn members(self) -> Meter {
        self.meters().find(|meter| meter.count == Count::Seats).expect("a meter of seats")
    }

    /// The meter of integrations.
    #[must_use]
    pub fn integrations(self) -> Meter {
        self.meters().find(|meter| meter.count == Count::Integrations).expect("a meter of integrations")
    }

    /// The meter of API keys.
    #[must_use]
    pub fn api_keys(self) -> Meter {
        self.meters().find(|meter| meter.count == Count::Keys).expect("a meter of API keys")
    }
}

impl Plans {
    /// The current version of each plan, smallest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Plan> + ExactSizeIterator {
        self.0.plans.iter().map(Plan)
    }

    /// Every version of every plan that somebody may have.
    pub fn every_version(self) -> impl Iterator<Item = Plan> {
        self.0.plans.iter().chain(self.0.former).map(Plan)
    }

    /// True if the price of any plan that somebody may have is for each seat.
    #[must_use]
    pub fn sell_seats(self) -> bool {
        self.every_version().any(Plan::is_per_seat)
    }

    /// The default currency.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.0.currencies.first().copied().unwrap_or(Currency::USD)
    }

    /// The plans that customers can buy, smallest first.
    pub fn sold(self) -> impl Iterator<Item = Plan> {
        self.iter().filter(|plan| plan.is_sold())
    }

    /// The prices at which plans and add-ons are sold.
    pub fn sold_prices(self) -> impl Iterator<Item = PriceKey> {
        let of_plan = |plan: Plan| {
            let name = move |price: &Price| PriceName {
                plan: plan.reference(),
                interval: price.interval,
                currency: price.currency,
            };
            plan.prices.iter().map(name).map(PriceKey::Plan).collect::<Vec<_>>()
        };
        let of_addon = |addon: Addon| {
            let name = move |price: &Price| AddonPriceName {
                addon: addon.reference(),
                interval: price.interval,
                currency: price.currency,
            };
            addon.prices.iter().map(name).map(PriceKey::Addon).collect::<Vec<_>>()
        };
        self.sold().flat_map(of_plan).chain(self.sold_addons().flat_map(of_addon))
    }

    /// The amount of a price of a plan or an add-on; `None` if there is no such price.
    #[must_use]
    pub fn amount_of(self, key: PriceKey) -> Option<u64> {
        match key {
            PriceKey::Plan(name) => self.amount(name),
            PriceKey::Addon(name) => self.addon_amount(name),
        }
    }

    /// The amount of the price `name`; `None` if there is no such price.
    #[must_use]
    pub fn amount(self, name: PriceName) -> Option<u64> {
        let fits = |price: &&Price| (price.interval, price.currency) == (name.interval, name.currency);
        self.version(name.plan)?.prices.iter().find(fits).map(|price| price.amount)
    }

    /// What `price` pays for; `None` if it is no plan of the catalogue.
    #[must_use]
    pub fn paid_by(self, price: &PriceAtStripe) -> Option<PriceName> {
        let Sells::Plan(name) = price.sells else { return None };
        self.version(name.plan)?;
        (self.currencies.contains(&name.currency) || self.amount(name).is_some()).then_some(name)
    }

    /// The current version of the plan `name`.
    ///
    /// # Errors
    /// [`UnknownPlan`] if there is none.
    pub fn named(self, name: PlanName) -> Result<Plan, UnknownPlan> {
        self.iter().find(|plan| plan.name == name).ok_or_else(|| UnknownPlan(list(self.iter().map(|plan| plan.name))))
    }

    /// This version of a plan; `None` if the catalogue does not have it.
    #[must_use]
    pub fn version(self, plan: PlanVersion) -> Option<Plan> {
        self.every_version().find(|known| known.reference() == plan)
    }

    /// The title of a plan; its name if the catalogue does not have it.
    #[must_use]
    pub fn title(self, plan: PlanVersion) -> String {
        self.version(plan).map_or_else(|| plan.name.to_string(), |plan| plan.title.to_owned())
    }

    /// Position of the plan `name`, from 0 for the smallest; `None` if the catalogue does not have it.
    #[must_use]
    pub fn rank(self, name: PlanName) -> Option<u16> {
        self.every_version().find(|plan| plan.name == name).map(|plan| plan.rank)
    }

    /// The largest plan that is sold by contract; the largest plan if there is none.
    #[must_use]
    pub fn by_contract(self) -> Plan {
        let agreed = self.iter().rfind(|plan| plan.sale == Sale::Contract);
        agreed.or_else(|| self.iter().next_back()).unwrap_or_else(|| self.unpaid())
    }

    /// All meters, in the order of the catalogue.
    pub fn meters(self) -> impl Iterator<Item = Meter> {
        self.0.meters.iter().map(Meter)
    }

    /// The meters that are counted by consumption and release.
    pub fn consumed(self) -> impl Iterator<Item = Meter> {
        self.meters().filter(|meter| meter.is_consumed())
    }

    /// The meter `name`; `None` if the catalogue does not have it.
    #[must_use]
    pub fn meter(self, name: MeterName) -> Option<Meter> {
        self.meters().find(|meter| meter.name == name)
    }

    /// The meter `name`, if it is counted by consumption and release.
    ///
    /// # Errors
    /// [`UnknownMeter`] if there is none.
    pub fn consumed_meter(self, name: MeterName) -> Result<Meter, UnknownMeter> {
        self.known_meter(name).and_then(|meter| if meter.is_consumed() { Ok(meter) } else { Err(self.unknown_meter()) })
    }

    /// The meter `name`; the error lists those that are counted by consumption and release.
    ///
    /// # Errors
    /// [`UnknownMeter`] if there is none.
    pub fn known_meter(self, name: MeterName) -> Result<Meter, UnknownMeter> {
        self.meter(name).ok_or_else(|| self.unknown_meter())
    }

    fn unknown_meter(self) -> UnknownMeter {
        UnknownMeter(list(self.consumed().map(|meter| meter.name)))
    }

    /// The smallest plan that is larger than `plan`, is offered, and has a container; `None` if there is none.
    #[must_use]
    pub fn next_with_container(self, plan: Plan) -> Option<PlanName> {
        let fits = |next: &Plan| next.rank > plan.rank && next.sale != Sale::Hidden && next.size.is_some();
        self.iter().find(fits).map(|next| next.name)
    }

    /// The smallest plan that is sold; `None` if all are by contract.
    #[must_use]
    pub fn smallest_sold(self) -> Option<PlanName> {
        self.sold().next().map(|plan| plan.name)
    }

    /// Requests that an API key may send in a minute on `plan`: what its current version says, for former versions as well.
    #[must_use]
    pub fn requests_per_minute(self, plan: Plan) -> u32 {
        self.iter().find(|current| current.name == plan.name).unwrap_or(plan).requests_per_minute
    }

    /// The longest time for which any plan keeps records, in days.
    #[must_use]
    pub fn longest_retention_days(self) -> u32 {
        self.every_version().map(|plan| plan.retention_days).max().unwrap_or_default()
    }
}

impl Plans {
    /// The current version of each add-on.
    pub fn current_addons(self) -> impl Iterator<Item = Addon> {
        self.addons.iter().map(Addon)
    }

    /// The add-ons that customers can buy.
    pub fn sold_addons(self) -> impl Iterator<Item = Addon> {
        self.current_addons().filter(|addon| addon.sale == Sale::Open)
    }

    /// The current version of the add-on `name`; `None` if there is none.
    #[must_use]
    pub fn addon_named(self, name: AddonName) -> Option<Addon> {
        self.current_addons().find(|addon| addon.name == name)
    }

    /// This version of an add-on; `None` if the catalogue does not have it.
    #[must_use]
    pub fn addon(self, addon: AddonVersion) -> Option<Addon> {
        self.addons.iter().chain(self.former_addons).map(Addon).find(|known| known.reference() == addon)
    }

    /// The amount of the price `name`; `None` if there is no such price.
    #[must_use]
    pub fn addon_amount(self, name: AddonPriceName) -> Option<u64> {
        self.addon(name.addon)?.price(name.interval, name.currency)
    }

    /// The add-on that `price` pays for; `None` if it is none of the catalogue.
    #[must_use]
    pub fn addon_paid_by(self, price: &PriceAtStripe) -> Option<AddonPriceName> {
        let name = price.addon()?;
        self.addon(name.addon)?;
        (self.currencies.contains(&name.currency) || self.addon_amount(name).is_some()).then_some(name)
    }
}

/// Writes names for a message.
fn list<N: fmt::Display>(names: impl Iterator<Item = N>) -> String {
    names.map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

impl Deref for Plans {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        self.0
    }
}

impl PartialEq for Plans {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Plans {}

impl fmt::Debug for Plans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
