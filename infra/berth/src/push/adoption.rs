//! Adoption of prices that were sold before: they get the metadata of a plan, so that their customers have it.

use super::{
    step::{Mark, Step},
    words::{self, version},
};
use crate::stripe::{Inventory, Price};
use domain::plans::{
    catalogue::Plans,
    money::Interval,
    price::{PriceKey, PriceName, Stamp},
    version::PlanVersion,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

/// A price to adopt, and the version whose customers pay it. Written as `price_1=pro/month/1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// Id of the price.
    pub price: String,
    /// The plan and its version.
    pub plan: PlanVersion,
    /// The billing interval.
    pub interval: Interval,
}

/// The text is not an adoption.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a price, a plan, an interval and a version, such as price_1=pro/month/1")]
pub struct InvalidAdoption;

impl FromStr for Adoption {
    type Err = InvalidAdoption;

    fn from_str(text: &str) -> Result<Self, InvalidAdoption> {
        let (price, target) = text.split_once('=').ok_or(InvalidAdoption)?;
        let mut parts = target.split('/');
        let (Some(name), Some(interval), Some(number), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidAdoption);
        };
        // Prices that were made as plans, which Stripe had before prices, have ids of the company's choice.
        let is_id =
            !price.is_empty() && price.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        let plan = format!("{name}/{number}").parse().map_err(|_| InvalidAdoption)?;
        let interval = interval.parse().map_err(|_| InvalidAdoption)?;
        if is_id { Ok(Self { price: price.to_owned(), plan, interval }) } else { Err(InvalidAdoption) }
    }
}

/// The adoptions, as changes of prices.
#[derive(Debug, Default)]
pub(super) struct Adopted<'a> {
    /// Changes of prices.
    pub(super) steps: Vec<Step>,
    /// The prices that get a lookup key, by lookup key.
    pub(super) sold: BTreeMap<String, &'a Price>,
    /// Ids of the adopted prices.
    pub(super) ids: BTreeSet<&'a str>,
}

/// Checks the adoptions and returns their changes; adds to `problems` what does not fit.
pub(super) fn adopt<'a>(
    plans: Plans,
    inventory: &'a Inventory,
    adoptions: &'a [Adoption],
    problems: &mut Vec<String>,
) -> Adopted<'a> {
    let mut adopted = Adopted::default();
    for Adoption { price: id, plan, interval } in adoptions {
        let reference = version(*plan);
        let found = inventory.prices.iter().find(|price| price.id == *id);
        let problem = |text: String| format!("--adopt {id}: {text}");
        let Some(price) = found else {
            let (account, mode) = (&inventory.account, inventory.mode);
            problems.push(problem(format!("the account {account} has no such recurring price in {mode} mode")));
            continue;
        };
        if plans.version(*plan).is_none() {
            problems.push(problem(format!("the catalogue has no {reference}; adopt it for one that it has")));
            continue;
        }
        let currency = match price.terms() {
            Some((paid, currency)) if paid == *interval && plans.currencies.contains(&currency) => currency,
            Some((paid, _)) if paid == *interval => {
                let currency = &price.currency;
                problems.push(problem(format!(
                    "it is in {currency}, which is not among the catalogue's currencies; add it"
                )));
                continue;
            }
            Some(_) | None => {
                problems.push(problem(format!("it costs {}, not an amount by the {interval}", price.words())));
                continue;
            }
        };
        if !adopted.ids.insert(id) {
            problems.push(problem("it is given twice; give it once".to_owned()));
            continue;
        }
        let mut marks = Vec::new();
        let name = PriceName { plan: *plan, interval: *interval, currency };
        let key = PriceKey::Plan(name);
        match price.stamp() {
            Stamp::None => marks.push(Mark::Metadata(key)),
            Stamp::Plan(stamped) if stamped == *plan => {}
            stamped @ (Stamp::Plan(_) | Stamp::Addon(_)) => {
                problems.push(problem(format!("it is a price of {} already", words::of(stamped))));
                continue;
            }
            Stamp::Unreadable => {
                problems.push(problem("it has other metadata of Berth; correct that in Stripe's dashboard".to_owned()));
                continue;
            }
        }
        let lookup_key = key.lookup_key();
        let has_other_key = price.lookup_key.as_ref().is_some_and(|own| *own != lookup_key);
        if has_other_key && price.lookup_key_of_berth().is_some() {
            let own = price.lookup_key.as_deref().unwrap_or_default();
            problems.push(problem(format!("it has the lookup key {own}; adopt it for that, or remove the key")));
            continue;
        }
        let is_taken = adopted.sold.contains_key(&lookup_key)
            || inventory.prices.iter().any(|other| other.lookup_key.as_ref() == Some(&lookup_key));
        let is_open =
            price.active && inventory.products.iter().any(|product| product.id == price.product && product.active);
        let is_sold = is_open && price.unit_amount.is_some() && price.unit_amount == plans.amount(name);
        if is_sold && !is_taken && price.lookup_key.is_none() {
            adopted.sold.insert(lookup_key, price);
            marks.push(Mark::LookupKey(key));
        }
        adopted.steps.extend(Step::mark(price, &marks));
    }
    adopted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adoptions_name_price_plan_interval_and_version() {
        let adoption: Adoption = "price_1Ab=pro/month/2".parse().unwrap();
        assert_eq!(
            (adoption.price.as_str(), adoption.plan.to_string(), adoption.interval),
            ("price_1Ab", "pro/2".into(), Interval::Month)
        );
        assert_eq!("gold-plan=pro/year/1".parse::<Adoption>().unwrap().price, "gold-plan");
        for text in [
            "",
            "price_1",
            "price_1=pro",
            "price_1=pro/month",
            "price_1=pro/1/month",
            "=pro/month/1",
            "price_1=pro/month/1/usd",
            "price_1=pro/month/0",
            "price_1=Pro/month/1",
            "a/b=pro/month/1",
            "a b=pro/month/1",
        ] {
            assert_eq!(text.parse::<Adoption>(), Err(InvalidAdoption), "{text}");
        }
    }
}
