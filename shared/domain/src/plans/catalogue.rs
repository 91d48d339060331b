//! Maps plans to Stripe prices and back.

use crate::plans::plan::{Interval, Plan};
use std::collections::BTreeMap;

/// The plans that are sold.
pub const SOLD: [Plan; 3] = [Plan::Starter, Plan::Pro, Plan::Business];

/// The configured prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    sold: BTreeMap<(Plan, Interval), String>,
    known: BTreeMap<String, (Plan, Interval)>,
}

/// Reasons why the prices are not a valid catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// A plan has no price.
    #[error("{} by the {} has no price; configure one", plan.name(), interval.name())]
    NoPrice {
        /// The plan.
        plan: Plan,
        /// The billing interval without a price.
        interval: Interval,
    },
    /// The text is not the id of a price.
    #[error("`{0}` is not a price id; price ids begin with price_")]
    NoId(String),
    /// One price is configured for two plans or intervals.
    #[error("the price `{0}` is configured twice; configure each price for one plan and interval")]
    Ambiguous(String),
}

impl Catalogue {
    /// Builds the catalogue. `prices` returns, for each plan that is sold and each interval, the ids of its prices,
    /// separated by commas. The first is sold; the others are former prices that existing customers still pay.
    ///
    /// # Errors
    /// [`CatalogueError`] if a plan has no price, a text is not a price id, or a price is configured twice.
    pub fn new(prices: impl Fn(Plan, Interval) -> String) -> Result<Self, CatalogueError> {
        let (mut sold, mut known) = (BTreeMap::new(), BTreeMap::new());
        for (plan, interval) in SOLD.into_iter().flat_map(|plan| Interval::ALL.map(|interval| (plan, interval))) {
            let ids = prices(plan, interval);
            let ids: Vec<_> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
            let first = ids.first().ok_or(CatalogueError::NoPrice { plan, interval })?;
            sold.insert((plan, interval), (*first).to_owned());
            for id in ids {
                if !id.starts_with("price_") || id.contains(char::is_whitespace) {
                    return Err(CatalogueError::NoId(id.to_owned()));
                }
                if known.insert(id.to_owned(), (plan, interval)).is_some() {
                    return Err(CatalogueError::Ambiguous(id.to_owned()));
                }
            }
        }
        Ok(Self { sold, known })
    }

    /// The price at which `plan` is sold; `None` if it is not.
    #[must_use]
    pub fn price(&self, plan: Plan, interval: Interval) -> Option<&str> {
        self.sold.get(&(plan, interval)).map(String::as_str)
    }

    /// The plan and interval that `price` pays for; `None` if it is unknown.
    #[must_use]
    pub fn plan_of_price(&self, price: &str) -> Option<(Plan, Interval)> {
        self.known.get(price).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn id(plan: Plan, interval: Interval) -> String {
        format!("price_{}_{}", plan.name(), interval.name())
    }

    #[test]
    fn current_and_former_prices_have_a_plan() {
        let catalogue = Catalogue::new(|plan, interval| format!("{0}, {0}_old", id(plan, interval))).unwrap();
        assert_eq!(catalogue.price(Plan::Pro, Interval::Year), Some("price_pro_year"));
        assert_eq!(catalogue.plan_of_price("price_pro_year_old"), Some((Plan::Pro, Interval::Year)));
        assert_eq!(
            (catalogue.price(Plan::Free, Interval::Month), catalogue.plan_of_price("price_other")),
            (None, None)
        );
    }

    #[track_caller]
    fn check(prices: impl Fn(Plan, Interval) -> String, wanted: Expect) {
        wanted.assert_eq(&Catalogue::new(prices).unwrap_err().to_string());
    }

    #[test]
    fn incomplete_and_ambiguous_prices_are_refused() {
        check(|_, _| String::new(), expect!["starter by the month has no price; configure one"]);
        check(
            |_, _| "price_1".to_owned(),
            expect!["the price `price_1` is configured twice; configure each price for one plan and interval"],
        );
        check(|_, _| "prod_1".to_owned(), expect!["`prod_1` is not a price id; price ids begin with price_"]);
        check(
            |plan, interval| id(plan, interval).replace('_', " "),
            expect!["`price starter month` is not a price id; price ids begin with price_"],
        );
    }
}
