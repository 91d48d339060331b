//! Immediate cancellation of subscriptions.
//! <https://docs.stripe.com/api/subscriptions/cancel>

use super::{phases::Schedule, status};
use crate::{
    Account, Error,
    payment::InvoiceState,
    shapes::{Identified, List, Named},
};
use domain::billing::subscription::Status;
use serde::Deserialize;
use stripe_billing::{
    InvoiceStatus,
    invoice::{ListInvoice, VoidInvoiceInvoice},
    subscription::{CancelSubscription, RetrieveSubscription},
};

#[derive(Deserialize)]
struct Unpaid {
    status: String,
    latest_invoice: Option<Named<InvoiceState>>,
    schedule: Option<Named<Schedule>>,
}

/// Idempotency keys of the end of a subscription that gives nothing.
#[derive(Debug, Clone, Copy)]
pub struct EndKeys<'a> {
    /// Key for voiding the first invoice.
    pub void: &'a str,
    /// Key for releasing the schedule.
    pub release: &'a str,
    /// Key for the cancellation.
    pub end: &'a str,
}

/// Result of ending a subscription that gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnpaidEnd {
    /// It has ended.
    Ended,
    /// It continues: it was paid before, or a payment is on its way.
    Continues,
}

impl Account {
    /// Ends a subscription that gives nothing until a payment is made.
    ///
    /// Of one that was never paid, the first invoice is voided before, which Stripe refuses once it is paid. Of any other
    /// one it must not be: voiding the latest invoice makes a subscription that is past due active.
    /// <https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>
    pub async fn end_unpaid(&self, subscription: &str, keys: EndKeys<'_>) -> Result<UnpaidEnd, Error> {
        let expand = ["latest_invoice".to_owned(), "schedule".to_owned()];
        let request = RetrieveSubscription::new(subscription).expand(expand);
        let Unpaid { status, latest_invoice, schedule } = self.get_retrying(&request).await?;
        let open = latest_invoice.as_ref().and_then(Named::whole).filter(|invoice| invoice.is_open());
        match status::status(&status) {
            Status::Active | Status::Trialing => return Ok(UnpaidEnd::Continues),
            Status::Incomplete => {
                if let Some(invoice) = open {
                    match self.send_keyed(&VoidInvoiceInvoice::new(invoice.id.as_str()), keys.void).await {
                        Ok(Identified { .. }) => {}
                        Err(Error::Refused(_)) => return Ok(UnpaidEnd::Continues),
                        Err(error) => return Err(error),
                    }
                }
            }
            // The latest invoice may be a draft, and an earlier one may be paid at this moment.
            Status::PastDue | Status::Unpaid | Status::Paused => {
                let open = ListInvoice::new().subscription(subscription).status(InvoiceStatus::Open).limit(100);
                let open: List<InvoiceState> = self.get_retrying(&open).await?;
                for invoice in &open.data {
                    if self.is_processing(&invoice.id).await? {
                        return Ok(UnpaidEnd::Continues);
                    }
                }
            }
            // An earlier attempt has ended it.
            Status::IncompleteExpired | Status::Canceled => return Ok(UnpaidEnd::Ended),
        }
        // A schedule must not outlive its subscription.
        if let Some(schedule) = schedule.as_ref().and_then(Named::whole) {
            match self.release_schedule(&schedule.id, keys.release).await {
                // It has ended or was released in the meantime.
                Ok(()) | Err(Error::Refused(_) | Error::Absent(_)) => {}
                Err(error) => return Err(error),
            }
        }
        match self.cancel_now(subscription, keys.end).await {
            // Voiding the first invoice has ended it.
            Ok(()) | Err(Error::Refused(_)) => Ok(UnpaidEnd::Ended),
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
