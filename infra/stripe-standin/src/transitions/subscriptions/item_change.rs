//! Immediate change of a subscription's price (<https://docs.stripe.com/billing/subscriptions/change-price>).

use super::{
    change::{PaymentBehavior, SubscriptionUpdate},
    ending::RequestedEnd,
};
use crate::{
    calendar::{Period, later, period_at},
    error::{ApiError, Result},
    ids::{InvoiceId, SubscriptionId},
    model::{
        BillingReason, Debit, InvoiceStatus, Item, Line, PendingItem, PendingUpdate, ProrationBehavior, Subscription,
        SubscriptionStatus, settled,
    },
    state::State,
    transitions::invoices::Attempt,
};
use jiff::{SignedDuration, Timestamp};

/// Maximum time that a change is pending
/// (<https://docs.stripe.com/billing/subscriptions/pending-updates-reference#expiration>).
const PATIENCE: SignedDuration = SignedDuration::from_hours(23);

/// Result of a change of the item.
struct Changed {
    item: Item,
    /// New anchor, if the interval changes.
    anchor: Option<Timestamp>,
    prorations: Vec<PendingItem>,
}

impl State {
    /// Changes price or quantity with the update's behaviours. Returns true if the whole update is pending until it is
    /// paid.
    pub(in crate::transitions) fn change_item(
        &mut self,
        before: &Subscription,
        update: &SubscriptionUpdate,
    ) -> Result<bool> {
        let id = &before.id;
        let mut item = before.item.clone();
        item.price = update.price.clone().unwrap_or(item.price);
        item.quantity = update.quantity.unwrap_or(item.quantity);
        if item.price == before.item.price && item.quantity == before.item.quantity {
            return Ok(false);
        }
        // In a trial nothing was paid and nothing is owed.
        if before.status == SubscriptionStatus::Trialing {
            self.amend_subscription(id, |subscription| subscription.item = item)?;
            return Ok(false);
        }
        let changed = self.prorated(before, item, update)?;
        if changed.anchor.is_some() || update.proration == ProrationBehavior::AlwaysInvoice {
            return self.invoice_change(before, changed, update);
        }
        self.discard_pending_update(id)?;
        let Changed { item, prorations, .. } = changed;
        for waiting in prorations {
            self.pending_items.put(waiting.id.clone(), waiting);
        }
        self.amend_subscription(id, |subscription| subscription.item = item)?;
        Ok(false)
    }

    /// Computes the credit for the old price and the debit for the new one. Another interval begins a new period
    /// immediately, in full (<https://docs.stripe.com/billing/subscriptions/billing-cycle#changing>).
    fn prorated(&mut self, before: &Subscription, mut item: Item, update: &SubscriptionUpdate) -> Result<Changed> {
        let at = update.proration_date.unwrap_or(self.now);
        let (old, new) = (self.prices.known(&before.item.price)?.interval, self.prices.known(&item.price)?.interval);
        let mut prorations = Vec::new();
        if update.proration.prorates() {
            prorations.extend(self.credit(before, at)?);
        }
        if old != new {
            item.period = period_at(self.now, new, self.now);
            return Ok(Changed { item, anchor: Some(self.now), prorations });
        }
        if update.proration.prorates() {
            let debit = self.debit(before, &item, at)?;
            let amount = debit.as_ref().map_or(0, |debit| debit.amount);
            item.debit = Some(Debit { amount, period: Period { start: at, end: item.period.end }, source: None });
            prorations.extend(debit);
        }
        Ok(Changed { item, anchor: None, prorations })
    }

    /// Charges the difference immediately. Applies the change if that is paid, or follows the payment behaviour. Returns
    /// true if the update is pending.
    fn invoice_change(&mut self, before: &Subscription, changed: Changed, update: &SubscriptionUpdate) -> Result<bool> {
        let Changed { mut item, anchor, prorations } = changed;
        let (id, invoice): (_, InvoiceId) = (&before.id, self.fresh());
        let mut lines: Vec<Line> = prorations.into_iter().map(|waiting| self.line_of(waiting)).collect();
        if anchor.is_some() {
            lines.push(self.period_line(&invoice, &mut item)?);
        } else if let (Some(debit), Some(line)) = (&mut item.debit, lines.last()) {
            debit.source = Some((invoice.clone(), line.id.clone()));
        }
        let payer = self.payer(&before.customer, before.default_payment_method.as_ref());
        let fails = self.would_decline(&before.customer, payer.as_ref()) && self.would_charge(before, &lines)?;
        if fails && update.payment == PaymentBehavior::Refuse {
            return Err(ApiError::declined());
        }
        // Nothing is refused from here on.
        self.discard_pending_update(id)?;
        let waits = fails && update.payment == PaymentBehavior::Wait;
        let pending = waits.then(|| PendingUpdate {
            invoice: invoice.clone(),
            expires_at: later(self.now, PATIENCE).min(before.item.period.end),
            item: item.clone(),
            anchor,
            metadata: update.metadata.clone(),
            cancel_at_period_end: RequestedEnd::at_period_end(&update.cancellation),
        });
        self.amend_subscription(id, |subscription| {
            subscription.latest_invoice = Some(invoice.clone());
            match pending {
                Some(pending) => subscription.pending_update = Some(pending),
                None => subscription.take_item(item, anchor),
            }
        })?;
        let now = self.subscriptions.known(id)?.clone();
        self.draft_invoice(invoice.clone(), &now, BillingReason::Update, Period::moment(self.now), lines)?;
        self.finalize_invoice(&invoice)?;
        if self.invoices.known(&invoice)?.status == InvoiceStatus::Open {
            self.collect_invoice(&invoice, payer, Attempt::Automatic)?;
        }
        Ok(waits)
    }

    /// Returns true if an invoice of these lines and the pending items would have an amount due.
    fn would_charge(&self, subscription: &Subscription, lines: &[Line]) -> Result<bool> {
        let waiting = self.pending_items.iter().filter(|item| item.subscription == subscription.id);
        let sum: i64 = waiting.map(|item| item.amount).chain(lines.iter().map(|line| line.amount)).sum();
        Ok(settled(sum, self.customers.known(&subscription.customer)?.balance).0 > 0)
    }

    /// Returns the change that is pending until it is paid.
    pub(in crate::transitions) fn pending_update(&self, id: &SubscriptionId) -> Option<&PendingUpdate> {
        self.subscriptions.get(id)?.pending_update.as_ref()
    }
}
