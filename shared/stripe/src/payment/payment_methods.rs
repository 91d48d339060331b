//! Payment methods of customers.
//! <https://docs.stripe.com/api/payment_methods/object>

use domain::billing::{customer::Card, stripe::facts::PaymentMethodAtStripe};
use serde::Deserialize;

/// A payment method. Only cards have a part that is shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Method {
    card: Option<Card>,
}

impl Method {
    pub(crate) fn to_domain(&self) -> PaymentMethodAtStripe {
        PaymentMethodAtStripe { card: self.card.clone() }
    }
}
