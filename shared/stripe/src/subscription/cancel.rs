//! Ending what is paid for at once: subscriptions of a customer whose workspace is deleted.
//! <https://docs.stripe.com/api/subscriptions/cancel>

use crate::{Account, Error, shapes::Identified};
use stripe_billing::subscription::CancelSubscription;

impl Account {
    /// Ends a subscription now, without a refund. One that has ended, or is not known, is left as it is.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn cancel_now(&self, subscription: &str, key: &str) -> Result<(), Error> {
        match self.write(&CancelSubscription::new(subscription), key).await {
            Ok(Identified { .. }) | Err(Error::Absent(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
