//! Which of Stripe's prices stands for which plan.

use crate::plans::plan::{Interval, Plan};
use std::collections::BTreeMap;

/// What can be bought.
pub const SOLD: [Plan; 3] = [Plan::Starter, Plan::Pro, Plan::Business];

/// The prices that were configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    sold: BTreeMap<(Plan, Interval), String>,
    known: BTreeMap<String, (Plan, Interval)>,
}

/// Prices that make no catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// A plan has no price.
    #[error("{} by the {} has no price", plan.name(), interval.name())]
    NoPrice {
        /// The plan.
        plan: Plan,
        /// How often it would be paid.
        interval: Interval,
    },
    /// A text that is no id of a price.
    #[error("`{0}` is no id of a price: they begin with price_")]
    NoId(String),
    /// One price stands for two things.
    #[error("the price `{0}` stands for two things")]
    Ambiguous(String),
}

impl Catalogue {
    /// The catalogue in which `prices` tells, for each plan that is sold and each interval, the ids of its prices, separated by
    /// commas: the first is sold, the others were, and are still paid by those who bought them.
    ///
    /// # Errors
    /// [`CatalogueError`].
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

    /// What `price` stands for.
    #[must_use]
    pub fn meaning(&self, price: &str) -> Option<(Plan, Interval)> {
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
    fn what_is_sold_and_what_was() {
        let catalogue = Catalogue::new(|plan, interval| format!("{0}, {0}_old", id(plan, interval))).unwrap();
        assert_eq!(catalogue.price(Plan::Pro, Interval::Year), Some("price_pro_year"));
        assert_eq!(catalogue.meaning("price_pro_year_old"), Some((Plan::Pro, Interval::Year)));
        assert_eq!((catalogue.price(Plan::Free, Interval::Month), catalogue.meaning("price_other")), (None, None));
    }

    #[track_caller]
    fn check(prices: impl Fn(Plan, Interval) -> String, wanted: Expect) {
        wanted.assert_eq(&Catalogue::new(prices).unwrap_err().to_string());
    }

    #[test]
    fn what_is_no_catalogue() {
        check(|_, _| String::new(), expect!["starter by the month has no price"]);
        check(|_, _| "price_1".to_owned(), expect!["the price `price_1` stands for two things"]);
        check(|_, _| "prod_1".to_owned(), expect!["`prod_1` is no id of a price: they begin with price_"]);
        check(
            |plan, interval| id(plan, interval).replace('_', " "),
            expect!["`price starter month` is no id of a price: they begin with price_"],
        );
    }
}
