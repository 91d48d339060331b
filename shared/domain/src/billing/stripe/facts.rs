//! Derives the facts about a subscription from a customer's objects at Stripe.
//!
//! All subscriptions of a customer are considered together, so that neither the order of events nor an event about an
//! older subscription matters.

use crate::{
    billing::account::UnpaidInvoice,
    billing::pending::PendingChange,
    billing::subscription::{GRACE, Period, Status, Subscription},
    plans::{
        catalogue::Catalogue,
        plan::{Interval, Plan},
    },
};
use jiff::Timestamp;

/// A customer's objects at Stripe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerAtStripe {
    /// All subscriptions that the customer ever had, in any order.
    pub subscriptions: Vec<SubscriptionAtStripe>,
    /// The customer's open invoices.
    pub open_invoices: Vec<OpenInvoice>,
    /// The customer's settled invoices. Only needed, and only read, while a payment of a subscription is overdue.
    pub settled_invoices: Vec<SettledInvoice>,
}

/// A subscription at Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionAtStripe {
    /// The id of the subscription.
    pub id: String,
    /// Time of creation.
    pub created: Timestamp,
    /// Its items, in any order.
    pub items: Vec<ItemAtStripe>,
    /// The state of the subscription.
    pub status: Status,
    /// Time at which it ends, if it was cancelled for a given time.
    pub cancel_at: Option<Timestamp>,
    /// True if it ends with the current period.
    pub cancel_at_period_end: bool,
    /// Start of its trial.
    pub trial_start: Option<Timestamp>,
    /// Time at which its trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// The id of its schedule, if it has one.
    pub schedule: Option<String>,
    /// The ids of the prices from the next period on, if a change is scheduled.
    pub scheduled_prices: Vec<String>,
    /// A change that takes effect once it is paid.
    pub pending_update: Option<PendingUpdateAtStripe>,
}

/// A change of a subscription at Stripe that takes effect once it is paid.
/// <https://docs.stripe.com/billing/subscriptions/pending-updates>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingUpdateAtStripe {
    /// The ids of the prices after the change.
    pub prices: Vec<String>,
    /// Time at which the change is dropped unless it is paid.
    pub expires_at: Timestamp,
    /// The id of the invoice for the change.
    pub invoice: Option<String>,
    /// URL of the page on which that invoice is paid.
    pub url: Option<String>,
}

/// An item of a subscription at Stripe: a plan, or something that is sold next to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAtStripe {
    /// The id of its price.
    pub price: String,
    /// Its current period.
    pub period: Period,
}

/// An open invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    /// The id of the invoice.
    pub id: String,
    /// Number of attempts to collect the payment.
    pub attempts: u64,
    /// The id of the invoiced subscription.
    pub subscription: Option<String>,
    /// Time at which the invoice became payable.
    pub finalized_at: Timestamp,
}

/// An invoice on which nothing is open any more: paid, void or written off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledInvoice {
    /// The id of the invoiced subscription.
    pub subscription: Option<String>,
    /// Time at which the invoice became payable.
    pub finalized_at: Timestamp,
    /// True if an amount was paid, in money or credit. The invoice for a trial is settled without a payment.
    pub paid: bool,
}

impl CustomerAtStripe {
    /// Derives the facts of the current subscription, if there is one whose price is in `catalogue`.
    ///
    /// Of several, the one with the best status is current, and of equals the newest. So an older subscription that was
    /// never paid or has ended does not hide a paid one.
    #[must_use]
    pub fn subscription(&self, catalogue: &Catalogue) -> Option<Subscription> {
        let known = self.subscriptions.iter().filter_map(|held| Some((held, held.plan(catalogue)?)));
        let (held, PaidPlan { plan: paid_plan, interval, period }) =
            known.max_by_key(|(held, _)| (rank(held.status), held.created, held.id.clone()))?;
        let failed_at = self.arrears(&held.id).map(|invoice| invoice.finalized_at).min();
        let graced = failed_at.filter(|_| held.status == Status::PastDue && self.has_paid());
        Some(Subscription {
            id: held.id.clone(),
            paid_plan,
            interval,
            status: held.status,
            period,
            cancel_at: held.cancel_at,
            cancel_at_period_end: held.cancel_at_period_end,
            trial_end: held.trial_end,
            grace_until: graced.map(|since| since.saturating_add(GRACE).unwrap_or(Timestamp::MAX)),
            scheduled: best_plan(catalogue, &held.scheduled_prices, String::as_str).map(|(_, plan)| plan),
            pending_change: held.pending_change(catalogue),
        })
    }

