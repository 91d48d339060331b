//! Identity of prices at Stripe. A price says in its metadata and in its lookup key which version of a plan it sells; the
//! interval and the currency are its own. See `docs/plans.md`.

use super::{
    money::{Currency, Interval},
    names::AddonName,
    version::{PlanVersion, Version},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Metadata key of the plan.
pub const PLAN_KEY: &str = "berth_plan";

/// Metadata key of the version.
pub const VERSION_KEY: &str = "berth_version";

/// Metadata key of the add-on.
pub const ADDON_KEY: &str = "berth_addon";

/// Start of every lookup key of Berth.
const PREFIX: &str = "berth:";

/// Start of every lookup key of an add-on.
const ADDON_PREFIX: &str = "berth:addon:";

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

/// The text is not the name of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a plan, a version, an interval and a currency, such as pro/1/month/usd")]
pub struct InvalidPriceName;

impl PriceName {
    /// The lookup key of the price that is sold. One price of an account has it.
    /// <https://docs.stripe.com/api/prices/object#price_object-lookup_key>
    #[must_use]
    pub fn lookup_key(&self) -> String {
        format!("{PREFIX}{self}")
    }
}

impl FromStr for PriceName {
    type Err = InvalidPriceName;

    fn from_str(text: &str) -> Result<Self, InvalidPriceName> {
        let parts: Vec<_> = text.split('/').collect();
        let [name, number, interval, currency] = parts.as_slice() else { return Err(InvalidPriceName) };
        let plan = stamped(name, number).ok_or(InvalidPriceName)?;
        let interval = interval.parse().map_err(|_| InvalidPriceName)?;
        Ok(Self { plan, interval, currency: currency.parse().map_err(|_| InvalidPriceName)? })
    }
}

impl TryFrom<String> for PriceName {
    type Error = InvalidPriceName;

    fn try_from(text: String) -> Result<Self, InvalidPriceName> {
        text.parse()
    }
}

impl From<PriceName> for String {
    fn from(name: PriceName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for PriceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PlanVersion { name, version } = self.plan;
        write!(f, "{name}/{}/{}/{}", version.get(), self.interval, self.currency)
    }
}

impl fmt::Debug for PriceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// True if Berth writes such lookup keys for prices of plans.
#[must_use]
pub fn is_lookup_key_of_plan(key: &str) -> bool {
    key.starts_with(PREFIX) && !key.starts_with(ADDON_PREFIX)
}

/// The interval and the currency of a price that repeats every `count` intervals; `None` if Berth sells no such prices.
#[must_use]
pub fn terms(interval: &str, count: u64, currency: &str) -> Option<(Interval, Currency)> {
    (count == 1).then_some((interval.parse().ok()?, currency.parse().ok()?))
}

/// The version `number` of the plan `name`.
fn stamped(name: &str, number: &str) -> Option<PlanVersion> {
    Some(PlanVersion { name: name.parse().ok()?, version: Version::read(number)? })
}

/// What the metadata of a price says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// Nothing of Berth.
    None,
    /// A version of a plan.
    Plan(PlanVersion),
    /// A version of an add-on.
    Addon(AddonName, Version),
    /// Something that Berth did not write.
    Unreadable,
}

impl Stamp {
    /// Reads the metadata, of which `value` returns the value of a key.
    pub fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Self {
        let stamp = match (value(PLAN_KEY), value(ADDON_KEY), value(VERSION_KEY)) {
            (None, None, None) => Some(Self::None),
            (Some(name), None, Some(number)) => stamped(name, number).map(Self::Plan),
            (None, Some(name), Some(number)) => {
                name.parse().ok().zip(Version::read(number)).map(|(name, version)| Self::Addon(name, version))
            }
            _ => None,
        };
        stamp.unwrap_or(Self::Unreadable)
    }
}

/// What a price at Stripe sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sells {
    /// A version of a plan. The catalogue may not have it.
    Plan(PriceName),
    /// An add-on.
    Addon(AddonName, Version),
    /// Something of the company that Berth does not know.
    Other,
    /// Metadata and lookup key of Berth contradict each other, or the price is no amount by the month or year.
    Unclear,
}

impl Sells {
    /// What a price with this metadata and lookup key sells. `terms` are its interval and currency, if Berth sells such
    /// prices. One of the two is enough: an adopted price has no lookup key of Berth, and metadata can be lost.
    #[must_use]
    pub fn of(stamp: Stamp, lookup_key: Option<&str>, terms: Option<(Interval, Currency)>) -> Self {
        let key = lookup_key.filter(|key| key.starts_with(PREFIX));
        let named = |plan: PlanVersion| terms.map(|(interval, currency)| PriceName { plan, interval, currency });
        let plan_of_key = || key?.strip_prefix(PREFIX)?.parse::<PriceName>().ok();
        match (stamp, key) {
            (Stamp::None, None) => Self::Other,
            (Stamp::Addon(name, version), key) => {
                let prefix = format!("{ADDON_PREFIX}{name}/{}/", version.get());
                if key.is_none_or(|key| key.starts_with(&prefix)) { Self::Addon(name, version) } else { Self::Unclear }
            }
            (Stamp::Plan(plan), None) => named(plan).map_or(Self::Unclear, Self::Plan),
            (Stamp::Plan(plan), Some(_)) => {
                named(plan).filter(|name| plan_of_key() == Some(*name)).map_or(Self::Unclear, Self::Plan)
            }
            (Stamp::None, Some(_)) => {
                plan_of_key().filter(|name| named(name.plan) == Some(*name)).map_or(Self::Unclear, Self::Plan)
            }
            (Stamp::Unreadable, _) => Self::Unclear,
        }
    }
}

