//! What Stripe holds of a customer: all subscriptions, with what is scheduled for them, and the invoices that wait.
//! <https://docs.stripe.com/api/subscriptions>, <https://docs.stripe.com/api/invoices>

use super::{Account, Error};
use crate::domain::{
    stripe_facts::{Held, HeldSubscription, OpenInvoice},
    subscription::{Period, Status},
};
use jiff::Timestamp;
use stripe_billing::{
    Invoice, InvoiceStatus, Subscription, SubscriptionSchedule, SubscriptionStatus,
    invoice::ListInvoice,
    subscription::{ListSubscription, ListSubscriptionStatus},
};

impl Account {
    /// All that Stripe holds of `customer`'s subscriptions.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn held(&self, customer: &str) -> Result<Held, Error> {
        let (subscriptions, open_invoices) =
            tokio::try_join!(self.subscriptions(customer), self.open_invoices(customer))?;
        Ok(Held { subscriptions, open_invoices })
    }

    /// All subscriptions of `customer`, ended ones too.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn subscriptions(&self, customer: &str) -> Result<Vec<HeldSubscription>, Error> {
        let mut request = ListSubscription::new()
            .customer(customer)
            .status(ListSubscriptionStatus::All)
            .expand(["data.schedule".to_owned()])
            .limit(100);
        let mut found = Vec::new();
        loop {
            let page = self.read(&request).await?;
            let next = page.data.last().map(|last| last.id.to_string()).filter(|_| page.has_more);
            found.extend(page.data.iter().filter_map(subscription));
            match next {
                Some(last) => request = request.starting_after(last),
                None => return Ok(found),
            }
        }
    }

    async fn open_invoices(&self, customer: &str) -> Result<Vec<OpenInvoice>, Error> {
        let mut request = ListInvoice::new().customer(customer).status(InvoiceStatus::Open).limit(100);
        let mut found = Vec::new();
        loop {
            let page = self.read(&request).await?;
            let next = page.data.last().and_then(|last| last.id.as_ref()).map(ToString::to_string);
            found.extend(page.data.iter().filter_map(open_invoice));
            match next.filter(|_| page.has_more) {
                Some(last) => request = request.starting_after(last),
                None => return Ok(found),
            }
        }
    }
}

/// A subscription without an item pays for nothing. Its periods stand on the item since 2025-03-31.
/// <https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end>
fn subscription(held: &Subscription) -> Option<HeldSubscription> {
    let item = held.items.data.first()?;
    let at = |second: i64| Timestamp::from_second(second).ok();
    Some(HeldSubscription {
        id: held.id.to_string(),
        created: at(held.created)?,
        price: item.price.id.to_string(),
        status: status(&held.status),
        period: Period { start: at(item.current_period_start)?, end: at(item.current_period_end)? },
        cancel_at: held.cancel_at.and_then(at),
        cancel_at_period_end: held.cancel_at_period_end,
        trial_start: held.trial_start.and_then(at),
        trial_end: held.trial_end.and_then(at),
        scheduled_price: held.schedule.as_ref().and_then(|schedule| schedule.as_object()).and_then(scheduled),
    })
}

/// A status that Stripe may add gives nothing, and may still be paid for.
pub(super) fn status(status: &SubscriptionStatus) -> Status {
    match status {
        SubscriptionStatus::Active => Status::Active,
        SubscriptionStatus::Trialing => Status::Trialing,
        SubscriptionStatus::PastDue => Status::PastDue,
        SubscriptionStatus::Paused => Status::Paused,
        SubscriptionStatus::Incomplete => Status::Incomplete,
        SubscriptionStatus::IncompleteExpired => Status::IncompleteExpired,
        SubscriptionStatus::Canceled => Status::Canceled,
        SubscriptionStatus::Unpaid | SubscriptionStatus::Unknown(_) | _ => Status::Unpaid,
    }
}

/// The price of the phase that follows the present one.
/// <https://docs.stripe.com/billing/subscriptions/subscription-schedules>
pub(super) fn scheduled(schedule: &SubscriptionSchedule) -> Option<String> {
    let present = schedule.current_phase.as_ref()?;
    let next = schedule.phases.iter().find(|phase| phase.start_date >= present.end_date)?;
    Some(next.items.first()?.price.id().to_string())
}

fn open_invoice(invoice: &Invoice) -> Option<OpenInvoice> {
    let parent = invoice.parent.as_ref().and_then(|parent| parent.subscription_details.as_ref());
    let finalized_at = invoice.status_transitions.finalized_at.unwrap_or(invoice.created);
    Some(OpenInvoice {
        id: invoice.id.as_ref()?.to_string(),
        attempts: invoice.attempt_count,
        subscription: parent.map(|details| details.subscription.id().to_string()),
        finalized_at: Timestamp::from_second(finalized_at).ok()?,
    })
}
