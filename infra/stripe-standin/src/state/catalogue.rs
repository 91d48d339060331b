//! Products and prices.

use super::{CataloguePrice, State};
use crate::{
    calendar::Interval,
    ids::{Id, PriceId, ProductId},
};
use jiff::Timestamp;

/// What is sold (<https://docs.stripe.com/api/products/object>).
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) created: Timestamp,
    pub(crate) name: String,
    pub(crate) default_price: Option<PriceId>,
}

/// What it costs, and how often (<https://docs.stripe.com/api/prices/object>).
#[derive(Clone, Debug)]
pub(crate) struct Price {
    pub(crate) id: PriceId,
    pub(crate) created: Timestamp,
    pub(crate) product: ProductId,
    pub(crate) lookup_key: String,
    pub(crate) currency: &'static str,
    pub(crate) unit_amount: i64,
    pub(crate) interval: Interval,
}

impl State {
    /// Fills the catalogue. The first price of a product is its default.
    pub(super) fn stock(&mut self, catalogue: &[CataloguePrice]) {
        for entry in catalogue {
            let (id, product) = (PriceId::given(&entry.id), ProductId::given(&entry.product));
            if self.products.get(&product).is_none() {
                let default_price = Some(id.clone());
                let made = Product { id: product.clone(), created: self.now, name: entry.name.clone(), default_price };
                self.products.put(product.clone(), made);
            }
            let price = Price {
                id: id.clone(),
                created: self.now,
                product,
                lookup_key: entry.id.clone(),
                currency: "usd",
                unit_amount: entry.unit_amount,
                interval: entry.interval,
            };
            self.prices.put(id, price);
        }
    }
}
