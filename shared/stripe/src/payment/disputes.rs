//! Disputes: a customer's bank takes a payment back. A dispute names the charge that it is about, and the charge the customer.
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
    /// The customer whose payment `dispute` is about; `None` if there is no such dispute, or the charge has no customer.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn customer_of_dispute(&self, dispute: &str) -> Result<Option<String>, Error> {
        match self.read(&RetrieveDispute::new(dispute).expand(["charge".to_owned()])).await {
            Ok(Dispute { charge }) => {
                Ok(charge.whole().and_then(|charge| Some(charge.customer.as_ref()?.id().to_owned())))
            }
            Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
