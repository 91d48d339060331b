//! Immediate cancellation of subscriptions.
//! <https://docs.stripe.com/api/subscriptions/cancel>

use crate::{
    Account, Error,
    shapes::{Identified, Named},
};
use serde::Deserialize;
use stripe_billing::{
    invoice::VoidInvoiceInvoice,
    subscription::{CancelSubscription, RetrieveSubscription},
};

#[derive(Deserialize)]
struct Incomplete {
    latest_invoice: Option<Named<Identified>>,
}

/// Idempotency keys of the end of an incomplete subscription.
#[derive(Debug, Clone, Copy)]
pub struct EndKeys<'a> {
    /// Key for voiding the first invoice.
    pub void: &'a str,
    /// Key for the cancellation.
    pub end: &'a str,
}

impl Account {
    /// Ends a subscription whose first invoice is not paid. The invoice is voided first, which Stripe refuses once it
    /// is paid, so a subscription that is paid in the meantime continues.
    /// <https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>
    pub async fn end_incomplete(&self, subscription: &str, keys: EndKeys<'_>) -> Result<(), Error> {
        let Incomplete { latest_invoice } = self.get_retrying(&RetrieveSubscription::new(subscription)).await?;
        if let Some(invoice) = &latest_invoice {
            match self.send_keyed(&VoidInvoiceInvoice::new(invoice.id()), keys.void).await {
                Ok(Identified { .. }) => {}
                Err(Error::Refused(_)) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        match self.cancel_now(subscription, keys.end).await {
            Ok(()) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Cancels a subscription immediately, without a refund. A subscription that has ended or does not exist is not an
    /// error.
    pub async fn cancel_now(&self, subscription: &str, key: &str) -> Result<(), Error> {
        match self.send_keyed(&CancelSubscription::new(subscription), key).await {
            Ok(Identified { .. }) | Err(Error::Absent(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