    /// Start of the customer's newest trial.
    #[must_use]
    pub fn trialed_at(&self) -> Option<Timestamp> {
        newest_trial(&self.subscriptions)
    }

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
    fn arrears<'a>(&'a self, subscription: &'a String) -> impl Iterator<Item = &'a OpenInvoice> {
        let settled =
            self.settled_invoices.iter().filter(|invoice| invoice.subscription.as_ref() == Some(subscription));
        let settled = settled.map(|invoice| invoice.finalized_at).max();
        let open = self.open_invoices.iter().filter(|invoice| invoice.subscription.as_ref() == Some(subscription));
        open.filter(move |invoice| settled.is_none_or(|settled| settled < invoice.finalized_at))
    }

    /// True if the customer has paid for any subscription.
    fn has_paid(&self) -> bool {
        self.settled_invoices.iter().any(|invoice| invoice.paid)
    }

    /// True if anything is to be paid: an open invoice, or a subscription that waits for a payment.
    #[must_use]
    pub fn has_debts(&self) -> bool {
        !self.open_invoices.is_empty() || self.subscriptions.iter().any(|held| held.status.awaits_payment())
    }

    /// True if any subscription can still be paid, whatever its price.
    #[must_use]
    pub fn is_subscribed(&self) -> bool {
        self.subscriptions.iter().any(|held| held.status.is_payable())
    }

    /// Prices of payable subscriptions that are not in the catalogue: the customer pays without getting a plan.
    pub fn unknown_prices<'a>(&'a self, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a str> {
        let living = self.subscriptions.iter().filter(|held| held.status.is_payable());
        let without_plan = living.filter(|held| held.plan(catalogue).is_none());
        without_plan.flat_map(|held| held.items.iter().map(|item| item.price.as_str()))
    }
}

/// The plan of a subscription.
struct PaidPlan {
    plan: Plan,
    interval: Interval,
    period: Period,
}

impl SubscriptionAtStripe {
    /// The plan that the subscription pays for: that of the item whose price is a plan's. Other items do not matter.
    fn plan(&self, catalogue: &Catalogue) -> Option<PaidPlan> {
        let (item, (plan, interval)) = best_plan(catalogue, &self.items, |item| &item.price)?;
        Some(PaidPlan { plan, interval, period: item.period })
    }

    /// The change that takes effect once it is paid, if it leads to a plan.
    fn pending_change(&self, catalogue: &Catalogue) -> Option<PendingChange> {
        let update = self.pending_update.as_ref()?;
        let (_, (plan, interval)) = best_plan(catalogue, &update.prices, String::as_str)?;
        Some(PendingChange { plan, interval, url: update.url.clone(), expires_at: update.expires_at })
    }
}

/// Finds the item whose price is a plan's, and the plan. Of several, the best plan counts.
pub fn best_plan<'a, T>(
    catalogue: &Catalogue,
    items: &'a [T],
    price: impl Fn(&T) -> &str,
) -> Option<(&'a T, (Plan, Interval))> {
    let plans = items.iter().filter_map(|item| Some((item, catalogue.plan_of_price(price(item))?)));
    plans.max_by_key(|(_, plan)| *plan)
}

/// Start of the newest trial of `subscriptions`.
#[must_use]
pub fn newest_trial(subscriptions: &[SubscriptionAtStripe]) -> Option<Timestamp> {
    subscriptions.iter().filter_map(|held| held.trial_start).max()
}

