//! Products and prices, and the initial catalogue of an account.

use crate::{
    calendar::Interval,
    ids::{PriceId, ProductId},
};
use jiff::Timestamp;

/// Product (<https://docs.stripe.com/api/products/object>).
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) created: Timestamp,
    pub(crate) name: String,
    pub(crate) default_price: Option<PriceId>,
}

/// Price of a product and its billing interval (<https://docs.stripe.com/api/prices/object>).
#[derive(Clone, Debug)]
pub(crate) struct Price {
    pub(crate) id: PriceId,
    pub(crate) created: Timestamp,
    pub(crate) product: ProductId,
    pub(crate) lookup_key: String,
    pub(crate) currency: &'static str,
    pub(crate) unit_amount: i64,
    pub(crate) interval: Interval,
    /// False if requests do not find it. This is a control of the stand-in: the API has no way to remove a price.
    pub(crate) known: bool,
}

/// Price of the catalogue.
#[derive(Clone, Debug)]
pub struct CataloguePrice {
    /// Id of the price, which is also its lookup key.
    pub id: String,
    /// Id of the product.
    pub product: String,
    /// Name of the product.
    pub name: String,
    /// Currency of the price, such as `usd`.
    pub currency: &'static str,
    /// Price in cents per interval.
    pub unit_amount: i64,
    /// Billing interval.
    pub interval: Interval,
}

impl CataloguePrice {
    /// Returns Berth's plans: starter, pro and business for 9, 29 and 79 USD a month, or ten times that a year.
    #[must_use]
    pub fn berth_prices() -> Vec<Self> {
        let price = |plan: &str, name: &str, interval: Interval, unit_amount| Self {
            id: format!("price_{plan}_{}", interval.word()),
            product: format!("prod_{plan}"),
            name: name.to_owned(),
            currency: "usd",
            unit_amount,
            interval,
        };
        [("starter", "Starter", 900), ("pro", "Pro", 2_900), ("business", "Business", 7_900)]
            .into_iter()
            .flat_map(|(plan, name, month)| {
                [price(plan, name, Interval::Month, month), price(plan, name, Interval::Year, 10 * month)]
            })
            .collect()
    }
}
