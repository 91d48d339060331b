//! Immediate change of a subscription's items (<https://docs.stripe.com/billing/subscriptions/change-price>).

use super::{
    change::{PaymentBehavior, SubscriptionUpdate},
    ending::RequestedEnd,
};
use crate::{
    calendar::{Period, later, period_at},
    error::Result,
    ids::{InvoiceId, SubscriptionId},
    model::{
        BillingReason, Debit, InvoiceStatus, Item, Line, PendingItem, PendingUpdate, ProrationBehavior, Subscription,
        SubscriptionStatus, settled,
    },
    state::State,
    transitions::invoices::Attempt,
};
use jiff::SignedDuration;

/// Maximum time that a change is pending
/// (<https://docs.stripe.com/billing/subscriptions/pending-updates-reference#expiration>).
const PATIENCE: SignedDuration = SignedDuration::from_hours(23);

/// Result of a change of the items.
struct Changed {
    items: Vec<Item>,
    /// Period that begins now, if the interval changes.
    begins: Option<Period>,
    prorations: Vec<PendingItem>,
}

impl State {
    /// Changes items with the update's behaviours. Returns true if the whole update is pending until it is paid.
    pub(in crate::transitions) fn change_items(
        &mut self,
        before: &Subscription,
        update: &SubscriptionUpdate,
    ) -> Result<bool> {
        let id = &before.id;
        let items = self.changed_items(before, &update.items);
        let same = |(one, other): (&Item, &Item)| one.id == other.id && one.equals(other);
        if items.len() == before.items.len() && items.iter().zip(&before.items).all(same) {
            return Ok(false);
        }
        // In a trial nothing was paid and nothing is owed.
        if before.status == SubscriptionStatus::Trialing {
            self.amend_subscription(id, |subscription| subscription.items = items)?;
            return Ok(false);
        }
        let changed = self.prorated(before, items, update)?;
        if changed.begins.is_some() || update.proration == ProrationBehavior::AlwaysInvoice {
            return self.invoice_change(before, changed, update);
        }
        self.discard_pending_update(id)?;
        let Changed { items, prorations, .. } = changed;
        for waiting in prorations {
            self.pending_items.put(waiting.id.clone(), waiting);
        }
        self.amend_subscription(id, |subscription| subscription.items = items)?;
        Ok(false)
    }

    /// Computes the credits for the old items and the debits for the new ones. Another interval begins a new period
    /// immediately, in full, as does a change from free to paid (<https://docs.stripe.com/api/subscriptions/update>).
    fn prorated(
        &mut self,
        before: &Subscription,
        mut items: Vec<Item>,
        update: &SubscriptionUpdate,
    ) -> Result<Changed> {
        let at = update.proration_date.unwrap_or(self.now);
        let (old, new) = (self.interval_of(&before.items)?, self.interval_of(&items)?);
        let restarts = old != new || (self.price_of(&before.items)? == 0 && self.price_of(&items)? > 0);
        let stays = |item: &Item, others: &[Item]| others.iter().any(|other| other.id == item.id && other.equals(item));
        let mut prorations = Vec::new();
        if update.proration.prorates() {
            for item in before.items.iter().filter(|item| restarts || !stays(item, &items)) {
                prorations.extend(self.credit(before, item, at)?);
            }
        }
        if restarts {
            let begins = Some(period_at(self.now, new, self.now));
            return Ok(Changed { items, begins, prorations });
        }
        if update.proration.prorates() {
            for item in items.iter_mut().filter(|item| !stays(item, &before.items)) {
                let debit = self.debit(before, item, at)?;
                let amount = debit.as_ref().map_or(0, |debit| debit.amount);
                let period = Period { start: at, end: before.period.end };
                item.debit = Some(Debit { amount, period, source: None });
                prorations.extend(debit);
            }
        }
        Ok(Changed { items, begins: None, prorations })
    }

    /// Charges the difference immediately. Applies the change if that is paid, or follows the payment behaviour. Returns
    /// true if the update is pending.
    fn invoice_change(&mut self, before: &Subscription, changed: Changed, update: &SubscriptionUpdate) -> Result<bool> {
        let Changed { mut items, begins, prorations } = changed;
        let (id, invoice): (_, InvoiceId) = (&before.id, self.fresh());
        let mut lines: Vec<Line> = prorations.into_iter().map(|waiting| self.line_of(waiting)).collect();
        if let Some(period) = begins {
            let mut full = self.period_lines(&invoice, period, &mut items)?;
            self.reduce_lines(before, &mut full, &mut items)?;
            lines.append(&mut full);
        } else {
            for item in items.iter_mut().filter(|item| item.debit.as_ref().is_some_and(|debit| debit.source.is_none()))
            {
                let line = lines.iter().rev().find(|line| line.item == item.id && line.amount >= 0);
                if let (Some(debit), Some(line)) = (&mut item.debit, line) {
                    debit.source = Some((invoice.clone(), line.id.clone()));
                }
            }
        }
        let payer = self.payer(&before.customer, before.default_payment_method.as_ref());
        let charges = self.would_charge(before, &lines)?;
        let fails = charges && self.outcome(&before.customer, payer.as_ref()).fails();
        if charges && update.payment == PaymentBehavior::Refuse {
            self.refuse_failure(&before.customer, payer.as_ref())?;
        }
        // Nothing is refused from here on.
        self.discard_pending_update(id)?;
        let waits = fails && update.payment == PaymentBehavior::Wait;
        let pending = waits.then(|| PendingUpdate {
            invoice: invoice.clone(),
            expires_at: later(self.now, PATIENCE).min(before.period.end),
            items: items.clone(),
            begins,
            metadata: update.metadata.clone(),
            cancel_at_period_end: RequestedEnd::at_period_end(&update.cancellation),
        });
        self.amend_subscription(id, |subscription| {
            subscription.latest_invoice = Some(invoice.clone());
            match pending {
                Some(pending) => subscription.pending_update = Some(pending),
                None => subscription.take_items(items, begins),
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
        let sum: i64 = waiting.map(|item| item.amount).chain(lines.iter().map(Line::net)).sum();
        let balance = self.customers.known(&subscription.customer)?.balance;
        Ok(settled(sum, balance, self.currency_of(&subscription.items)?).0 > 0)
    }

    /// Returns the change that is pending until it is paid.
    pub(in crate::transitions) fn pending_update(&self, id: &SubscriptionId) -> Option<&PendingUpdate> {
        self.subscriptions.get(id)?.pending_update.as_ref()
    }
}
