//! Payments of a customer that are open or on their way, derived from their invoices at Stripe.

use super::facts::{CustomerAtStripe, OpenInvoice, SubscriptionAtStripe};
use crate::{
    billing::account::{OwedInvoice, UnpaidInvoice},
    billing::order::{OrderError, refusal},
    billing::subscription::{FirstPayment, Status, Subscription},
    plans::catalogue::Plans,
};

impl CustomerAtStripe {
    /// The invoice that made `subscription` overdue, if Stripe tried to collect it: the oldest of the arrears.
    #[must_use]
    pub fn owed(&self, subscription: &Subscription) -> Option<UnpaidInvoice> {
        let tried = self.arrears(&subscription.id).filter(|invoice| invoice.attempts > 0 && subscription.owes());
        let oldest = tried.min_by_key(|invoice| (invoice.finalized_at, &invoice.id))?;
        Some(UnpaidInvoice { invoice: oldest.id.clone(), attempts: oldest.attempts })
    }

    /// The open invoices of a subscription that became payable after its newest settled one. The status at Stripe
    /// depends on the latest invoice alone, so an older invoice that stayed open did not make the subscription overdue.
    /// <https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>
    pub(super) fn arrears<'a>(&'a self, subscription: &'a String) -> impl Iterator<Item = &'a OpenInvoice> {
        let settled =
            self.settled_invoices.iter().filter(|invoice| invoice.subscription.as_ref() == Some(subscription));
        let settled = settled.map(|invoice| invoice.finalized_at).max();
        self.open_of(subscription).filter(move |invoice| settled.is_none_or(|settled| settled < invoice.finalized_at))
    }

    /// True if the customer has paid for any subscription.
    pub(super) fn has_paid(&self) -> bool {
        self.settled_invoices.iter().any(|invoice| invoice.paid)
    }

    /// True if anything is to be paid: an open invoice, or a subscription that waits for a payment.
    #[must_use]
    pub fn has_debts(&self) -> bool {
        !self.open_invoices.is_empty() || self.subscriptions.iter().any(|held| held.status.awaits_payment())
    }

    /// The state of the first payment of `held`, while its first invoice is open. Stripe has `active` for a subscription
    /// whose first payment is on its way, and `past_due` once it has failed.
    /// <https://docs.stripe.com/billing/subscriptions/ach-debit>
    #[must_use]
    pub fn first_payment(&self, held: &SubscriptionAtStripe) -> Option<FirstPayment> {
        let mut first = self.open_of(&held.id).filter(|_| held.status.is_payable()).filter(|invoice| invoice.is_first);
        match first.next() {
            Some(OpenInvoice { is_processing: true, .. }) => Some(FirstPayment::Pending),
            Some(_) => held.status.awaits_payment().then_some(FirstPayment::Failed),
            None => None,
        }
    }

    /// The invoice to pay next so that the plan of `subscription` comes into force: the oldest of the arrears.
    #[must_use]
    pub fn payable(&self, subscription: &Subscription) -> Option<OwedInvoice> {
        let waits = match subscription.status {
            Status::PastDue | Status::Unpaid | Status::Incomplete => {
                subscription.first_payment != Some(FirstPayment::Pending)
            }
            Status::Active | Status::Trialing | Status::Paused | Status::IncompleteExpired | Status::Canceled => false,
        };
        let oldest = self
            .arrears(&subscription.id)
            .filter(|_| waits)
            .min_by_key(|invoice| (invoice.finalized_at, &invoice.id))?;
        Some(OwedInvoice { invoice: oldest.id.clone(), payment_url: oldest.page.clone()? })
    }

    /// The subscriptions that give nothing until a payment is made, so that a new purchase replaces them.
    pub fn replaceable(&self) -> impl Iterator<Item = &SubscriptionAtStripe> {
        self.subscriptions.iter().filter(|held| held.status.is_replaceable(self.first_payment(held)))
    }

    /// The reason for which nothing can be bought, if there is a subscription that can still be paid.
    #[must_use]
    pub fn refusal(&self, plans: Plans) -> Option<OrderError> {
        if !self.is_subscribed() {
            return None;
        }
        let current = self.subscription(plans).filter(Subscription::is_payable);
        Some(current.map_or(OrderError::PlanUnknown, |paid| refusal(paid.status, paid.first_payment)))
    }

    /// The current subscription, if it is unpaid and will renew, and every invoice of it was paid that could be. Stripe
    /// leaves the invoices of further periods as drafts, and only the payment of the latest one makes the subscription
    /// active. <https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>
    #[must_use]
    pub fn settled_unpaid(&self, plans: Plans) -> Option<&SubscriptionAtStripe> {
        let current = self.subscription(plans)?.id;
        self.subscriptions.iter().find(|held| {
            let settled =
                self.settled_invoices.iter().filter(|invoice| invoice.subscription.as_ref() == Some(&held.id));
            let paid = settled.max_by_key(|invoice| invoice.finalized_at).is_some_and(|invoice| invoice.paid);
            let arrears = self.arrears(&held.id).next().is_some();
            held.id == current && held.status == Status::Unpaid && !held.ends() && paid && !arrears
        })
    }

    /// The open invoices of subscriptions that have ended. Paying them gives nothing.
    pub fn debts_of_ended(&self) -> impl Iterator<Item = &OpenInvoice> {
        let ended = |id: &String| self.subscriptions.iter().any(|held| held.id == *id && !held.status.is_payable());
        self.open_invoices.iter().filter(move |invoice| invoice.subscription.as_ref().is_some_and(ended))
    }

