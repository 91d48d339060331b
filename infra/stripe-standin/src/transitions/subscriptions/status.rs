//! Status of a subscription, which follows from its invoices
//! (<https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>).

use crate::{
    error::Result,
    ids::{InvoiceId, SubscriptionId},
    model::{Subscription, SubscriptionStatus},
    state::State,
    view,
};

impl State {
    /// Changes a subscription, and emits an event if anything changed.
    pub(in crate::transitions) fn amend_subscription(
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

    /// Emits an event about a subscription.
    pub(in crate::transitions) fn emit_subscription(&mut self, kind: &'static str, id: &SubscriptionId) -> Result<()> {
        let object = view::subscription(self, self.subscriptions.known(id)?)?;
        self.emit(kind, object);
        Ok(())
    }

    /// Handles a paid invoice: it completes a first payment, applies its pending change, or, if it is the latest, ends
    /// the arrears.
    pub(in crate::transitions) fn invoice_paid(&mut self, invoice: &InvoiceId) -> Result<()> {
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

    /// Handles an invoice whose payment is processing: a first payment on its way makes the subscription active
    /// (<https://docs.stripe.com/billing/subscriptions/ach-debit>).
    pub(in crate::transitions) fn invoice_processing(&mut self, invoice: &InvoiceId) -> Result<()> {
        let id = self.invoices.known(invoice)?.subscription.clone();
        self.amend_subscription(&id, |subscription| {
            if subscription.status == SubscriptionStatus::Incomplete {
                subscription.status = SubscriptionStatus::Active;
            }
        })
    }

    /// Handles a failed invoice: an active subscription becomes past due. One that awaits its first payment stays
    /// incomplete, and one with a pending change keeps its state.
    pub(in crate::transitions) fn invoice_failed(&mut self, invoice: &InvoiceId) -> Result<()> {
        let failed = self.invoices.known(invoice)?;
        let id = failed.subscription.clone();
        let subscription = self.subscriptions.known(&id)?;
        let awaited = subscription.pending_update.as_ref().is_some_and(|update| update.invoice == *invoice);
        if awaited {
            return Ok(());
        }
        self.amend_subscription(&id, |subscription| {
            if matches!(subscription.status, SubscriptionStatus::Active | SubscriptionStatus::Trialing) {
                subscription.status = SubscriptionStatus::PastDue;
            }
        })
    }

    /// Handles a voided invoice: the first one ends a subscription that was never paid, the latest one
    /// ends the arrears.
    pub(in crate::transitions) fn invoice_voided(&mut self, invoice: &InvoiceId) -> Result<()> {
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
                | SubscriptionStatus::Paused
                | SubscriptionStatus::Canceled => {}
            }
        })
    }
}
