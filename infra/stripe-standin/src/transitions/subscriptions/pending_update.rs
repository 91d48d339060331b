//! Pending change of a subscription (<https://docs.stripe.com/billing/subscriptions/pending-updates>).

use crate::{
    error::Result,
    ids::{InvoiceId, SubscriptionId},
    model::{Cancellation, InvoiceStatus},
    state::State,
};

impl State {
    /// Applies the pending change if this invoice is its payment.
    pub(in crate::transitions) fn apply_pending_update(
        &mut self,
        id: &SubscriptionId,
        paid: &InvoiceId,
    ) -> Result<bool> {
        let subscription = self.subscriptions.known(id)?;
        let Some(update) = subscription.pending_update.clone().filter(|update| update.invoice == *paid) else {
            return Ok(false);
        };
        let (now, mut metadata) = (self.now, subscription.metadata.clone());
        update.metadata.apply(&mut metadata)?;
        self.amend_subscription(id, |subscription| {
            subscription.pending_update = None;
            subscription.metadata = metadata;
            subscription.take_items(update.items, update.begins);
            if let Some(ends) = update.cancel_at_period_end {
                subscription.set_end(ends.then_some(Cancellation::AtPeriodEnd), now);
            }
        })?;
        self.emit_subscription("customer.subscription.pending_update_applied", id)?;
        Ok(true)
    }

    /// Drops the pending change if this invoice is its payment.
    pub(in crate::transitions) fn drop_pending_update(
        &mut self,
        id: &SubscriptionId,
        void: &InvoiceId,
    ) -> Result<bool> {
        let waits = self.pending_update(id).is_some_and(|update| update.invoice == *void);
        if waits {
            self.amend_subscription(id, |subscription| subscription.pending_update = None)?;
        }
        Ok(waits)
    }

    /// Discards the pending change, which another one replaces, and voids its invoice.
    pub(in crate::transitions) fn discard_pending_update(&mut self, id: &SubscriptionId) -> Result<()> {
        let Some(invoice) = self.pending_update(id).map(|update| update.invoice.clone()) else { return Ok(()) };
        if self.invoices.known(&invoice)?.status == InvoiceStatus::Open {
            self.void_invoice(&invoice)?;
        }
        self.drop_pending_update(id, &invoice)?;
        Ok(())
    }

    /// Expires the pending change if the request wants another end than it
    /// (<https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation>).
    pub(in crate::transitions) fn expire_conflicting_update(
        &mut self,
        id: &SubscriptionId,
        wanted: Option<bool>,
    ) -> Result<()> {
        let pending = self.pending_update(id).and_then(|update| update.cancel_at_period_end);
        match (pending, wanted) {
            (Some(pending), Some(wanted)) if pending != wanted => self.expire_pending_update(id),
            (Some(_) | None, _) => Ok(()),
        }
    }

    /// Expires the pending change, if there is one.
    pub(in crate::transitions) fn expire_pending_update(&mut self, id: &SubscriptionId) -> Result<()> {
        if self.pending_update(id).is_none() {
            return Ok(());
        }
        self.discard_pending_update(id)?;
        self.emit_subscription("customer.subscription.pending_update_expired", id)
    }
}
