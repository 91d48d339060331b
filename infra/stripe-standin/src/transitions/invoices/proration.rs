//! Prorations: the credit for the rest of a period, and the debit of another price for it
//! (<https://docs.stripe.com/billing/subscriptions/prorations>).

use super::collection::Attempt;
use crate::{
    calendar::Period,
    error::Result,
    ids::SubscriptionId,
    model::{BillingReason, InvoiceStatus, Item, PendingItem, Subscription},
    state::State,
};
use jiff::Timestamp;

/// Returns the share of an amount, rounded half away from zero.
fn share(amount: i64, (part, whole): (i64, i64)) -> i64 {
    let product = i128::from(amount) * i128::from(part);
    let (whole, half) = (i128::from(whole.max(1)), i128::from(whole.max(1)) / 2);
    let rounded = if product < 0 { (product - half) / whole } else { (product + half) / whole };
    i64::try_from(rounded).unwrap_or_default()
}

impl State {
    /// Returns the credit for the rest of the period: a share of the amount that was charged, so that no more is given
    /// back. It is zero in a trial.
    pub(in crate::transitions) fn credit(
        &mut self,
        subscription: &Subscription,
        item: &Item,
        at: Timestamp,
    ) -> Result<Option<PendingItem>> {
        let Some(debit) = &item.debit else { return Ok(None) };
        let amount = -share(debit.amount, debit.period.left(at));
        if amount == 0 {
            return Ok(None);
        }
        let description = format!("Unused time on {} after {}", self.describe_units(item)?, day(at));
        let mut credit = self.pending(subscription, item, amount, at, description);
        credit.credits = debit.source.clone();
        Ok(Some(credit))
    }

    /// Returns the debit of the item for the rest of the period.
    pub(in crate::transitions) fn debit(
        &mut self,
        subscription: &Subscription,
        item: &Item,
        at: Timestamp,
    ) -> Result<Option<PendingItem>> {
        let full = self.prices.known(&item.price)?.unit_amount.saturating_mul(item.quantity);
        let amount = self.reduced(subscription, share(full, subscription.period.left(at)))?;
        if amount == 0 {
            return Ok(None);
        }
        let description = format!("Remaining time on {} after {}", self.describe_units(item)?, day(at));
        Ok(Some(self.pending(subscription, item, amount, at, description)))
    }

    fn pending(
        &mut self,
        subscription: &Subscription,
        item: &Item,
        amount: i64,
        at: Timestamp,
        description: String,
    ) -> PendingItem {
        PendingItem {
            id: self.fresh(),
            subscription: subscription.id.clone(),
            item: item.id.clone(),
            amount,
            description,
            period: Period { start: at, end: subscription.period.end },
            price: item.price.clone(),
            quantity: item.quantity,
            credits: None,
        }
    }

    /// Describes what an item is of: "Pro", or "3 × Pro".
    fn describe_units(&self, item: &Item) -> Result<String> {
        let price = self.prices.known(&item.price)?;
        let name = &self.products.known(&price.product)?.name;
        Ok(if item.quantity == 1 { name.clone() } else { format!("{} × {name}", item.quantity) })
    }

    /// Creates an invoice of the pending items now and collects it.
    pub(in crate::transitions) fn invoice_pending(&mut self, id: &SubscriptionId) -> Result<()> {
        if !self.pending_items.iter().any(|item| item.subscription == *id) {
            return Ok(());
        }
        let subscription = self.subscriptions.known(id)?.clone();
        let invoice: crate::ids::InvoiceId = self.fresh();
        let (period, reason) = (Period::moment(self.now), BillingReason::Update);
        self.draft_invoice(invoice.clone(), &subscription, reason, period, Vec::new())?;
        self.amend_subscription(id, |subscription| subscription.latest_invoice = Some(invoice.clone()))?;
        self.finalize_invoice(&invoice)?;
        if self.invoices.known(&invoice)?.status == InvoiceStatus::Open {
            let payer = self.payer(&subscription.customer, subscription.default_payment_method.as_ref());
            self.collect_invoice(&invoice, payer, Attempt::Automatic)?;
        }
        Ok(())
    }
}

/// Formats a day as Stripe's descriptions do: "21 Nov 2026".
fn day(at: Timestamp) -> String {
    at.strftime("%d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::share;
    use proptest::prelude::*;

    #[test]
    fn shares_are_rounded_half_away_from_zero() {
        for (amount, part, whole, expected) in
            [(2_900, 15, 30, 1_450), (1, 1, 2, 1), (-1, 1, 2, -1), (1, 1, 3, 0), (2, 1, 3, 1), (900, 0, 30, 0)]
        {
            assert_eq!(share(amount, (part, whole)), expected, "{amount} * {part}/{whole}");
        }
    }

    proptest! {
        /// The credit and the rest differ from the whole by rounding only.
        #[test]
        fn shares_add_up(amount in 0..10_000_000_i64, whole in 1..40_000_000_i64, cut in 0.0..1.0_f64) {
            let part = (whole as f64 * cut) as i64;
            let sum = share(amount, (part, whole)) + share(amount, (whole - part, whole));
            prop_assert!((sum - amount).abs() <= 1);
        }

        /// A credit never exceeds the charge.
        #[test]
        fn shares_stay_below_the_whole(amount in 0..10_000_000_i64, whole in 1..40_000_000_i64, cut in 0.0..=1.0_f64) {
            let part = ((whole as f64 * cut) as i64).min(whole);
            prop_assert!((0..=amount).contains(&share(amount, (part, whole))));
        }
    }
}
