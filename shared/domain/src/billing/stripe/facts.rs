//! From what Stripe holds of a customer to the facts that Berth keeps of his subscription.
//!
//! All of a customer's subscriptions are looked at together, so that neither the order in which events come nor one that
//! speaks of an older subscription matters.

use crate::{
    billing::account::Owed,
    billing::subscription::{GRACE, Period, Status, Subscription},
    plans::catalogue::Catalogue,
};
use jiff::Timestamp;

/// What Stripe holds of a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// All subscriptions that he ever had, in whatever order.
    pub subscriptions: Vec<HeldSubscription>,
    /// His invoices that wait to be paid.
    pub open_invoices: Vec<OpenInvoice>,
}

/// A subscription, as Stripe has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSubscription {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// The id of its price.
    pub price: String,
    /// Its state.
    pub status: Status,
    /// Its present period.
    pub period: Period,
    /// When it will end, if it was cancelled for a time.
    pub cancel_at: Option<Timestamp>,
    /// Whether it will end with the present period.
    pub cancel_at_period_end: bool,
    /// When its trial began.
    pub trial_start: Option<Timestamp>,
    /// When its trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// The id of the price that follows at the end of the period, if a schedule says so.
    pub scheduled_price: Option<String>,
}

/// An invoice that waits to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    /// Its id.
    pub id: String,
    /// How often it was tried to have it paid.
    pub attempts: u64,
    /// The id of the subscription that it is for.
    pub subscription: Option<String>,
    /// When it became payable.
    pub finalized_at: Timestamp,
}

impl Held {
    /// The facts: those of the subscription that counts, if there is one whose price is in `catalogue`.
    ///
    /// Of several, the one that gives most counts, and of equals the newest: an older one that was never paid or has ended
    /// does not stand in the way of one that is.
    #[must_use]
    pub fn subscription(&self, catalogue: &Catalogue) -> Option<Subscription> {
        let known = self.subscriptions.iter().filter_map(|held| Some((held, catalogue.meaning(&held.price)?)));
        let (held, (paid_plan, interval)) =
            known.max_by_key(|(held, _)| (rank(held.status), held.created, held.id.clone()))?;
        let first_open = self
            .open_invoices
            .iter()
            .filter(|invoice| invoice.subscription.as_ref() == Some(&held.id))
            .map(|invoice| invoice.finalized_at)
            .min();
        let graced = first_open.filter(|_| held.status == Status::PastDue);
        Some(Subscription {
            id: held.id.clone(),
            paid_plan,
            interval,
            status: held.status,
            period: held.period,
            cancel_at: held.cancel_at,
            cancel_at_period_end: held.cancel_at_period_end,
            trial_end: held.trial_end,
            grace_until: graced.map(|since| since.saturating_add(GRACE).unwrap_or(Timestamp::MAX)),
            scheduled: held.scheduled_price.as_deref().and_then(|price| catalogue.meaning(price)),
        })
    }

    /// When the newest trial began that he ever had.
    #[must_use]
    pub fn trialed_at(&self) -> Option<Timestamp> {
        newest_trial(&self.subscriptions)
    }

    /// The oldest invoice of `subscription` that was tried and is not paid, where it should be.
    #[must_use]
    pub fn owed(&self, subscription: &Subscription) -> Option<Owed> {
        let tried = self.open_invoices.iter().filter(|invoice| invoice.attempts > 0);
        let of = tried.filter(|invoice| invoice.subscription.as_ref() == Some(&subscription.id) && subscription.owes());
        let oldest = of.min_by_key(|invoice| (invoice.finalized_at, &invoice.id))?;
        Some(Owed { invoice: oldest.id.clone(), attempts: oldest.attempts })
    }

    /// Whether there is one that can still be paid for, whatever its price.
    #[must_use]
    pub fn is_subscribed(&self) -> bool {
        self.subscriptions.iter().any(|held| held.status.lives())
    }

    /// The prices of living subscriptions that stand for no plan: somebody pays, and gets nothing for it.
    pub fn unknown_prices<'a>(&'a self, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a str> {
        let living = self.subscriptions.iter().filter(|held| held.status.lives());
        living.map(|held| held.price.as_str()).filter(|price| catalogue.meaning(price).is_none())
    }
}

/// When the newest trial of `subscriptions` began.
#[must_use]
pub fn newest_trial(subscriptions: &[HeldSubscription]) -> Option<Timestamp> {
    subscriptions.iter().filter_map(|held| held.trial_start).max()
}

