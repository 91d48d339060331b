//! Collection of invoices: finalizing, collecting, paying, voiding and writing off
//! (<https://docs.stripe.com/invoicing/integration/workflow-transitions>).

use crate::{
    error::{ApiError, Result},
    ids::{IntentId, InvoiceId, PaymentMethodId},
    model::{Behavior, BilledTo, IntentStatus, Invoice, InvoicePayment, InvoiceStatus, PaymentOutcome},
    state::State,
    view,
};

/// Origin of an attempt to collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transitions) enum Attempt {
    Automatic,
    ByHand,
    /// By the customer, who can authenticate.
    OnPage,
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
        if self.customers.known(&customer)?.finalization_fails {
            return self.finalization_failed(id);
        }
        let metadata = self.subscriptions.known(&subscription)?.metadata.clone();
        let now = self.now;
        let owner = self.customers.known_mut(&customer)?;
        let number = format!("{}-{:04}", owner.invoice_prefix, owner.next_invoice);
        owner.next_invoice += 1;
        let balance = owner.balance;
        let billed_to =
            BilledTo { name: owner.name.clone(), address: owner.address.clone(), tax_ids: owner.tax_ids.clone() };
        let invoice = self.invoices.known_mut(id)?;
        invoice.status = InvoiceStatus::Open;
        invoice.number = Some(number);
        invoice.subscription_metadata = metadata;
        invoice.billed_to = Some(billed_to);
        invoice.finalization_failed = false;
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

    /// Leaves the invoice a draft (<https://docs.stripe.com/invoicing/integration/workflow-transitions#finalization-failures>).
    fn finalization_failed(&mut self, id: &InvoiceId) -> Result<()> {
        let invoice = self.invoices.known_mut(id)?;
        invoice.finalization_failed = true;
        invoice.finalizes_at = None;
        self.emit_invoice("invoice.finalization_failed", id)
    }

    /// Attempts once to collect an open invoice. Manual attempts do not count for the retry schedule, unless they are the
    /// first (<https://docs.stripe.com/api/invoices/object>, `attempt_count`).
    pub(in crate::transitions) fn collect_invoice(
        &mut self,
        id: &InvoiceId,
        method: Option<PaymentMethodId>,
        attempt: Attempt,
    ) -> Result<PaymentOutcome> {
        let customer = self.invoices.known(id)?.customer.clone();
        let outcome = self.outcome(&customer, method.as_ref());
        let outcome = match outcome {
            // The customer is there and authenticates.
            PaymentOutcome::NeedsAction if attempt == Attempt::OnPage => PaymentOutcome::Succeeds,
            PaymentOutcome::Succeeds
            | PaymentOutcome::Declines
            | PaymentOutcome::NeedsAction
            | PaymentOutcome::Processing => outcome,
        };
        if let (Some(intent), Some(method)) = (self.intent_of(id), &method) {
            self.charge(&intent, method, outcome)?;
        }
        let invoice = self.invoices.known_mut(id)?;
        let counts = attempt == Attempt::Automatic || invoice.attempts == 0;
        if counts {
            invoice.attempts += 1;
        }
        match outcome {
            PaymentOutcome::Succeeds => self.settle_invoice(id)?,
            PaymentOutcome::Processing => {
                invoice.next_attempt = None;
                self.invoice_processing(id)?;
            }
            PaymentOutcome::Declines | PaymentOutcome::NeedsAction => {
                if outcome == PaymentOutcome::NeedsAction {
                    self.emit_invoice("invoice.payment_action_required", id)?;
                }
                self.collection_failed(id, attempt, counts)?;
            }
        }
        Ok(outcome)
    }

    fn collection_failed(&mut self, id: &InvoiceId, attempt: Attempt, counts: bool) -> Result<()> {
        if counts {
            self.plan_retry(id)?;
        }
        if attempt == Attempt::Automatic {
            let customer = self.invoices.known(id)?.customer.clone();
            self.amend_customer(&customer, |customer| customer.delinquent = true)?;
        }
        self.emit_invoice("invoice.payment_failed", id)?;
        self.invoice_failed(id)?;
        if counts { self.end_dunning(id) } else { Ok(()) }
    }

    /// Ends the processing of a bank debit when its time has come.
    pub(in crate::transitions) fn settle_payment(&mut self, id: &IntentId) -> Result<()> {
        let intent = self.intents.known(id)?;
        let method = intent.payment_method.as_ref().and_then(|method| self.payment_methods.get(method));
        let pays = method.is_some_and(|method| method.behavior == Behavior::Pays);
        let fails = self.customers.known(&intent.customer)?.cards_fail;
        self.settle_payment_as(id, pays && !fails)
    }

    /// Ends the processing of an invoice's bank debit now.
    pub(crate) fn settle_invoice_payment(&mut self, id: &InvoiceId, succeeded: bool) -> Result<()> {
        self.invoices.find(id, "invoice")?;
        match self.intent_of(id) {
            Some(intent) if self.intents.known(&intent)?.status == IntentStatus::Processing => {
                self.settle_payment_as(&intent, succeeded)
            }
            Some(_) | None => Err(ApiError::refused(format!("No payment of invoice {id} is processing."))),
        }
    }

    fn settle_payment_as(&mut self, intent: &IntentId, succeeded: bool) -> Result<()> {
        self.end_processing(intent, succeeded)?;
        let of = |invoice: &&Invoice| invoice.payment.as_ref().is_some_and(|payment| payment.intent == *intent);
        let Some(invoice) = self.invoices.iter().find(of).map(|invoice| invoice.id.clone()) else { return Ok(()) };
        if succeeded {
            self.settle_invoice(&invoice)?;
            return self.session_settled(&invoice, "checkout.session.async_payment_succeeded");
        }
        self.collection_failed(&invoice, Attempt::Automatic, true)?;
        self.session_settled(&invoice, "checkout.session.async_payment_failed")
    }

    fn is_processing(&self, id: &InvoiceId) -> bool {
        let intent = self.intent_of(id).and_then(|intent| self.intents.get(&intent));
        intent.is_some_and(|intent| intent.status == IntentStatus::Processing)
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

    /// Pays an open invoice by the API (<https://docs.stripe.com/api/invoices/pay>).
    pub(crate) fn pay_invoice(&mut self, id: &InvoiceId, method: Option<PaymentMethodId>) -> Result<()> {
        self.pay_invoice_as(id, method, Attempt::ByHand)
    }

    /// Pays an open invoice on its page, where the customer can authenticate
    /// (<https://docs.stripe.com/invoicing/hosted-invoice-page>).
    pub(crate) fn pay_invoice_on_page(&mut self, id: &InvoiceId) -> Result<()> {
        self.pay_invoice_as(id, None, Attempt::OnPage)
    }

    fn pay_invoice_as(&mut self, id: &InvoiceId, method: Option<PaymentMethodId>, attempt: Attempt) -> Result<()> {
        let invoice = self.invoices.find(id, "id")?;
        self.live_customer(&invoice.customer, "customer")?;
        match invoice.status {
            InvoiceStatus::Paid => return Err(ApiError::refused("Invoice is already paid")),
            InvoiceStatus::Void => return Err(ApiError::refused("This invoice is void and can't be paid.")),
            InvoiceStatus::Draft => self.finalize_invoice(id)?,
            InvoiceStatus::Open | InvoiceStatus::Uncollectible if self.is_processing(id) => {
                return Err(ApiError::refused("This invoice has a payment that is processing."));
            }
            InvoiceStatus::Open | InvoiceStatus::Uncollectible => {}
        }
        let invoice = self.invoices.known(id)?;
        if invoice.status == InvoiceStatus::Paid {
            return Ok(());
        }
        let own = self.subscriptions.known(&invoice.subscription)?.default_payment_method.clone();
        let method = method.or_else(|| self.payer(&invoice.customer, own.as_ref()));
        match self.collect_invoice(id, method, attempt)? {
            PaymentOutcome::Succeeds | PaymentOutcome::Processing => Ok(()),
            PaymentOutcome::Declines => Err(ApiError::declined()),
            PaymentOutcome::NeedsAction => Err(ApiError::needs_action("invoice")),
        }
    }

    /// Voids an invoice permanently (<https://docs.stripe.com/api/invoices/void>).
    pub(crate) fn void_invoice(&mut self, id: &InvoiceId) -> Result<()> {
        let now = self.now;
        let invoice = self.invoices.find(id, "id")?;
        if !matches!(invoice.status, InvoiceStatus::Open | InvoiceStatus::Uncollectible) {
            return Err(ApiError::refused("You can only pass in open invoices. This invoice isn't open."));
        }
        if self.is_processing(id) {
            return Err(ApiError::refused("You cannot void an invoice with a payment that is processing."));
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
