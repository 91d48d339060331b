//! Subscriptions (<https://docs.stripe.com/api/subscriptions/object>).

use super::items::{Item, PendingUpdate};
use crate::{
    calendar::Period,
    error::{ApiError, Result},
    ids::{CustomerId, InvoiceId, PaymentMethodId, ScheduleId, SubscriptionId},
    params::Metadata,
};
use jiff::Timestamp;

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubscriptionStatus {
    Incomplete,
    IncompleteExpired,
    Trialing,
    Active,
    PastDue,
    Unpaid,
    Canceled,
}

/// Why a subscription ended, or will end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndReason {
    Requested,
    PaymentFailed,
}

/// A trial.
pub(crate) type Trial = Period;

/// What a customer pays for, again and again. The stand-in's subscriptions have one item.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: SubscriptionId,
    pub(crate) customer: CustomerId,
    pub(crate) created: Timestamp,
    pub(crate) status: SubscriptionStatus,
    pub(crate) item: Item,
    /// What the ends of its periods are counted from.
    pub(crate) anchor: Timestamp,
    pub(crate) metadata: Metadata,
    pub(crate) description: Option<String>,
    pub(crate) default_payment_method: Option<PaymentMethodId>,
    pub(crate) latest_invoice: Option<InvoiceId>,
    /// The end that was asked for.
    pub(crate) cancellation: Option<Cancellation>,
    /// When it was asked for, or when it came.
    pub(crate) canceled_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) end_reason: Option<EndReason>,
    pub(crate) comment: Option<String>,
    pub(crate) feedback: Option<String>,
    pub(crate) trial: Option<Trial>,
    pub(crate) pending_update: Option<PendingUpdate>,
    pub(crate) schedule: Option<ScheduleId>,
    pub(crate) automatic_tax: bool,
    /// Whether the end of the trial was announced.
    pub(crate) trial_end_told: bool,
    /// The period whose renewal was announced.
    pub(crate) renewal_told: Option<Timestamp>,
}

/// When a subscription shall end. `AtPeriodEnd` moves with the period, a time stays. The API's `cancel_at_period_end`
/// makes the one; the customer portal, for a subscription in flexible billing mode, the other
/// (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cancellation {
    AtPeriodEnd,
    At(Timestamp),
}

impl Subscription {
    /// Whether it can still change.
    pub(crate) const fn is_live(&self) -> bool {
        !matches!(self.status, SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired)
    }

    /// Whether Stripe collects its invoices by itself: an unpaid one's stay drafts
    /// (<https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>).
    pub(crate) const fn collects(&self) -> bool {
        !matches!(self.status, SubscriptionStatus::Unpaid)
    }

    /// When it ends, if an end was asked for.
    pub(crate) fn ends_at(&self) -> Option<Timestamp> {
        match self.cancellation? {
            Cancellation::AtPeriodEnd => Some(self.item.period.end),
            Cancellation::At(at) => Some(at),
        }
    }

    /// Whether its end may be set so: a schedule allows nobody else to
    /// (<https://docs.stripe.com/billing/subscriptions/subscription-schedules>), and the past cannot be chosen.
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

    /// Takes the changed item; another anchor begins another period.
    pub(crate) fn take_item(&mut self, item: Item, anchor: Option<Timestamp>) {
        // A renewal may have come between a change and its payment: the period that it began stays.
        let period = if anchor.is_some() { item.period } else { self.item.period };
        self.item = Item { period, ..item };
        self.anchor = anchor.unwrap_or(self.anchor);
    }
}
