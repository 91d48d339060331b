//! Names of prices: what they sell, the interval and the currency.

use super::stamp::{ADDON_KEY, PLAN_KEY, Stamp, VERSION_KEY};
use crate::plans::{
    money::{Currency, Interval},
    version::{AddonVersion, PlanVersion, Version, Versioned},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Start of every lookup key of Berth.
const PREFIX: &str = "berth:";

/// Start of the name of an add-on's price.
const ADDON: &str = "addon:";

/// The plan, version, interval and currency of a price. Written as `pro/1/month/usd`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PriceName {
    /// The plan and its version.
    pub plan: PlanVersion,
    /// The billing interval.
    pub interval: Interval,
    /// The currency.
    pub currency: Currency,
}

/// The add-on, version, interval and currency of a price. Written as `addon:storage/1/month/usd`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddonPriceName {
    /// The add-on and its version.
    pub addon: AddonVersion,
    /// The billing interval.
    pub interval: Interval,
    /// The currency.
    pub currency: Currency,
}

/// The name of any price of Berth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriceKey {
    /// A price of a plan.
    Plan(PriceName),
    /// A price of an add-on.
    Addon(AddonPriceName),
}

/// The text is not the name of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a plan, a version, an interval and a currency, such as pro/1/month/usd")]
pub struct InvalidPriceName;

impl PriceName {
    /// The lookup key of the price that is sold.
    #[must_use]
    pub fn lookup_key(self) -> String {
        PriceKey::Plan(self).lookup_key()
    }
}

impl PriceKey {
    /// The lookup key of the price that is sold. One price of an account has it.
    /// <https://docs.stripe.com/api/prices/object#price_object-lookup_key>
    #[must_use]
    pub fn lookup_key(self) -> String {
        format!("{PREFIX}{self}")
    }

    /// The name in a lookup key. `None` if the key is not Berth's, `Some(None)` if it is Berth's and has no name that Berth
    /// knows.
    pub(super) fn in_lookup_key(key: &str) -> Option<Option<Self>> {
        Some(key.strip_prefix(PREFIX)?.parse().ok())
    }

    /// The price per `interval` in `currency` of what metadata says.
    #[must_use]
    pub const fn stamped(stamp: Stamp, (interval, currency): (Interval, Currency)) -> Option<Self> {
        match stamp {
            Stamp::Plan(plan) => Some(Self::Plan(PriceName { plan, interval, currency })),
            Stamp::Addon(addon) => Some(Self::Addon(AddonPriceName { addon, interval, currency })),
            Stamp::None | Stamp::Unreadable => None,
        }
    }

    /// The metadata of the price.
    #[must_use]
    pub fn metadata(self) -> [(&'static str, String); 2] {
        let (key, name, version) = match self {
            Self::Plan(PriceName { plan, .. }) => (PLAN_KEY, plan.name.to_string(), plan.version),
            Self::Addon(AddonPriceName { addon, .. }) => (ADDON_KEY, addon.name.to_string(), addon.version),
        };
        [(key, name), (VERSION_KEY, version.get().to_string())]
    }

    /// What the metadata of the price says.
    #[must_use]
    pub const fn stamp(self) -> Stamp {
        match self {
            Self::Plan(PriceName { plan, .. }) => Stamp::Plan(plan),
            Self::Addon(AddonPriceName { addon, .. }) => Stamp::Addon(addon),
        }
    }

    /// The version of the plan or add-on.
    #[must_use]
    pub const fn version(self) -> Version {
        match self {
            Self::Plan(PriceName { plan, .. }) => plan.version,
            Self::Addon(AddonPriceName { addon, .. }) => addon.version,
        }
    }

    /// The interval and the currency.
    #[must_use]
    pub const fn terms(self) -> (Interval, Currency) {
        match self {
            Self::Plan(PriceName { interval, currency, .. })
            | Self::Addon(AddonPriceName { interval, currency, .. }) => (interval, currency),
        }
    }
}

/// Reads a version, an interval and a currency.
fn parts<N: FromStr>(text: &str) -> Option<(Versioned<N>, Interval, Currency)> {
    let parts: Vec<_> = text.split('/').collect();
    let [name, number, interval, currency] = parts.as_slice() else { return None };
    Some((Versioned::stamped(name, number)?, interval.parse().ok()?, currency.parse().ok()?))
}

impl FromStr for PriceName {
    type Err = InvalidPriceName;

    fn from_str(text: &str) -> Result<Self, InvalidPriceName> {
        let (plan, interval, currency) = parts(text).ok_or(InvalidPriceName)?;
        Ok(Self { plan, interval, currency })
    }
}

impl FromStr for AddonPriceName {
    type Err = InvalidPriceName;

    fn from_str(text: &str) -> Result<Self, InvalidPriceName> {
        let (addon, interval, currency) = text.strip_prefix(ADDON).and_then(parts).ok_or(InvalidPriceName)?;
        Ok(Self { addon, interval, currency })
    }
}

impl FromStr for PriceKey {
    type Err = InvalidPriceName;

    fn from_str(text: &str) -> Result<Self, InvalidPriceName> {
        text.parse().map(Self::Plan).or_else(|_| text.parse().map(Self::Addon))
    }
}

impl fmt::Display for PriceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan: Versioned { name, version }, interval, currency } = self;
        write!(f, "{name}/{}/{interval}/{currency}", version.get())
    }
}

impl fmt::Display for AddonPriceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { addon: Versioned { name, version }, interval, currency } = self;
        write!(f, "{ADDON}{name}/{}/{interval}/{currency}", version.get())
    }
}

impl fmt::Display for PriceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(name) => name.fmt(f),
            Self::Addon(name) => name.fmt(f),
        }
    }
}

/// Implements what serde and `Debug` need for types that are written as text.
macro_rules! text {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidPriceName;

            fn try_from(text: String) -> Result<Self, InvalidPriceName> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.to_string()
            }
        }
    )+};
}

text!(PriceName, AddonPriceName, PriceKey);
