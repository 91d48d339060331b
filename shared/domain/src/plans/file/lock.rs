//! The record of what was sold (`infra/plans.lock`). `cargo berth plans push` writes it, and the company commits it.
//! Former versions of plans come from it, so that their customers keep them.

use super::known::{Known, leak};
use crate::{
    billing::trial::TrialDays,
    keys::usage::DEFAULT_REQUESTS_PER_MINUTE,
    named,
    plans::{
        addon::AddonTerms,
        catalogue::Plans,
        meter::MeterTerms,
        money::{Currency, Interval, Price},
        names::{AddonName, FeatureName, MeterName, PlanName},
        plan::{PlanTerms, Sale},
        size::Size,
        version::{AddonVersion, PlanVersion, Version},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// First lines of the file.
const HEADER: &str = "\
# What was sold, and the prices at Stripe. `cargo berth plans push` writes this file. Commit it, and do not edit it.

";

/// The content of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The terms of each version of a plan that was sold, by name and version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sold: Vec<Sold>,
    /// The terms of each version of an add-on that was sold, by name and version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sold_addons: Vec<SoldAddon>,
    /// The meters of the catalogue.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meters: BTreeMap<MeterName, LockedMeter>,
    /// Ids of the prices at Stripe, by their name, such as `pro/1/month/usd`, and by account and mode.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accounts: BTreeMap<String, BTreeMap<Mode, BTreeMap<String, String>>>,
}

named! {
    /// Mode of a Stripe account.
    #[derive(PartialOrd, Ord)]
    pub enum Mode {
        /// Nobody pays.
        Test = "test",
        /// Customers pay.
        Live = "live",
    }
}

named! {
    /// Kind of a meter's count.
    pub enum CountKind {
        /// Counts what exists.
        Lasting = "lasting",
        /// Starts again every month.
        Monthly = "monthly",
    }
}

/// What a meter keeps once it was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedMeter {
    /// Kind of its count.
    pub counts: CountKind,
    /// Number of items over which its count is spread.
    pub shards: u8,
}

impl From<&MeterTerms> for LockedMeter {
    fn from(meter: &MeterTerms) -> Self {
        Self { counts: if meter.is_monthly { CountKind::Monthly } else { CountKind::Lasting }, shards: meter.shards }
    }
}

/// The terms of a version of a plan, when it was last pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sold {
    /// The plan.
    pub name: PlanName,
    /// The version.
    pub version: Version,
    title: String,
    description: String,
    retention_days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_stop_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_days: Option<TrialDays>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_seats: Option<u32>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    features: BTreeSet<FeatureName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<Size>,
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    prices: Amounts,
    limits: BTreeMap<MeterName, Limit>,
}

/// The terms of a version of an add-on, when it was last pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoldAddon {
    /// The add-on.
    pub name: AddonName,
    /// The version.
    pub version: Version,
    title: String,
    description: String,
    meter: MeterName,
    amount: u64,
    maximum_quantity: u32,
    prices: Amounts,
}

/// Amounts of prices, by interval and currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Amounts(BTreeMap<Interval, BTreeMap<Currency, u64>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Limit {
    Number(u64),
    Word(Unlimited),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Unlimited {
    #[serde(rename = "unlimited")]
    Unlimited,
}

/// The text is not a lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}; restore the file from the repository's history")]
pub struct InvalidLock {
    /// Number of the line, from 1.
    pub line: usize,
    message: String,
}

impl Lock {
    /// Reads a lock. An empty text is the lock of a company that has sold nothing.
    ///
    /// # Errors
    /// [`InvalidLock`] if the text is none.
    pub fn parse(text: &str) -> Result<Self, InvalidLock> {
        let lock: Self = toml::from_str(text).map_err(|error| {
            let before = text.get(..error.span().unwrap_or_default().start).unwrap_or_default();
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            InvalidLock { line: before.matches('\n').count() + 1, message }
        })?;
        let references: BTreeSet<_> = lock.sold.iter().map(Sold::reference).collect();
        let addons: BTreeSet<_> = lock.sold_addons.iter().map(SoldAddon::reference).collect();
        if references.len() < lock.sold.len() || addons.len() < lock.sold_addons.len() {
            return Err(InvalidLock { line: 1, message: "a version is in the file twice".to_owned() });
        }
        Ok(lock)
    }

