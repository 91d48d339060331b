//! Immediate cancellation of subscriptions, for deleted workspaces.
//! <https://docs.stripe.com/api/subscriptions/cancel>

use crate::{Account, Error, shapes::Identified};
use stripe_billing::subscription::CancelSubscription;

impl Account {
    /// Cancels a subscription immediately, without a refund. A subscription that has ended or does not exist is not an
    /// error.
    pub async fn cancel_now(&self, subscription: &str, key: &str) -> Result<(), Error> {
        match self.send_keyed(&CancelSubscription::new(subscription), key).await {
            Ok(Identified { .. }) | Err(Error::Absent(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