/// Order of statuses when choosing the current subscription; higher wins.
const fn rank(status: Status) -> u8 {
    match status {
        Status::Active | Status::Trialing => 4,
        Status::PastDue => 3,
        Status::Unpaid | Status::Paused => 2,
        Status::Incomplete => 1,
        Status::IncompleteExpired | Status::Canceled => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn catalogue() -> Catalogue {
        Catalogue::new(|plan, interval| format!("price_{}_{}", plan.name(), interval.name())).unwrap()
    }

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn held(id: &str, created: i64, price: &str, status: Status) -> SubscriptionAtStripe {
        SubscriptionAtStripe {
            id: id.to_owned(),
            created: at(created),
            items: vec![item(price, created)],
            status,
            cancel_at: None,
            cancel_at_period_end: false,
            trial_start: None,
            trial_end: None,
            schedule: None,
            scheduled_prices: Vec::new(),
            pending_update: None,
        }
    }

    fn item(price: &str, created: i64) -> ItemAtStripe {
        ItemAtStripe { price: price.to_owned(), period: Period { start: at(created), end: at(created + 30) } }
    }

    #[track_caller]
    fn check(subscriptions: &[SubscriptionAtStripe], wanted: Expect) {
        let held = CustomerAtStripe { subscriptions: subscriptions.to_vec(), ..CustomerAtStripe::default() };
        let said = held
            .subscription(&catalogue())
            .map(|counts| format!("{} {:?} {:?}", counts.id, counts.paid_plan, counts.status));
        wanted.assert_eq(said.as_deref().unwrap_or("none"));
    }

    #[test]
    fn the_best_and_newest_subscription_is_current() {
        check(&[], expect!["none"]);
        let old = held("sub_old", 0, "price_pro_month", Status::Active);
        let newer = held("sub_new", 5, "price_starter_month", Status::Incomplete);
        check(&[old.clone(), newer.clone()], expect!["sub_old Pro Active"]);
        let ended = SubscriptionAtStripe { status: Status::Canceled, ..old.clone() };
        check(&[ended.clone(), newer.clone()], expect!["sub_new Starter Incomplete"]);
        let paid = SubscriptionAtStripe { status: Status::Active, ..newer };
        check(&[ended, paid.clone()], expect!["sub_new Starter Active"]);
        check(&[old.clone(), paid], expect!["sub_new Starter Active"]);
        check(&[held("sub_x", 9, "price_other", Status::Active), old], expect!["sub_old Pro Active"]);
    }

    #[test]
    fn grace_counts_from_the_failure_after_the_last_payment() {
        let open = |subscription: &str, day| OpenInvoice {
            id: format!("in_{day}"),
            attempts: 1,
            subscription: Some(subscription.to_owned()),
            finalized_at: at(day),
        };
        let settled = |subscription: &str, day, paid| SettledInvoice {
            subscription: Some(subscription.to_owned()),
            finalized_at: at(day),
            paid,
        };
        let held = |status, settled: &[SettledInvoice]| CustomerAtStripe {
            subscriptions: vec![held("sub_1", 0, "price_pro_month", status)],
            open_invoices: vec![open("sub_1", 40), open("sub_1", 30), open("sub_2", 1)],
            settled_invoices: settled.to_vec(),
        };
        let seen = |held: &CustomerAtStripe| {
            let subscription = held.subscription(&catalogue()).unwrap();
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
    fn item_of_a_plan_decides_wherever_it_is_listed() {
        for plan_first in [true, false] {
            let mut with_seats = held("sub_1", 0, "price_pro_month", Status::Active);
            with_seats.items.insert(usize::from(plan_first), item("price_seats", 3));
            let held = CustomerAtStripe { subscriptions: vec![with_seats], ..CustomerAtStripe::default() };
            let counts = held.subscription(&catalogue()).unwrap();
            assert_eq!((counts.paid_plan, counts.period.start), (Plan::Pro, at(0)));
            assert_eq!(held.unknown_prices(&catalogue()).count(), 0);
        }
    }

    #[test]
    fn a_price_outside_the_catalogue_is_reported() {
        let held = CustomerAtStripe {
            subscriptions: vec![held("sub_1", 0, "price_other", Status::Active)],
            ..CustomerAtStripe::default()
        };
        assert_eq!(held.unknown_prices(&catalogue()).collect::<Vec<_>>(), ["price_other"]);
        assert!(held.is_subscribed());
    }

    #[test]
    fn a_scheduled_price_is_a_scheduled_plan() {
        let scheduled = SubscriptionAtStripe {
            scheduled_prices: vec!["price_seats".to_owned(), "price_starter_year".to_owned()],
            ..held("sub_1", 0, "price_pro_month", Status::Active)
        };
        let held = CustomerAtStripe { subscriptions: vec![scheduled], ..CustomerAtStripe::default() };
        let counts = held.subscription(&catalogue()).unwrap();
        assert_eq!(
            (counts.paid_plan, counts.interval, counts.scheduled),
            (Plan::Pro, Interval::Month, Some((Plan::Starter, Interval::Year)))
        );
    }

    proptest! {
        /// Invariant 7.
        #[test]
        fn the_order_of_subscriptions_is_irrelevant(
            statuses in proptest::collection::vec(0..8_usize, 1..5),
            seed: u64,
        ) {
            const ALL: [Status; 8] = [Status::Active, Status::Trialing, Status::PastDue, Status::Unpaid, Status::Paused, Status::Incomplete, Status::IncompleteExpired, Status::Canceled];
            let mut subscriptions: Vec<_> = (0_i64..).zip(&statuses).map(|(n, status)| held(&format!("sub_{n}"), n / 2, "price_pro_month", ALL[*status])).collect();
            let one = CustomerAtStripe { subscriptions: subscriptions.clone(), ..CustomerAtStripe::default() }.subscription(&catalogue());
            let turn = usize::try_from(seed % 7).unwrap_or_default() % subscriptions.len();
            subscriptions.rotate_left(turn);
            prop_assert_eq!(one, CustomerAtStripe { subscriptions, ..CustomerAtStripe::default() }.subscription(&catalogue()));
        }
    }
}