    /// Writes the lock.
    ///
    /// # Errors
    /// [`toml::ser::Error`] if a number is too large for TOML, which no checked catalogue has.
    pub fn write(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{HEADER}{}", toml::to_string(self)?))
    }

    /// Records that the current version of each plan and add-on is sold.
    pub fn record(&mut self, plans: Plans) {
        self.meters = plans.meters.iter().map(|meter| (meter.name, meter.into())).collect();
        for terms in plans.plans {
            self.sold.retain(|sold| sold.reference() != PlanVersion { name: terms.name, version: terms.version });
            self.sold.push(Sold::of(plans.meters, terms));
        }
        self.sold.sort_by_key(Sold::reference);
        for terms in plans.addons {
            let addon = SoldAddon::of(terms);
            self.sold_addons.retain(|sold| sold.reference() != addon.reference());
            self.sold_addons.push(addon);
        }
        self.sold_addons.sort_by_key(SoldAddon::reference);
    }
}

impl Amounts {
    fn of(prices: &[Price]) -> Self {
        let mut amounts = BTreeMap::<_, BTreeMap<_, _>>::new();
        for Price { interval, currency, amount } in prices {
            amounts.entry(*interval).or_default().insert(*currency, *amount);
        }
        Self(amounts)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The prices. The first price of an interval is that in the default currency.
    fn prices(&self, known: &Known) -> Vec<Price> {
        let of_interval = |(interval, amounts): (&Interval, &'_ BTreeMap<Currency, u64>)| {
            let interval = *interval;
            let price =
                |(currency, amount): (&Currency, &u64)| Price { interval, currency: *currency, amount: *amount };
            amounts.iter().map(price).collect::<Vec<_>>()
        };
        let mut prices: Vec<_> = self.0.iter().flat_map(of_interval).collect();
        let position = |price: &Price| known.currencies.iter().position(|known| *known == price.currency);
        prices.sort_by_key(|price| (price.interval, position(price).unwrap_or(usize::MAX)));
        prices
    }

    /// The prices that `now` no longer has, as they were sold. Those in a further currency or for a further interval take
    /// nothing from customers.
    fn lost(&self, now: &Self) -> Vec<String> {
        let mut lost = Vec::new();
        for (interval, amounts) in &self.0 {
            for (currency, amount) in amounts {
                if now.0.get(interval).and_then(|now| now.get(currency)) != Some(amount) {
                    lost.push(format!("prices.{interval}.{currency} = {amount}"));
                }
            }
        }
        lost
    }
}

impl SoldAddon {
    /// The terms of an add-on.
    pub(super) fn of(terms: &AddonTerms) -> Self {
        Self {
            name: terms.name,
            version: terms.version,
            title: terms.title.to_owned(),
            description: terms.description.to_owned(),
            meter: terms.meter,
            amount: terms.amount,
            maximum_quantity: terms.maximum_quantity,
            prices: Amounts::of(terms.prices),
        }
    }

    /// Name and version.
    #[must_use]
    pub const fn reference(&self) -> AddonVersion {
        AddonVersion { name: self.name, version: self.version }
    }

    /// The terms in a catalogue with `known`.
    pub(super) fn terms(&self, known: &Known) -> AddonTerms {
        AddonTerms {
            name: self.name,
            version: self.version,
            title: String::leak(self.title.clone()),
            description: String::leak(self.description.clone()),
            sale: Sale::Hidden,
            meter: self.meter,
            amount: self.amount,
            maximum_quantity: self.maximum_quantity,
            prices: leak(self.prices.prices(known)),
        }
    }

