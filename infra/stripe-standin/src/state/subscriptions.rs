//! Subscriptions: what they are, and what the fate of their invoices makes of them
//! (<https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>).

use super::{BillingReason, Cancellation, PendingUpdate, State};
use crate::{
    calendar::Period,
    error::Result,
    ids::{CustomerId, InvoiceId, ItemId, LineId, PaymentMethodId, PriceId, ScheduleId, SubscriptionId},
    params::Metadata,
    view,
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

/// The price within a subscription, and since 2025-03-31 its period
/// (<https://docs.stripe.com/api/subscription_items/object>).
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: ItemId,
    pub(crate) created: Timestamp,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) period: Period,
    pub(crate) debit: Option<Debit>,
}

/// What was last asked of the customer for this item. In flexible billing mode a credit is a share of it, so that no
/// more is given back than was taken (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
#[derive(Clone, Debug)]
pub(crate) struct Debit {
    pub(crate) amount: i64,
    pub(crate) period: Period,
    /// The line that asked for it, once there is an invoice.
    pub(crate) source: Option<(InvoiceId, LineId)>,
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
}

impl State {
    /// Changes a subscription and tells of it, if anything changed.
    pub(super) fn amend_subscription(
        &mut self,
        id: &SubscriptionId,
        change: impl FnOnce(&mut Subscription),
    ) -> Result<()> {
        let before = view::subscription(self, self.subscriptions.known(id)?)?;
        change(self.subscriptions.known_mut(id)?);
        let after = view::subscription(self, self.subscriptions.known(id)?)?;
        self.emit_change("customer.subscription.updated", before, after);
        Ok(())
    }

    /// Tells of something that happened to a subscription.
    pub(super) fn emit_subscription(&mut self, kind: &'static str, id: &SubscriptionId) -> Result<()> {
        let object = view::subscription(self, self.subscriptions.known(id)?)?;
        self.emit(kind, object);
        Ok(())
    }

    /// A paid invoice completes a first payment, applies the change it was for, or ends an arrears if it is the latest.
    pub(super) fn invoice_paid(&mut self, invoice: &InvoiceId) -> Result<()> {
        let id = self.invoices.known(invoice)?.subscription.clone();
        if self.apply_pending_update(&id, invoice)? {
            return Ok(());
        }
        self.amend_subscription(&id, |subscription| {
            let latest = subscription.latest_invoice.as_ref() == Some(invoice);
            let arrears = matches!(
                subscription.status,
                SubscriptionStatus::Incomplete | SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid
            );
            if latest && arrears {
                subscription.status = SubscriptionStatus::Active;
            }
        })
    }

    /// A failed invoice makes an active subscription past due. One that awaits its first payment goes on waiting, and
    /// one whose change was to be paid first keeps what it has.
    pub(super) fn invoice_failed(&mut self, invoice: &InvoiceId) -> Result<()> {
        let failed = self.invoices.known(invoice)?;
        let (id, reason) = (failed.subscription.clone(), failed.reason);
        let subscription = self.subscriptions.known(&id)?;
        let awaited = subscription.pending_update.as_ref().is_some_and(|update| update.invoice == *invoice);
        if awaited || reason == BillingReason::Create {
            return Ok(());
        }
        self.amend_subscription(&id, |subscription| {
            if matches!(subscription.status, SubscriptionStatus::Active | SubscriptionStatus::Trialing) {
                subscription.status = SubscriptionStatus::PastDue;
            }
        })
    }

    /// A void first invoice ends what was never paid, the latest one an arrears.
    pub(super) fn invoice_voided(&mut self, invoice: &InvoiceId) -> Result<()> {
        let id = self.invoices.known(invoice)?.subscription.clone();
        if self.drop_pending_update(&id, invoice)? {
            return Ok(());
        }
        let now = self.now;
        self.amend_subscription(&id, |subscription| {
            if subscription.latest_invoice.as_ref() != Some(invoice) {
                return;
            }
            match subscription.status {
                SubscriptionStatus::Incomplete => {
                    subscription.status = SubscriptionStatus::IncompleteExpired;
                    subscription.ended_at = Some(now);
                }
                SubscriptionStatus::PastDue => subscription.status = SubscriptionStatus::Active,
                SubscriptionStatus::IncompleteExpired
                | SubscriptionStatus::Trialing
                | SubscriptionStatus::Active
                | SubscriptionStatus::Unpaid
                | SubscriptionStatus::Canceled => {}
            }
        })
    }
}
