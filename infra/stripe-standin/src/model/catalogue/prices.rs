//! Products and prices (<https://docs.stripe.com/products-prices/how-products-and-prices-work>).

use super::super::currency::Currency;
use crate::{
    calendar::Interval,
    error::{ApiError, Result},
    ids::{PriceId, ProductId},
    params::Metadata,
};
use jiff::Timestamp;

/// Product (<https://docs.stripe.com/api/products/object>).
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) active: bool,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) marketing_features: Vec<String>,
    pub(crate) default_price: Option<PriceId>,
}

/// Price of a product and its billing interval (<https://docs.stripe.com/api/prices/object>).
#[derive(Clone, Debug)]
pub(crate) struct Price {
    pub(crate) id: PriceId,
    pub(crate) created: Timestamp,
    pub(crate) product: ProductId,
    /// False if nothing new can be bought at this price. Existing subscriptions keep it.
    pub(crate) active: bool,
    pub(crate) nickname: Option<String>,
    /// Name that at most one price of the account has.
    pub(crate) lookup_key: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) currency: Currency,
    /// Amount in the minor unit of the currency.
    pub(crate) unit_amount: i64,
    pub(crate) interval: Interval,
    /// False if requests do not find it. This is a control of the stand-in: the API has no way to remove a price.
    pub(crate) known: bool,
}

impl Product {
    /// Creates an active product.
    pub(crate) fn new(id: ProductId, name: String, now: Timestamp) -> Self {
        Self {
            id,
            created: now,
            updated: now,
            active: true,
            name,
            description: None,
            metadata: Metadata::new(),
            marketing_features: Vec::new(),
            default_price: None,
        }
    }
}

impl Price {
    /// Checks that something new can be bought at the price.
    pub(crate) fn must_be_active(&self, param: &str) -> Result<()> {
        let message = "The price specified is inactive. This field only accepts active prices.";
        if self.active { Ok(()) } else { Err(ApiError::refused_for(param, message)) }
    }
}