    /// The terms that `now` no longer has, as they were sold. The largest quantity concerns only what is bought later.
    pub(super) fn lost(&self, now: &Self) -> Vec<String> {
        let mut lost = self.prices.lost(&now.prices);
        if self.meter != now.meter {
            lost.push(format!("meter = \"{}\"", self.meter));
        }
        if self.amount != now.amount {
            lost.push(format!("amount = {}", self.amount));
        }
        lost
    }
}

impl Sold {
    /// The terms of a plan of a catalogue with these meters.
    pub(super) fn of(meters: &[MeterTerms], terms: &PlanTerms) -> Self {
        let limit = |limit: &Option<u64>| limit.map_or(Limit::Word(Unlimited::Unlimited), Limit::Number);
        Self {
            name: terms.name,
            version: terms.version,
            title: terms.title.to_owned(),
            description: terms.description.to_owned(),
            retention_days: terms.retention_days,
            idle_stop_minutes: terms.idle_stop_minutes,
            trial_days: terms.trial,
            minimum_seats: terms.minimum_seats,
            features: terms.features.iter().copied().collect(),
            container: terms.size,
            prices: Amounts::of(terms.prices),
            limits: meters.iter().map(|meter| meter.name).zip(terms.limits.iter().map(limit)).collect(),
        }
    }

    /// Name and version.
    #[must_use]
    pub const fn reference(&self) -> PlanVersion {
        PlanVersion { name: self.name, version: self.version }
    }

    /// The features that the version turns on.
    pub(super) fn features(&self) -> impl Iterator<Item = FeatureName> {
        self.features.iter().copied()
    }

    /// The terms in a catalogue with `known`, in which the plan has the position `rank`. The limit of a meter that the
    /// version did not have is 0.
    pub(super) fn terms(&self, known: &Known, rank: u16) -> PlanTerms {
        let limit = |meter: &MeterTerms| match self.limits.get(&meter.name) {
            Some(Limit::Number(limit)) => Some(*limit),
            Some(Limit::Word(Unlimited::Unlimited)) => None,
            None => Some(0),
        };
        PlanTerms {
            name: self.name,
            version: self.version,
            rank,
            title: String::leak(self.title.clone()),
            description: String::leak(self.description.clone()),
            is_highlighted: false,
            sale: Sale::Hidden,
            prices: leak(self.prices.prices(known)),
            limits: leak(known.meters.iter().map(limit).collect()),
            features: leak(self.features.iter().copied().collect()),
            retention_days: self.retention_days,
            size: self.container,
            idle_stop_minutes: self.idle_stop_minutes,
            trial: self.trial_days,
            // Not locked: the current version says it.
            requests_per_minute: DEFAULT_REQUESTS_PER_MINUTE,
            minimum_seats: self.minimum_seats,
        }
    }

    /// The terms that `now` no longer has, as they were sold. A price in a further currency, a further interval and the
    /// limit of a new meter take nothing from customers, and the trial is for new ones.
    pub(super) fn lost(&self, now: &Self) -> Vec<String> {
        let optional = |name: &str, value: Option<String>| match value {
            Some(value) => format!("{name} = {value}"),
            None => format!("no {name}"),
        };
        let mut lost = self.prices.lost(&now.prices);
        if self.prices.is_empty() && !now.prices.is_empty() {
            lost.push("no prices".to_owned());
        }
        for (meter, limit) in &self.limits {
            if now.limits.get(meter).is_some_and(|now| now != limit) {
                lost.push(match limit {
                    Limit::Number(number) => format!("{meter} = {number}"),
                    Limit::Word(Unlimited::Unlimited) => format!("{meter} = \"unlimited\""),
                });
            }
        }
        if self.features != now.features {
            let features: Vec<_> = self.features.iter().map(|feature| format!("\"{feature}\"")).collect();
            lost.push(format!("features = [{}]", features.join(", ")));
        }
        if self.retention_days != now.retention_days {
            lost.push(format!("retention_days = {}", self.retention_days));
        }
        if self.container != now.container {
            let container =
                |Size { cpu_units, memory_mib }| format!("{{ cpu_units = {cpu_units}, memory_mib = {memory_mib} }}");
            lost.push(optional("container", self.container.map(container)));
        }
        let numbers = [
            ("idle_stop_minutes", self.idle_stop_minutes, now.idle_stop_minutes),
            ("minimum_seats", self.minimum_seats, now.minimum_seats),
        ];
        for (name, sold, now) in numbers {
            if sold != now {
                lost.push(optional(name, sold.map(|number| number.to_string())));
            }
        }
        lost
    }
}
