//! Currencies of customers and prices.
//!
//! Stripe combines no currencies on a customer, and refuses such a request without a code of its own, so the reason is
//! found by comparing the two. <https://docs.stripe.com/billing/customer#currency>

use crate::{Account, Error};
use serde::Deserialize;
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_core::customer::RetrieveCustomer;

/// An object with a currency. A customer who has never paid has none.
#[derive(Deserialize)]
struct Priced {
    currency: Option<String>,
}

impl Account {
    /// Checks that `customer` can pay `price`, before a step that cannot be undone.
    ///
    /// # Errors
    /// [`Error::Absent`] if the price is unknown, [`Error::Refused`] if the customer pays in another currency.
    pub async fn check_price(&self, customer: &str, price: &str) -> Result<(), Error> {
        match self.currency_differs(customer, price).await? {
            true => Err(Error::Refused("the customer pays in another currency than that of the price".into())),
            false => Ok(()),
        }
    }

    /// Returns true if `customer` pays in another currency than that of `price`.
    pub async fn currency_differs(&self, customer: &str, price: &str) -> Result<bool, Error> {
        let (customer, path) = (RetrieveCustomer::new(customer), format!("/prices/{price}"));
        let price = RequestBuilder::new(StripeMethod::Get, path);
        let asked = async { tokio::try_join!(self.get_retrying(&customer), self.send(&price, None)) };
        let (customer, price): (Priced, Priced) = asked.await?;
        Ok(customer.currency.zip(price.currency).is_some_and(|(customer, price)| customer != price))
    }
}
