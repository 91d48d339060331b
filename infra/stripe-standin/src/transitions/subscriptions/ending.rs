//! End of a subscription: requested, revoked, and reached (<https://docs.stripe.com/billing/subscriptions/cancel>).

use crate::{
    error::{ApiError, Result},
    ids::{InvoiceId, SubscriptionId},
    model::{Cancellation, EndReason, InvoiceStatus, Subscription, SubscriptionStatus},
    params::Change,
    state::State,
};
use jiff::Timestamp;

/// Requested end. `min_period_end` and `max_period_end` are resolved to a time immediately
/// (<https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedEnd {
    AtPeriodEnd,
    At(Timestamp),
    AtEndOfThisPeriod,
}

impl RequestedEnd {
    /// Returns the value of `cancel_at_period_end` that the change means, if it is one.
    pub(in crate::transitions) const fn at_period_end(change: &Change<Self>) -> Option<bool> {
        match change {
            Change::Clear => Some(false),
            Change::Set(Self::AtPeriodEnd) => Some(true),
            Change::Keep | Change::Set(Self::At(_) | Self::AtEndOfThisPeriod) => None,
        }
    }

    pub(in crate::transitions) const fn of(self, subscription: &Subscription) -> Cancellation {
        match self {
            Self::AtPeriodEnd => Cancellation::AtPeriodEnd,
            Self::At(at) => Cancellation::At(at),
            Self::AtEndOfThisPeriod => Cancellation::At(subscription.period.end),
        }
    }
}

/// Options of an immediate end.
#[derive(Debug)]
pub(crate) struct CancelRequest {
    /// True to invoice pending items now.
    pub(crate) invoice_now: bool,
    /// True to credit the rest of the period.
    pub(crate) prorate: bool,
    pub(crate) comment: Change<String>,
    pub(crate) feedback: Change<String>,
}

impl State {
    /// Schedules an end, or revokes it.
    pub(crate) fn set_cancellation(&mut self, id: &SubscriptionId, wanted: Option<Cancellation>) -> Result<()> {
        self.subscriptions.find(id, "id")?.may_change_end(wanted, self.now)?;
        let now = self.now;
        self.amend_subscription(id, |subscription| subscription.set_end(wanted, now))
    }

    /// Ends the subscription immediately, by request (<https://docs.stripe.com/api/subscriptions/cancel>).
    pub(crate) fn cancel_subscription(&mut self, id: &SubscriptionId, request: CancelRequest) -> Result<()> {
        let subscription = self.subscriptions.find(id, "id")?;
        if !subscription.is_live() {
            return Err(ApiError::missing("subscription", id.as_str(), "id"));
        }
        if subscription.status == SubscriptionStatus::Incomplete {
            return self.void_latest(id);
        }
        let subscription = self.subscriptions.known_mut(id)?;
        request.comment.apply(&mut subscription.comment);
        request.feedback.apply(&mut subscription.feedback);
        if request.prorate {
            self.credit_rest(id)?;
        }
        if request.invoice_now {
            self.invoice_pending(id)?;
        }
        self.end_subscription(id, EndReason::Requested)
    }

    fn void_latest(&mut self, id: &SubscriptionId) -> Result<()> {
        match self.subscriptions.known(id)?.latest_invoice.clone() {
            Some(invoice) => self.void_invoice(&invoice),
            None => Ok(()),
        }
    }

    /// Credits the rest of the paid period of every item on the next invoice.
    fn credit_rest(&mut self, id: &SubscriptionId) -> Result<()> {
        let subscription = self.subscriptions.known(id)?.clone();
        for item in &subscription.items {
            if let Some(credit) = self.credit(&subscription, item, self.now)? {
                self.pending_items.put(credit.id.clone(), credit);
            }
        }
        Ok(())
    }

    /// Ends the subscription. Pending items are dropped, and open invoices are no longer collected
    /// (<https://docs.stripe.com/billing/subscriptions/cancel#handle-invoice-items-when-canceling-subscriptions>).
    pub(in crate::transitions) fn end_subscription(&mut self, id: &SubscriptionId, reason: EndReason) -> Result<()> {
        let now = self.now;
        self.pending_items.retain(|item| item.subscription != *id);
        for invoice in self.unfinished_invoices(id) {
            self.amend_invoice(&invoice, |invoice| {
                invoice.advances = false;
                invoice.finalizes_at = None;
                invoice.next_attempt = None;
            })?;
        }
        let subscription = self.subscriptions.known_mut(id)?;
        subscription.status = SubscriptionStatus::Canceled;
        subscription.canceled_at = subscription.canceled_at.or(Some(now));
        subscription.ended_at = Some(now);
        subscription.end_reason = subscription.end_reason.or(Some(reason));
        subscription.pending_update = None;
        let schedule = subscription.schedule.take();
        self.emit_subscription("customer.subscription.deleted", id)?;
        match schedule {
            Some(schedule) => self.schedule_lost_subscription(&schedule),
            None => Ok(()),
        }
    }

    fn unfinished_invoices(&self, id: &SubscriptionId) -> Vec<InvoiceId> {
        let unfinished = |status| matches!(status, InvoiceStatus::Draft | InvoiceStatus::Open);
        let invoices = self.invoices.iter().filter(|each| each.subscription == *id && unfinished(each.status));
        invoices.map(|invoice| invoice.id.clone()).collect()
    }
}