/// How much a subscription of this status gives.
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
    use crate::plans::plan::{Interval, Plan};
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn catalogue() -> Catalogue {
        Catalogue::new(|plan, interval| format!("price_{}_{}", plan.name(), interval.name())).unwrap()
    }

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn held(id: &str, created: i64, price: &str, status: Status) -> HeldSubscription {
        HeldSubscription {
            id: id.to_owned(),
            created: at(created),
            price: price.to_owned(),
            status,
            period: Period { start: at(created), end: at(created + 30) },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_start: None,
            trial_end: None,
            scheduled_price: None,
        }
    }

    #[track_caller]
    fn check(subscriptions: &[HeldSubscription], wanted: Expect) {
        let held = Held { subscriptions: subscriptions.to_vec(), ..Held::default() };
        let said = held
            .subscription(&catalogue())
            .map(|counts| format!("{} {:?} {:?}", counts.id, counts.paid_plan, counts.status));
        wanted.assert_eq(said.as_deref().unwrap_or("none"));
    }

    #[test]
    fn which_subscription_counts() {
        check(&[], expect!["none"]);
        let old = held("sub_old", 0, "price_pro_month", Status::Active);
        let newer = held("sub_new", 5, "price_starter_month", Status::Incomplete);
        check(&[old.clone(), newer.clone()], expect!["sub_old Pro Active"]);
        let ended = HeldSubscription { status: Status::Canceled, ..old.clone() };
        check(&[ended.clone(), newer.clone()], expect!["sub_new Starter Incomplete"]);
        let paid = HeldSubscription { status: Status::Active, ..newer };
        check(&[ended, paid.clone()], expect!["sub_new Starter Active"]);
        check(&[old.clone(), paid], expect!["sub_new Starter Active"]);
        check(&[held("sub_x", 9, "price_other", Status::Active), old], expect!["sub_old Pro Active"]);
    }

    #[test]
    fn grace_counts_from_the_oldest_open_invoice_of_the_subscription() {
        let open = |subscription: &str, day| OpenInvoice {
            id: format!("in_{day}"),
            attempts: 1,
            subscription: Some(subscription.to_owned()),
            finalized_at: at(day),
        };
        let mut held = Held {
            subscriptions: vec![held("sub_1", 0, "price_pro_month", Status::PastDue)],
            open_invoices: vec![open("sub_1", 40), open("sub_1", 30), open("sub_2", 1)],
        };
        assert_eq!(held.subscription(&catalogue()).unwrap().grace_until, Some(at(37)));
        let owed = Owed { invoice: "in_30".to_owned(), attempts: 1 };
        assert_eq!(held.owed(&held.subscription(&catalogue()).unwrap()), Some(owed));
        held.subscriptions[0].status = Status::Active;
        assert_eq!(held.owed(&held.subscription(&catalogue()).unwrap()), None);
        assert_eq!(held.subscription(&catalogue()).unwrap().grace_until, None);
    }

    #[test]
    fn a_price_that_stands_for_nothing_is_told() {
        let held = Held { subscriptions: vec![held("sub_1", 0, "price_other", Status::Active)], ..Held::default() };
        assert_eq!(held.unknown_prices(&catalogue()).collect::<Vec<_>>(), ["price_other"]);
        assert!(held.is_subscribed());
    }

    #[test]
    fn what_follows_is_a_plan() {
        let scheduled = HeldSubscription {
            scheduled_price: Some("price_starter_year".to_owned()),
            ..held("sub_1", 0, "price_pro_month", Status::Active)
        };
        let held = Held { subscriptions: vec![scheduled], ..Held::default() };
        let counts = held.subscription(&catalogue()).unwrap();
        assert_eq!(
            (counts.paid_plan, counts.interval, counts.scheduled),
            (Plan::Pro, Interval::Month, Some((Plan::Starter, Interval::Year)))
        );
    }

    proptest! {
        #[test]
        fn invariant_7_the_order_in_which_stripe_lists_does_not_matter(
            statuses in proptest::collection::vec(0..8_usize, 1..5),
            seed: u64,
        ) {
            const ALL: [Status; 8] = [Status::Active, Status::Trialing, Status::PastDue, Status::Unpaid, Status::Paused, Status::Incomplete, Status::IncompleteExpired, Status::Canceled];
            let mut subscriptions: Vec<_> = (0_i64..).zip(&statuses).map(|(n, status)| held(&format!("sub_{n}"), n / 2, "price_pro_month", ALL[*status])).collect();
            let one = Held { subscriptions: subscriptions.clone(), ..Held::default() }.subscription(&catalogue());
            let turn = usize::try_from(seed % 7).unwrap_or_default() % subscriptions.len();
            subscriptions.rotate_left(turn);
            prop_assert_eq!(one, Held { subscriptions, ..Held::default() }.subscription(&catalogue()));
        }
    }
}
