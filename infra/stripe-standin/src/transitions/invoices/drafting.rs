//! Creation of invoices, and the events about their changes.

use crate::{
    calendar::Period,
    error::Result,
    ids::{InvoiceId, SubscriptionId},
    model::{BillingReason, Invoice, InvoiceStatus, Line, LineOrigin, PauseBehavior, PendingItem, Subscription},
    state::State,
    view,
};
use jiff::SignedDuration;

/// Time that the invoice of a renewal stays a draft
/// (<https://docs.stripe.com/invoicing/integration/workflow-transitions>).
const DRAFT: SignedDuration = SignedDuration::from_hours(1);

impl State {
    /// Adds `number` copies of the newest invoice without events.
    pub(crate) fn repeat_invoice(&mut self, number: usize) {
        let newest = self.invoices.newest().next().cloned();
        for invoice in newest.iter().cycle().take(number) {
            let copy = Invoice { id: self.fresh(), ..invoice.clone() };
            self.invoices.put(copy.id.clone(), copy);
        }
    }

    /// Drafts an invoice for a subscription, with the pending items first.
    pub(in crate::transitions) fn draft_invoice(
        &mut self,
        id: InvoiceId,
        subscription: &Subscription,
        reason: BillingReason,
        period: Period,
        mut lines: Vec<Line>,
    ) -> Result<()> {
        let mut all = self.take_pending(&subscription.id);
        all.append(&mut lines);
        let lasting = self.lasting_discounts(&subscription.discounts, &all)?;
        if lasting != subscription.discounts {
            self.amend_subscription(&subscription.id, |subscription| subscription.discounts = lasting)?;
        }
        let customer = self.customers.known(&subscription.customer)?;
        let renewal = reason == BillingReason::Cycle;
        let paused = subscription.pause.as_ref().map(|pause| pause.behavior);
        let advances = (!renewal || subscription.collects()) && paused != Some(PauseBehavior::KeepAsDraft);
        let invoice = Invoice {
            id: id.clone(),
            customer: customer.id.clone(),
            subscription: subscription.id.clone(),
            subscription_metadata: subscription.metadata.clone(),
            billed_to: None,
            finalization_failed: false,
            created: self.now,
            currency: self.currency_of(&subscription.items)?,
            reason,
            status: InvoiceStatus::Draft,
            period,
            lines: all,
            number: None,
            starting_balance: customer.balance,
            ending_balance: None,
            attempts: 0,
            next_attempt: None,
            advances,
            finalizes_at: (renewal && advances).then(|| self.after(DRAFT)),
            finalized_at: None,
            paid_at: None,
            voided_at: None,
            uncollectible_at: None,
            payment: None,
            hosted: self.letters(60),
        };
        let object = view::invoice(self, &invoice);
        self.invoices.put(id, invoice);
        self.emit("invoice.created", object);
        Ok(())
    }

    /// Takes the items that are pending for the subscription's next invoice.
    fn take_pending(&mut self, subscription: &SubscriptionId) -> Vec<Line> {
        let waiting: Vec<_> =
            self.pending_items.iter().filter(|item| item.subscription == *subscription).cloned().collect();
        self.pending_items.retain(|item| item.subscription != *subscription);
        waiting.into_iter().map(|item| self.line_of(item)).collect()
    }

    /// Makes an invoice line of a proration.
    pub(in crate::transitions) fn line_of(&mut self, item: PendingItem) -> Line {
        let PendingItem { id, item, amount, description, period, price, quantity, credits, .. } = item;
        let origin = LineOrigin::Proration { invoice_item: id, credits };
        Line { id: self.fresh(), amount, description, period, price, quantity, item, origin, discounts: Vec::new() }
    }

    /// Starts or stops the automatic collection: a draft is finalized after its hour, an open invoice is collected now
    /// (<https://docs.stripe.com/invoicing/integration/automatic-advancement-collection>).
    pub(crate) fn set_auto_advance(&mut self, id: &InvoiceId, wanted: Option<bool>) -> Result<()> {
        let Some(wanted) = wanted else { return Ok(()) };
        let (now, later) = (self.now, self.after(DRAFT));
        self.amend_invoice(id, |invoice| {
            if invoice.advances == wanted
                && wanted == (invoice.next_attempt.is_some() || invoice.finalizes_at.is_some())
            {
                return;
            }
            invoice.advances = wanted;
            invoice.finalizes_at = (wanted && invoice.status == InvoiceStatus::Draft).then_some(later);
            invoice.next_attempt = (wanted && invoice.status == InvoiceStatus::Open).then_some(now);
        })
    }

    /// Changes an invoice and emits an event.
    pub(in crate::transitions) fn amend_invoice(
        &mut self,
        id: &InvoiceId,
        change: impl FnOnce(&mut Invoice),
    ) -> Result<()> {
        let before = view::invoice(self, self.invoices.known(id)?);
        change(self.invoices.known_mut(id)?);
        let after = view::invoice(self, self.invoices.known(id)?);
        self.emit_change("invoice.updated", before, after);
        Ok(())
    }

    /// Emits an event about an invoice.
    pub(in crate::transitions) fn emit_invoice(&mut self, kind: &'static str, id: &InvoiceId) -> Result<()> {
        let object = view::invoice(self, self.invoices.known(id)?);
        self.emit(kind, object);
        Ok(())
    }
}
