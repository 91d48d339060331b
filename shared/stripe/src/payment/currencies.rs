//! Currencies of customers.
//!
//! Stripe combines no currencies on a customer, and refuses such a request without a code of its own, so the reason is
//! found by asking for the customer's. <https://docs.stripe.com/billing/customer#currency>

use crate::{Account, Error};
use domain::plans::money::Currency;
use serde::Deserialize;
use stripe_core::customer::RetrieveCustomer;

/// A customer. One who has never paid has no currency.
#[derive(Deserialize)]
struct Payer {
    currency: Option<String>,
}

impl Account {
    /// Checks that `customer` can pay in `currency`, before a step that cannot be undone.
    ///
    /// # Errors
    /// [`Error::Refused`] if the customer pays in another currency.
    pub async fn check_currency(&self, customer: &str, currency: Currency) -> Result<(), Error> {
        match self.currency_differs(customer, currency).await? {
            true => Err(Error::Refused("the customer pays in another currency than that of the price".into())),
            false => Ok(()),
        }
    }

    /// Returns true if `customer` pays in another currency than `currency`.
    pub async fn currency_differs(&self, customer: &str, currency: Currency) -> Result<bool, Error> {
        let Payer { currency: paid } = self.get_retrying(&RetrieveCustomer::new(customer)).await?;
        Ok(paid.is_some_and(|paid| paid != currency.as_str()))
    }
}
