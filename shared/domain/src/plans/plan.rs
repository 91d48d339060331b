//! Plans: what a customer buys. Each version has its own terms.

use super::{
    money::{Currency, Interval, Price},
    names::{FeatureName, PlanName},
    price::PriceName,
    size::Size,
    version::{PlanVersion, Version},
};
use crate::billing::trial::TrialDays;
use jiff::SignedDuration;
use std::{fmt, ops::Deref};

/// The terms of a version of a plan.
#[derive(Debug, PartialEq, Eq)]
pub struct PlanTerms {
    /// Name in requests, answers and the table.
    pub name: PlanName,
    /// The version that these terms are of.
    pub version: Version,
    /// Position among the plans, from 0 for the smallest. Versions of a plan share it.
    pub rank: u16,
    /// Title for customers.
    pub title: &'static str,
    /// One sentence for customers.
    pub description: &'static str,
    /// True if pricing pages highlight the plan.
    pub is_highlighted: bool,
    /// The way in which the plan is sold.
    pub sale: Sale,
    /// Prices, by interval and currency. None for a plan that costs nothing or is sold by contract.
    pub prices: &'static [Price],
    /// Limits in the order of the catalogue's meters. `None` is unlimited.
    pub limits: &'static [Option<u64>],
    /// The features that the plan turns on.
    pub features: &'static [FeatureName],
    /// Number of days for which records are kept.
    pub retention_days: u32,
    /// Size of the container; `None` if the plan has no container.
    pub size: Option<Size>,
    /// Minutes after which an idle container stops; `None` if it never does.
    pub idle_stop_minutes: Option<u32>,
    /// Length of the trial that every customer may have once.
    pub trial: Option<TrialDays>,
    /// Requests that an API key may send in a minute. It is no term of a sale, so it can change at any time.
    pub requests_per_minute: u32,
    /// Smallest number of seats that are paid; `None` if the price does not depend on the number of members.
    pub minimum_seats: Option<u32>,
}

/// The way in which a plan is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    /// Customers can buy it, or have it without paying.
    Open,
    /// Customers who have it keep it. It is not shown and cannot be bought.
    Hidden,
    /// The operator agrees it with a customer.
    Contract,
}

/// A version of a plan, with its terms.
#[derive(Clone, Copy)]
pub struct Plan(pub(super) &'static PlanTerms);

impl Plan {
    /// Name and version.
    #[must_use]
    pub const fn reference(self) -> PlanVersion {
        PlanVersion { name: self.0.name, version: self.0.version }
    }

    /// True if customers can buy it.
    #[must_use]
    pub const fn is_sold(self) -> bool {
        match self.0.sale {
            Sale::Open => !self.0.prices.is_empty(),
            Sale::Hidden | Sale::Contract => false,
        }
    }

    /// True if the price is for each seat.
    #[must_use]
    pub fn is_per_seat(self) -> bool {
        self.minimum_seats.is_some()
    }

    /// Number of prices that a workspace with `members` active members pays: its seats, or 1 if the price does not depend
    /// on them.
    #[must_use]
    pub fn quantity(self, members: u64) -> u64 {
        self.minimum_seats.map_or(1, |minimum| members.max(minimum.into()))
    }

    /// Idle time after which a runtime stops; `None` if it never does.
    #[must_use]
    pub fn idle_stop(self) -> Option<SignedDuration> {
        self.idle_stop_minutes.map(|minutes| SignedDuration::from_mins(minutes.into()))
    }

    /// True if customers can buy it by `interval`.
    #[must_use]
    pub fn is_sold_by(self, interval: Interval) -> bool {
        self.is_sold() && self.prices.iter().any(|price| price.interval == interval)
    }

    /// The name of its price per `interval` in `currency`; `None` if it has none.
    #[must_use]
    pub fn price(self, interval: Interval, currency: Currency) -> Option<PriceName> {
        let is_sold = |price: &Price| (price.interval, price.currency) == (interval, currency);
        self.prices.iter().any(is_sold).then(|| PriceName { plan: self.reference(), interval, currency })
    }
}

impl Deref for Plan {
    type Target = PlanTerms;

    fn deref(&self) -> &PlanTerms {
        self.0
    }
}

impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.reference() == other.reference()
    }
}

impl Eq for Plan {}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reference())
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}
