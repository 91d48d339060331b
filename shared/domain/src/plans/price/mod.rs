//! Identity of prices at Stripe. A price says in its metadata and in its lookup key which version of a plan or add-on it
//! sells; the interval and the currency are its own. See `docs/plans.md`.

mod name;
mod stamp;

use super::money::{Currency, Interval};
pub use name::{AddonPriceName, InvalidPriceName, PriceKey, PriceName};
pub use stamp::{ADDON_KEY, PLAN_KEY, Stamp, VERSION_KEY};

/// The interval and the currency of a price that repeats every `count` intervals; `None` if Berth sells no such prices.
#[must_use]
pub fn terms(interval: &str, count: u64, currency: &str) -> Option<(Interval, Currency)> {
    (count == 1).then_some((interval.parse().ok()?, currency.parse().ok()?))
}

/// True if Berth writes such lookup keys.
#[must_use]
pub fn is_lookup_key(key: &str) -> bool {
    PriceKey::in_lookup_key(key).is_some()
}

/// What a price at Stripe sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sells {
    /// A version of a plan. The catalogue may not have it.
    Plan(PriceName),
    /// A version of an add-on. The catalogue may not have it.
    Addon(AddonPriceName),
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
        let of_stamp = terms.and_then(|terms| PriceKey::stamped(stamp, terms));
        let named = match (stamp, lookup_key.and_then(PriceKey::in_lookup_key)) {
            (Stamp::None, None) => return Self::Other,
            (Stamp::Unreadable, _) => None,
            (Stamp::Plan(_) | Stamp::Addon(_), None) => of_stamp,
            (Stamp::Plan(_) | Stamp::Addon(_), Some(of_key)) => of_stamp.filter(|name| of_key == Some(*name)),
            (Stamp::None, Some(of_key)) => of_key.filter(|name| terms == Some(name.terms())),
        };
        match named {
            Some(PriceKey::Plan(name)) => Self::Plan(name),
            Some(PriceKey::Addon(name)) => Self::Addon(name),
            None => Self::Unclear,
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

    /// The add-on that it sells, if it sells one.
    #[must_use]
    pub const fn addon(&self) -> Option<AddonPriceName> {
        match self.sells {
            Sells::Addon(name) => Some(name),
            Sells::Plan(_) | Sells::Other | Sells::Unclear => None,
        }
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

/// The price at which an add-on is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldAddonPrice {
    /// Stripe's id of the price.
    pub id: String,
    /// What it sells.
    pub name: AddonPriceName,
}

/// A price for tests, as its id `price_pro_month` says; any other id is not Berth's.
#[cfg(test)]
pub(crate) fn price(id: &str) -> PriceAtStripe {
    use super::version::PlanVersion;
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
            assert_eq!(sells(&storage, key, MONTHLY), "Addon(addon:storage/3/month/usd)");
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
