//! Disputes: a customer's bank takes a payment back. A dispute names the charge that it is about, and the charge the customer.
//! <https://docs.stripe.com/api/disputes>

use super::{Account, Error};
use stripe_core::dispute::RetrieveDispute;

impl Account {
    /// The customer whose payment `dispute` is about; `None` if there is no such dispute, or the charge has no customer.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn customer_of_dispute(&self, dispute: &str) -> Result<Option<String>, Error> {
        match self.read(&RetrieveDispute::new(dispute).expand(["charge".to_owned()])).await {
            Ok(dispute) => {
                let charge = dispute.charge.as_object();
                Ok(charge.and_then(|charge| Some(charge.customer.as_ref()?.id().to_string())))
            }
            Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
