//! Add-ons: more of one meter, in addition to a plan.

use super::{
    money::{Currency, Interval, Price},
    names::{AddonName, MeterName},
    plan::Sale,
    version::{AddonVersion, Version, Versioned},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Deref};

/// The definition of an add-on in the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct AddonTerms {
    /// Name in requests, answers and the table.
    pub name: AddonName,
    /// The version that these terms are of.
    pub version: Version,
    /// Title for customers.
    pub title: &'static str,
    /// One sentence for customers.
    pub description: &'static str,
    /// The way in which it is sold. There are no add-ons by contract, because a contract has limits of its own.
    pub sale: Sale,
    /// The meter whose limit it raises.
    pub meter: MeterName,
    /// The amount by which each unit raises the limit.
    pub amount: u64,
    /// Largest number of units that a workspace can have.
    pub maximum_quantity: u32,
    /// Prices of a unit, by interval and currency.
    pub prices: &'static [Price],
}

/// A version of an add-on, with its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addon(pub(super) &'static AddonTerms);

/// The add-ons that a subscription pays for, with their numbers of units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HeldAddons(BTreeMap<AddonVersion, u64>);

impl Addon {
    /// Name and version.
    #[must_use]
    pub const fn reference(self) -> AddonVersion {
        Versioned { name: self.0.name, version: self.0.version }
    }

    /// The amount of its price per `interval` in `currency`; `None` if it has none.
    #[must_use]
    pub fn price(self, interval: Interval, currency: Currency) -> Option<u64> {
        let fits = |price: &&Price| (price.interval, price.currency) == (interval, currency);
        self.prices.iter().find(fits).map(|price| price.amount)
    }
}

impl Deref for Addon {
    type Target = AddonTerms;

    fn deref(&self) -> &AddonTerms {
        self.0
    }
}

impl HeldAddons {
    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The versions with their numbers of units.
    pub fn iter(&self) -> impl Iterator<Item = (AddonVersion, u64)> {
        self.0.iter().map(|(addon, quantity)| (*addon, *quantity))
    }

    /// Number of units of the add-on `name`, in all its versions.
    #[must_use]
    pub fn quantity(&self, name: AddonName) -> u64 {
        self.iter().filter(|(addon, _)| addon.name == name).fold(0, |sum, (_, quantity)| sum.saturating_add(quantity))
    }

    /// The version of the add-on `name`; `None` without one. Of several, the newest.
    #[must_use]
    pub fn version(&self, name: AddonName) -> Option<AddonVersion> {
        self.iter().map(|(addon, _)| addon).filter(|addon| addon.name == name).last()
    }

    /// The add-ons with `quantity` units of `addon`. Customers of an earlier version keep it.
    #[must_use]
    pub fn with(&self, addon: Addon, quantity: u64) -> Self {
        let version = self.version(addon.name).unwrap_or_else(|| addon.reference());
        let others = self.iter().filter(|(held, _)| held.name != addon.name);
        others.chain([(version, quantity)]).collect()
    }
}

/// Without the add-ons that have no units.
impl FromIterator<(AddonVersion, u64)> for HeldAddons {
    fn from_iter<I: IntoIterator<Item = (AddonVersion, u64)>>(addons: I) -> Self {
        let mut held = BTreeMap::<_, u64>::new();
        for (addon, quantity) in addons.into_iter().filter(|(_, quantity)| *quantity > 0) {
            let units = held.entry(addon).or_default();
            *units = units.saturating_add(quantity);
        }
        Self(held)
    }
}
