//! Effects of time on a subscription and its invoices: renewals, the end of a trial, retries of a failed payment
//! (<https://docs.stripe.com/billing/subscriptions/overview#how-payments-work-subscriptions>).

use crate::{
    calendar::{later, period_at},
    error::Result,
    ids::{InvoiceId, SubscriptionId},
    model::{BillingReason, EndReason, Exhausted, InvoiceStatus, PauseBehavior, SubscriptionStatus},
    state::State,
    transitions::invoices::Attempt,
};
use jiff::Timestamp;

impl State {
    /// Begins the next period and drafts its invoice, which is finalized an hour later.
    pub(in crate::transitions) fn renew(&mut self, id: &SubscriptionId) -> Result<()> {
        let subscription = self.subscriptions.known(id)?.clone();
        let (elapsed, mut items) = (subscription.period, subscription.items.clone());
        let period = period_at(subscription.anchor, self.interval_of(&items)?, self.now);
        let invoice: InvoiceId = self.fresh();
        let mut lines = self.period_lines(&invoice, period, &mut items)?;
        self.reduce_lines(&subscription, &mut lines, &mut items)?;
        self.amend_subscription(id, |subscription| {
            (subscription.items, subscription.period) = (items, period);
            subscription.latest_invoice = Some(invoice.clone());
            if subscription.status == SubscriptionStatus::Trialing {
                subscription.status = SubscriptionStatus::Active;
            }
        })?;
        let subscription = self.subscriptions.known(id)?.clone();
        self.draft_invoice(invoice, &subscription, BillingReason::Cycle, elapsed, lines)
    }

    /// Ends the trial now and begins the first paid period.
    pub(in crate::transitions) fn end_trial(&mut self, id: &SubscriptionId) -> Result<()> {
        let now = self.now;
        let subscription = self.subscriptions.known(id)?;
        if subscription.status != SubscriptionStatus::Trialing {
            return Ok(());
        }
        let pauses = subscription.pauses_without_method;
        if pauses && self.payer(&subscription.customer, subscription.default_payment_method.as_ref()).is_none() {
            self.amend_subscription(id, |subscription| subscription.status = SubscriptionStatus::Paused)?;
            return self.emit_subscription("customer.subscription.paused", id);
        }
        let subscription = self.subscriptions.known_mut(id)?;
        subscription.anchor = now;
        subscription.period.end = now;
        if let Some(trial) = &mut subscription.trial {
            trial.end = now;
        }
        self.renew(id)
    }

    /// Ends the pause of the collection. Drafts that it left stay drafts
    /// (<https://docs.stripe.com/billing/subscriptions/pause-payment>).
    pub(in crate::transitions) fn end_pause(&mut self, id: &SubscriptionId) -> Result<()> {
        self.amend_subscription(id, |subscription| subscription.pause = None)
    }

    /// Announces the end of a trial, three days before
    /// (<https://docs.stripe.com/billing/subscriptions/trials#trial-ending>).
    pub(in crate::transitions) fn announce_trial_end(&mut self, id: &SubscriptionId) -> Result<()> {
        self.subscriptions.known_mut(id)?.trial_end_announced = true;
        self.emit_subscription("customer.subscription.trial_will_end", id)
    }

    /// Ends a subscription whose first payment did not come within 23 hours, and voids its invoice.
    pub(in crate::transitions) fn expire_incomplete(&mut self, id: &SubscriptionId) -> Result<()> {
        match self.subscriptions.known(id)?.latest_invoice.clone() {
            Some(invoice) => self.void_invoice(&invoice),
            None => Ok(()),
        }
    }

    /// Finalizes and collects a draft after its hour.
    pub(in crate::transitions) fn advance_draft(&mut self, id: &InvoiceId) -> Result<()> {
        self.finalize_invoice(id)?;
        let subscription = self.invoices.known(id)?.subscription.clone();
        let pause = self.subscriptions.known(&subscription)?.pause.as_ref().map(|pause| pause.behavior);
        let open = self.invoices.known(id)?.status == InvoiceStatus::Open;
        match pause.filter(|_| open) {
            Some(PauseBehavior::Void) => self.void_invoice(id),
            Some(PauseBehavior::MarkUncollectible) => self.write_off_invoice(id),
            Some(PauseBehavior::KeepAsDraft) | None => self.retry(id),
        }
    }

    /// Attempts automatically to collect.
    pub(in crate::transitions) fn retry(&mut self, id: &InvoiceId) -> Result<()> {
        let invoice = self.invoices.known(id)?;
        if invoice.status != InvoiceStatus::Open {
            return Ok(());
        }
        let (customer, subscription) = (invoice.customer.clone(), invoice.subscription.clone());
        let own = self.subscriptions.known(&subscription)?.default_payment_method.clone();
        let payer = self.payer(&customer, own.as_ref());
        self.collect_invoice(id, payer, Attempt::Automatic)?;
        Ok(())
    }

    /// Schedules the next attempt for a failed invoice. A first invoice, and one with a pending change, is not retried,
    /// because its customer is present (<https://docs.stripe.com/billing/revenue-recovery/smart-retries>).
    pub(in crate::transitions) fn plan_retry(&mut self, id: &InvoiceId) -> Result<()> {
        let next = if self.is_dunned(id)? { self.next_retry(id)? } else { None };
        self.invoices.known_mut(id)?.next_attempt = next;
        Ok(())
    }

    fn is_dunned(&self, id: &InvoiceId) -> Result<bool> {
        let invoice = self.invoices.known(id)?;
        let awaited = self.pending_update(&invoice.subscription).is_some_and(|update| update.invoice == *id);
        Ok(invoice.advances && invoice.reason != BillingReason::Create && !awaited)
    }

    fn next_retry(&self, id: &InvoiceId) -> Result<Option<Timestamp>> {
        let tried = usize::try_from(self.invoices.known(id)?.attempts).unwrap_or(usize::MAX);
        let wait = self.settings.dunning.retries.get(tried.saturating_sub(1));
        Ok(wait.map(|wait| later(self.now, *wait)))
    }

    /// Applies the account's setting after the last attempt.
    pub(in crate::transitions) fn end_dunning(&mut self, id: &InvoiceId) -> Result<()> {
        let invoice = self.invoices.known(id)?;
        if invoice.next_attempt.is_some() || !self.is_dunned(id)? {
            return Ok(());
        }
        let subscription = invoice.subscription.clone();
        if !self.subscriptions.known(&subscription)?.is_live() {
            return Ok(());
        }
        match self.settings.dunning.then {
            Exhausted::Cancel => self.end_subscription(&subscription, EndReason::PaymentFailed),
            Exhausted::Unpaid => self.amend_subscription(&subscription, |subscription| {
                subscription.status = SubscriptionStatus::Unpaid;
            }),
            Exhausted::PastDue => Ok(()),
        }
    }
}
