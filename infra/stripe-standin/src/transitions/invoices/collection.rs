//! Collection of invoices: finalizing, collecting, paying, voiding and writing off
//! (<https://docs.stripe.com/invoicing/integration/workflow-transitions>).

use crate::{
    error::{ApiError, Result},
    ids::{InvoiceId, PaymentMethodId},
    model::{InvoicePayment, InvoiceStatus},
    state::State,
    view,
};

/// Origin of an attempt to collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transitions) enum Attempt {
    Automatic,
    ByHand,
}

impl State {
    /// Finalizes a draft: sets its number and final amounts. An invoice without an amount due is paid immediately.
    pub(crate) fn finalize_invoice(&mut self, id: &InvoiceId) -> Result<()> {
        let invoice = self.invoices.known(id)?;
        if invoice.status != InvoiceStatus::Draft {
            return Err(ApiError::refused(
                "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            ));
        }
        let (customer, subscription) = (invoice.customer.clone(), invoice.subscription.clone());
        let metadata = self.subscriptions.known(&subscription)?.metadata.clone();
        let now = self.now;
        let owner = self.customers.known_mut(&customer)?;
        let number = format!("{}-{:04}", owner.invoice_prefix, owner.next_invoice);
        owner.next_invoice += 1;
        let balance = owner.balance;
        let invoice = self.invoices.known_mut(id)?;
        invoice.status = InvoiceStatus::Open;
        invoice.number = Some(number);
        invoice.subscription_metadata = metadata;
        invoice.finalizes_at = None;
        invoice.finalized_at = Some(now);
        invoice.starting_balance = balance;
        let (due, rest) = invoice.settled();
        invoice.ending_balance = Some(rest);
        let (currency, purpose) = (invoice.currency, invoice.reason.purpose());
        self.amend_customer(&customer, |customer| customer.balance = rest)?;
        if due > 0 {
            let intent = self.open_intent(&customer, due, currency, purpose);
            let payment = InvoicePayment { id: self.fresh(), intent };
            self.invoices.known_mut(id)?.payment = Some(payment);
        }
        self.emit_invoice("invoice.finalized", id)?;
        if due == 0 { self.settle_invoice(id) } else { Ok(()) }
    }

    /// Attempts once to collect an open invoice. Returns true if it was paid. Manual attempts do not count for the retry
    /// schedule, unless they are the first (<https://docs.stripe.com/api/invoices/object>, `attempt_count`).
    pub(in crate::transitions) fn collect_invoice(
        &mut self,
        id: &InvoiceId,
        method: Option<PaymentMethodId>,
        attempt: Attempt,
    ) -> Result<bool> {
        let customer = self.invoices.known(id)?.customer.clone();
        let pays = !self.would_decline(&customer, method.as_ref());
        if let (Some(intent), Some(method)) = (self.intent_of(id), &method) {
            self.charge(&intent, method, pays)?;
        }
        let invoice = self.invoices.known_mut(id)?;
        let counts = attempt == Attempt::Automatic || invoice.attempts == 0;
        if counts {
            invoice.attempts += 1;
        }
        if pays {
            self.settle_invoice(id)?;
            return Ok(true);
        }
        if counts {
            self.plan_retry(id)?;
        }
        if attempt == Attempt::Automatic {
            self.amend_customer(&customer, |customer| customer.delinquent = true)?;
        }
        self.emit_invoice("invoice.payment_failed", id)?;
        self.invoice_failed(id)?;
        if counts {
            self.end_dunning(id)?;
        }
        Ok(false)
    }

    /// Marks an invoice paid and updates its subscription.
    pub(in crate::transitions) fn settle_invoice(&mut self, id: &InvoiceId) -> Result<()> {
        let now = self.now;
        let invoice = self.invoices.known_mut(id)?;
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(now);
        invoice.next_attempt = None;
        let (payment, customer) = (invoice.payment.clone(), invoice.customer.clone());
        self.amend_customer(&customer, |customer| customer.delinquent = false)?;
        self.emit_invoice("invoice.paid", id)?;
        self.emit_invoice("invoice.payment_succeeded", id)?;
        if let Some(payment) = payment {
            let object = view::invoice_payment(self.invoices.known(id)?, &payment);
            self.emit("invoice_payment.paid", object);
        }
        self.invoice_paid(id)
    }

    /// Pays an open invoice by the customer's request, on its page or by the API
    /// (<https://docs.stripe.com/api/invoices/pay>).
    pub(crate) fn pay_invoice(&mut self, id: &InvoiceId, method: Option<PaymentMethodId>) -> Result<()> {
        let invoice = self.invoices.find(id, "id")?;
        self.live_customer(&invoice.customer, "customer")?;
        match invoice.status {
            InvoiceStatus::Paid => return Err(ApiError::refused("Invoice is already paid")),
            InvoiceStatus::Void => return Err(ApiError::refused("This invoice is void and can't be paid.")),
            InvoiceStatus::Draft => self.finalize_invoice(id)?,
            InvoiceStatus::Open | InvoiceStatus::Uncollectible => {}
        }
        let invoice = self.invoices.known(id)?;
        if invoice.status == InvoiceStatus::Paid {
            return Ok(());
        }
        let own = self.subscriptions.known(&invoice.subscription)?.default_payment_method.clone();
        let method = method.or_else(|| self.payer(&invoice.customer, own.as_ref()));
        if self.collect_invoice(id, method, Attempt::ByHand)? { Ok(()) } else { Err(ApiError::declined()) }
    }

    /// Voids an invoice permanently (<https://docs.stripe.com/api/invoices/void>).
    pub(crate) fn void_invoice(&mut self, id: &InvoiceId) -> Result<()> {
        let now = self.now;
        let invoice = self.invoices.find(id, "id")?;
        if !matches!(invoice.status, InvoiceStatus::Open | InvoiceStatus::Uncollectible) {
            return Err(ApiError::refused("You can only pass in open invoices. This invoice isn't open."));
        }
        let customer = invoice.customer.clone();
        // The credit that the invoice has used is returned.
        let used = invoice.starting_balance.saturating_sub(invoice.ending_balance.unwrap_or_default());
        let intent = self.intent_of(id);
        let invoice = self.invoices.known_mut(id)?;
        invoice.status = InvoiceStatus::Void;
        invoice.voided_at = Some(now);
        invoice.next_attempt = None;
        self.amend_customer(&customer, |customer| customer.balance = customer.balance.saturating_add(used))?;
        if let Some(intent) = intent {
            self.cancel_intent(&intent)?;
        }
        self.emit_invoice("invoice.voided", id)?;
        self.invoice_voided(id)
    }

    /// Writes off an open invoice (<https://docs.stripe.com/api/invoices/mark_uncollectible>).
    pub(crate) fn write_off_invoice(&mut self, id: &InvoiceId) -> Result<()> {
        let now = self.now;
        if self.invoices.find(id, "id")?.status != InvoiceStatus::Open {
            return Err(ApiError::refused("You can only mark an open invoice as uncollectible."));
        }
        let invoice = self.invoices.known_mut(id)?;
        invoice.status = InvoiceStatus::Uncollectible;
        invoice.uncollectible_at = Some(now);
        invoice.next_attempt = None;
        let customer = invoice.customer.clone();
        self.amend_customer(&customer, |customer| customer.delinquent = false)?;
        self.emit_invoice("invoice.marked_uncollectible", id)
    }
}