    /// An invoice of a subscription that has ended and is still open, because a payment of it is on its way. It stays known
    /// until its outcome is.
    #[must_use]
    pub fn debt_under_way(&self) -> Option<OwedInvoice> {
        self.debts_of_ended()
            .find_map(|invoice| Some(OwedInvoice { invoice: invoice.id.clone(), payment_url: invoice.page.clone()? }))
    }

    fn open_of<'a>(&'a self, subscription: &'a String) -> impl Iterator<Item = &'a OpenInvoice> {
        self.open_invoices.iter().filter(|invoice| invoice.subscription.as_ref() == Some(subscription))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::{price::price, samples::plans};
    use crate::{
        billing::stripe::facts::{ItemAtStripe, SettledInvoice},
        billing::subscription::Period,
    };
    use jiff::Timestamp;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn held(status: Status) -> SubscriptionAtStripe {
        let period = Period { start: at(0), end: at(30) };
        SubscriptionAtStripe {
            id: "sub_1".to_owned(),
            created: at(0),
            items: vec![ItemAtStripe { price: price("price_pro_month"), quantity: 1, period }],
            status,
            cancel_at: None,
            cancel_at_period_end: false,
            trial_start: None,
            trial_end: None,
            schedule: None,
            scheduled_items: Vec::new(),
            pending_update: None,
            payment_method: None,
            collection_paused: false,
        }
    }

    fn open(subscription: &str, day: i64) -> OpenInvoice {
        OpenInvoice {
            id: format!("in_{day}"),
            attempts: 1,
            subscription: Some(subscription.to_owned()),
            finalized_at: at(day),
            is_first: false,
            is_processing: false,
            page: Some(format!("https://invoice.stripe.com/i/in_{day}")),
        }
    }

    #[test]
    fn grace_counts_from_the_failure_after_the_last_payment() {
        let settled = |subscription: &str, day, paid| SettledInvoice {
            subscription: Some(subscription.to_owned()),
            finalized_at: at(day),
            paid,
        };
        let held = |status, settled: &[SettledInvoice]| CustomerAtStripe {
            subscriptions: vec![held(status)],
            open_invoices: vec![open("sub_1", 40), open("sub_1", 30), open("sub_2", 1)],
            settled_invoices: settled.to_vec(),
            ..CustomerAtStripe::default()
        };
        let seen = |held: &CustomerAtStripe| {
            let subscription = held.subscription(plans()).unwrap();
            (subscription.grace_until, held.owed(&subscription).map(|owed| owed.invoice))
        };
        let owed = |invoice: &str| Some(invoice.to_owned());
        let (first, newer) = (settled("sub_1", 0, true), settled("sub_1", 35, false));
        assert_eq!(seen(&held(Status::PastDue, std::slice::from_ref(&first))), (Some(at(37)), owed("in_30")));
        // The invoice of day 30 stays open, but the next one was settled: day 40 made the subscription overdue.
        assert_eq!(seen(&held(Status::PastDue, &[first.clone(), newer])), (Some(at(47)), owed("in_40")));
        let elsewhere = settled("sub_2", 35, true);
        assert_eq!(seen(&held(Status::PastDue, &[elsewhere])), (Some(at(37)), owed("in_30")));
        // A trial is settled without a payment.
        assert_eq!(seen(&held(Status::PastDue, &[settled("sub_1", 0, false)])), (None, owed("in_30")));
        assert_eq!(seen(&held(Status::Unpaid, std::slice::from_ref(&first))), (None, owed("in_30")));
        assert_eq!(seen(&held(Status::Active, &[first])), (None, None));
    }

    #[test]
    fn first_payment_is_pending_failed_or_arrived() {
        let first = |status, is_processing| {
            let invoice = OpenInvoice { is_first: true, is_processing, ..open("sub_1", 0) };
            let held = CustomerAtStripe {
                subscriptions: vec![held(status)],
                open_invoices: vec![invoice],
                ..CustomerAtStripe::default()
            };
            let subscription = held.subscription(plans()).unwrap();
            (subscription.first_payment, held.payable(&subscription).is_some())
        };
        for status in [Status::Active, Status::Incomplete, Status::PastDue] {
            assert_eq!(first(status, true), (Some(FirstPayment::Pending), false), "{status:?}");
        }
        for status in [Status::PastDue, Status::Unpaid, Status::Incomplete] {
            assert_eq!(first(status, false), (Some(FirstPayment::Failed), true), "{status:?}");
        }
        // Stripe collects nothing, because the customer pays by transfer.
        assert_eq!(first(Status::Active, false), (None, false));
        assert_eq!(first(Status::Canceled, true), (None, false));
    }

    #[test]
    fn only_a_paid_arrear_reactivates_an_unpaid_subscription() {
        let settled =
            |day, paid| SettledInvoice { subscription: Some("sub_1".to_owned()), finalized_at: at(day), paid };
        let found = |status, open: &[OpenInvoice], settled: &[SettledInvoice]| {
            let held = CustomerAtStripe {
                subscriptions: vec![held(status)],
                open_invoices: open.to_vec(),
                settled_invoices: settled.to_vec(),
                ..CustomerAtStripe::default()
            };
            usize::from(held.settled_unpaid(plans()).is_some())
        };
        assert_eq!(found(Status::Unpaid, &[], &[settled(0, true), settled(30, true)]), 1);
        assert_eq!(found(Status::Unpaid, &[open("sub_1", 30)], &[settled(0, true)]), 0);
        // The operator has written the last invoice off.
        assert_eq!(found(Status::Unpaid, &[], &[settled(0, true), settled(30, false)]), 0);
        assert_eq!(found(Status::PastDue, &[], &[settled(0, true)]), 0);
    }
}