/// A price at Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceAtStripe {
    /// Its id.
    pub id: String,
    /// What it sells.
    pub sells: Sells,
}

impl PriceAtStripe {
    /// A price of which only the id is known.
    #[must_use]
    pub const fn unknown(id: String) -> Self {
        Self { id, sells: Sells::Other }
    }

    /// True if it pays for the same as `sold`: it is the same price, or an adopted one of the same plan.
    #[must_use]
    pub fn is_like(&self, sold: &SoldPrice) -> bool {
        self.id == sold.id || self.sells == Sells::Plan(sold.name)
    }
}

/// The quantity of orders and pages that were stored before seats were sold.
pub(crate) const fn once() -> u64 {
    1
}

/// The price at which a plan is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldPrice {
    /// Stripe's id of the price.
    pub id: String,
    /// What it sells.
    pub name: PriceName,
}

/// A price for tests, as its id `price_pro_month` says; any other id is not Berth's.
#[cfg(test)]
pub(crate) fn price(id: &str) -> PriceAtStripe {
    let name = id.strip_prefix("price_").and_then(|rest| rest.split_once('_')).and_then(|(plan, interval)| {
        let (plan, interval) = (PlanVersion::first(plan.parse().ok()?), interval.parse().ok()?);
        Some(PriceName { plan, interval, currency: Currency::USD })
    });
    PriceAtStripe { id: id.to_owned(), sells: name.map_or(Sells::Other, Sells::Plan) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::plans;

    const MONTHLY: Option<(Interval, Currency)> = Some((Interval::Month, Currency::USD));

    fn sells(metadata: &[(&str, &str)], key: Option<&str>, terms: Option<(Interval, Currency)>) -> String {
        let value = |key: &str| metadata.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        format!("{:?}", Sells::of(Stamp::read(value), key, terms))
    }

    fn pro(version: &str) -> [(&str, &str); 2] {
        [("berth_plan", "pro"), ("berth_version", version)]
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        let name: PriceName = "pro/2/year/eur".parse().unwrap();
        assert_eq!((name.to_string(), name.lookup_key()), ("pro/2/year/eur".into(), "berth:pro/2/year/eur".into()));
        for text in [
            "",
            "pro/month/usd",
            "pro/0/month/usd",
            "pro/01/month/usd",
            "pro/1/week/usd",
            "pro/1/month/USD",
            "pro/1/month/usd/",
        ] {
            assert_eq!(text.parse::<PriceName>(), Err(InvalidPriceName), "{text}");
        }
    }

    #[test]
    fn metadata_or_lookup_key_say_what_a_price_sells() {
        let key = Some("berth:pro/1/month/usd");
        for (metadata, key) in [(&pro("1")[..], key), (&pro("1")[..], None), (&[], key), (&pro("1")[..], Some("gold"))]
        {
            assert_eq!(sells(metadata, key, MONTHLY), "Plan(pro/1/month/usd)");
        }
        assert_eq!(sells(&pro("2"), None, Some((Interval::Year, Currency::literal("jpy")))), "Plan(pro/2/year/jpy)");
        assert_eq!(sells(&[("note", "ours")], Some("gold"), MONTHLY), "Other");
        let storage = [("berth_addon", "storage"), ("berth_version", "3")];
        for key in [None, Some("berth:addon:storage/3/month/usd")] {
            assert_eq!(sells(&storage, key, MONTHLY), "Addon(storage, Version(3))");
        }
    }

    #[test]
    fn contradictions_are_unclear() {
        for key in [
            "berth:pro/2/month/usd",
            "berth:starter/1/month/usd",
            "berth:pro/1/year/usd",
            "berth:pro/1/month/eur",
            "berth:x",
        ] {
            assert_eq!(sells(&pro("1"), Some(key), MONTHLY), "Unclear", "{key}");
        }
        for number in ["0", "01", "-1", "x", "", "65536"] {
            assert_eq!(sells(&pro(number), None, MONTHLY), "Unclear", "{number}");
        }
        assert_eq!(sells(&pro("1"), None, None), "Unclear", "by the week");
        assert_eq!(sells(&[("berth_plan", "pro")], None, MONTHLY), "Unclear");
        assert_eq!(sells(&[], Some("berth:pro/1/year/usd"), MONTHLY), "Unclear");
        let both = [("berth_plan", "pro"), ("berth_addon", "storage"), ("berth_version", "1")];
        assert_eq!(sells(&both, None, MONTHLY), "Unclear");
        let storage = [("berth_addon", "storage"), ("berth_version", "3")];
        assert_eq!(sells(&storage, Some("berth:pro/3/month/usd"), MONTHLY), "Unclear");
    }

    #[test]
    fn prices_that_the_catalogue_does_not_have_pay_for_nothing() {
        let pays = |name: &str| {
            let price = PriceAtStripe { id: "price_1".to_owned(), sells: Sells::Plan(name.parse().unwrap()) };
            plans().paid_by(&price).map(|name| name.to_string())
        };
        assert_eq!(pays("pro/1/month/usd").as_deref(), Some("pro/1/month/usd"));
        // Another version, another plan, another currency.
        for name in ["pro/9/month/usd", "gold/1/month/usd", "pro/1/month/chf"] {
            assert_eq!(pays(name), None, "{name}");
        }
        assert_eq!(plans().paid_by(&PriceAtStripe::unknown("price_1".to_owned())), None);
    }
}
