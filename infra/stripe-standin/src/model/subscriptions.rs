//! Subscriptions (<https://docs.stripe.com/api/subscriptions/object>).

use super::items::{Item, PendingUpdate};
use crate::{
    calendar::Period,
    error::{ApiError, Result},
    ids::{CustomerId, DiscountId, InvoiceId, PaymentMethodId, ScheduleId, SubscriptionId},
    params::Metadata,
};
use jiff::Timestamp;

/// Status of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubscriptionStatus {
    Incomplete,
    IncompleteExpired,
    Trialing,
    Active,
    PastDue,
    Unpaid,
    /// The trial ended without a payment method.
    Paused,
    Canceled,
}

/// Reason for a past or scheduled end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndReason {
    Requested,
    PaymentFailed,
}

/// Trial period.
pub(crate) type Trial = Period;

/// Recurring purchase of a customer. Its items are listed newest first.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: SubscriptionId,
    pub(crate) customer: CustomerId,
    pub(crate) created: Timestamp,
    pub(crate) status: SubscriptionStatus,
    /// At least one.
    pub(crate) items: Vec<Item>,
    pub(crate) period: Period,
    /// Time from which the ends of its periods are counted.
    pub(crate) anchor: Timestamp,
    pub(crate) metadata: Metadata,
    pub(crate) description: Option<String>,
    pub(crate) default_payment_method: Option<PaymentMethodId>,
    pub(crate) latest_invoice: Option<InvoiceId>,
    /// Requested end.
    pub(crate) cancellation: Option<Cancellation>,
    /// Time of the request, or of the end.
    pub(crate) canceled_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) end_reason: Option<EndReason>,
    pub(crate) comment: Option<String>,
    pub(crate) feedback: Option<String>,
    pub(crate) trial: Option<Trial>,
    pub(crate) pending_update: Option<PendingUpdate>,
    pub(crate) schedule: Option<ScheduleId>,
    pub(crate) automatic_tax: bool,
    pub(crate) discounts: Vec<DiscountId>,
    pub(crate) pause: Option<Pause>,
    /// True if it pauses at the end of its trial without a payment method
    /// (<https://docs.stripe.com/billing/subscriptions/trials/free-trials#create-free-trials-without-payment>).
    pub(crate) pauses_without_method: bool,
    /// True if the end of the trial was announced.
    pub(crate) trial_end_announced: bool,
    /// Period whose renewal was announced.
    pub(crate) renewal_announced: Option<Timestamp>,
}

/// Pause of the collection (<https://docs.stripe.com/billing/subscriptions/pause-payment>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    pub(crate) behavior: PauseBehavior,
    pub(crate) resumes_at: Option<Timestamp>,
}

/// Consequence of a pause for new invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PauseBehavior {
    KeepAsDraft,
    MarkUncollectible,
    Void,
}

/// Scheduled end of a subscription. `AtPeriodEnd` moves with the period, and a time stays. The API's
/// `cancel_at_period_end` makes the former; the customer portal makes the latter for a subscription in flexible billing
/// mode (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cancellation {
    AtPeriodEnd,
    At(Timestamp),
}

impl Subscription {
    /// Returns true if it can still change.
    pub(crate) const fn is_live(&self) -> bool {
        !matches!(self.status, SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired)
    }

    /// Returns true if Stripe collects its invoices automatically. Those of an unpaid subscription stay drafts
    /// (<https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>).
    pub(crate) const fn collects(&self) -> bool {
        !matches!(self.status, SubscriptionStatus::Unpaid)
    }

    /// Returns the time of the scheduled end.
    pub(crate) fn ends_at(&self) -> Option<Timestamp> {
        match self.cancellation? {
            Cancellation::AtPeriodEnd => Some(self.period.end),
            Cancellation::At(at) => Some(at),
        }
    }

    /// Checks a change of the end. Only its schedule may change the end of a scheduled subscription
    /// (<https://docs.stripe.com/billing/subscriptions/subscription-schedules>), and the end must not be in the past.
    pub(crate) fn may_change_end(&self, wanted: Option<Cancellation>, now: Timestamp) -> Result<()> {
        if let Some(schedule) = &self.schedule {
            return Err(ApiError::refused(format!(
                "The subscription is managed by the subscription schedule `{schedule}`, and updating any cancelation \
                 behavior directly is not allowed. Please update the schedule instead."
            )));
        }
        match wanted {
            Some(Cancellation::At(at)) if at <= now => {
                Err(ApiError::invalid("cancel_at", "`cancel_at` must be in the future."))
            }
            Some(Cancellation::At(_) | Cancellation::AtPeriodEnd) | None => Ok(()),
        }
    }

    /// Schedules an end, or revokes it.
    pub(crate) fn set_end(&mut self, wanted: Option<Cancellation>, now: Timestamp) {
        if self.cancellation != wanted {
            self.cancellation = wanted;
            self.canceled_at = wanted.map(|_| now);
            self.end_reason = wanted.map(|_| EndReason::Requested);
        }
    }

    /// Replaces the items. A period that begins with them has a new anchor. Otherwise the period stays, because a renewal
    /// may have come between a change and its payment.
    pub(crate) fn take_items(&mut self, items: Vec<Item>, begins: Option<Period>) {
        self.items = items;
        if let Some(period) = begins {
            self.period = period;
            self.anchor = period.start;
        }
    }
}
