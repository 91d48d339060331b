//! Disputes: a customer's bank reverses a payment. A dispute names its charge, and the charge names the customer.
//! <https://docs.stripe.com/api/disputes>

use crate::{
    Account, Error,
    shapes::{Identified, Named},
};
use serde::Deserialize;
use stripe_core::dispute::RetrieveDispute;

#[derive(Deserialize)]
struct Dispute {
    charge: Named<Charge>,
}

#[derive(Deserialize)]
struct Charge {
    customer: Option<Named<Identified>>,
}

impl Account {
    /// Returns the customer of the payment in `dispute`, or `None` if the dispute does not exist or its charge has no
    /// customer.
    pub async fn customer_of_dispute(&self, dispute: &str) -> Result<Option<String>, Error> {
        match self.get_retrying(&RetrieveDispute::new(dispute).expand(["charge".to_owned()])).await {
            Ok(Dispute { charge }) => {
                Ok(charge.whole().and_then(|charge| Some(charge.customer.as_ref()?.id().to_owned())))
            }
            Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
