//! Derives the facts about a subscription from a customer's objects at Stripe.
//!
//! All subscriptions of a customer are considered together, so that neither the order of events nor an event about an
//! older subscription matters.

use crate::{
    billing::customer::{Card, Credit, CustomerFacts},
    billing::invoice::Invoice,
    billing::pending::PendingChange,
    billing::subscription::{FirstPayment, GRACE, Period, Status, Subscription},
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
    /// The customer's settled invoices.
    pub settled_invoices: Vec<SettledInvoice>,
    /// The newest invoices of any status, newest first.
    pub newest_invoices: Vec<Invoice>,
    /// The default payment method, which pays for subscriptions without one of their own.
    pub payment_method: Option<PaymentMethodAtStripe>,
    /// The credit balance, unless it is zero.
    pub credit: Option<Credit>,
    /// The name that invoices show.
    pub name: Option<String>,
}

/// A payment method at Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMethodAtStripe {
    /// The card; `None` if it is no card, such as a bank account.
    pub card: Option<Card>,
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
    /// Its own payment method, which precedes the customer's default.
    /// <https://docs.stripe.com/api/subscriptions/object#subscription_object-default_payment_method>
    pub payment_method: Option<PaymentMethodAtStripe>,
    /// True if the collection of payments is paused.
    pub collection_paused: bool,
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
    /// True if it is the first invoice of its subscription.
    pub is_first: bool,
    /// True if a payment of it is on its way. Only read for first invoices.
    pub is_processing: bool,
    /// Address of the page on which it is paid.
    pub page: Option<String>,
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
    /// Of several, the one with the best status is current, of equals the one with the best plan, and of those the
    /// newest. So an older subscription that was never paid or has ended does not hide a paid one.
    #[must_use]
    pub fn subscription(&self, catalogue: &Catalogue) -> Option<Subscription> {
        let known = self.subscriptions.iter().filter_map(|held| Some((held, held.plan(catalogue)?)));
        let (held, PaidPlan { plan: paid_plan, interval, period }) = known.max_by_key(|(held, paid)| {
            let plan = if held.status.is_payable() { paid.plan } else { Plan::Free };
            (rank(held.status, self.first_payment(held)), plan, held.created, held.id.clone())
        })?;
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
            first_payment: self.first_payment(held),
            collection_paused: held.collection_paused,
            pending_change: held.pending_change(catalogue),
        })
    }

    /// The facts that the billing page shows at `now`. `subscription` is the current one.
    #[must_use]
    pub fn facts(&self, subscription: Option<&Subscription>, now: Timestamp) -> CustomerFacts {
        let paid = subscription.filter(|paid| paid.is_payable());
        let held = paid.and_then(|paid| self.subscriptions.iter().find(|held| held.id == paid.id));
        let method = held.and_then(|held| held.payment_method.as_ref()).or(self.payment_method.as_ref());
        CustomerFacts {
            card: method.and_then(|method| method.card.clone()),
            credit: self.credit.clone(),
            invoices: self.newest_invoices.clone(),
            read_at: now,
        }
    }

    /// The ids of all subscriptions to a plan that will renew, except `current`. Each is charged, and only one counts.
    #[must_use]
    pub fn others(&self, catalogue: &Catalogue, current: Option<&Subscription>) -> Vec<String> {
        let renews = |held: &&SubscriptionAtStripe| {
            held.status.is_payable()
                && held.status != Status::Incomplete
                && !held.ends()
                && held.plan(catalogue).is_some()
        };
        let further = self.subscriptions.iter().filter(renews).map(|held| &held.id);
        let mut further: Vec<_> = further.filter(|id| current.is_none_or(|paid| paid.id != **id)).cloned().collect();
        further.sort();
        further
    }

    /// Start of the customer's newest trial.
    #[must_use]
    pub fn trialed_at(&self) -> Option<Timestamp> {
        newest_trial(&self.subscriptions)
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
    /// True if its end is scheduled.
    #[must_use]
    pub const fn ends(&self) -> bool {
        self.cancel_at_period_end || self.cancel_at.is_some()
    }

    /// True if it pays for a plan.
    #[must_use]
    pub fn has_plan(&self, catalogue: &Catalogue) -> bool {
        self.plan(catalogue).is_some()
    }

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
const fn rank(status: Status, first: Option<FirstPayment>) -> u8 {
    match (status, first) {
        (Status::IncompleteExpired | Status::Canceled, _) => 0,
        (Status::Incomplete, Some(FirstPayment::Failed) | None) | (_, Some(FirstPayment::Failed)) => 1,
        (Status::Unpaid | Status::Paused, None) => 2,
        (_, Some(FirstPayment::Pending)) => 3,
        (Status::PastDue, None) => 4,
        (Status::Active | Status::Trialing, None) => 5,
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
            payment_method: None,
            collection_paused: false,
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
        // Of two that are paid, the better plan counts, whichever is newer.
        check(&[old.clone(), paid], expect!["sub_old Pro Active"]);
        check(&[held("sub_x", 9, "price_other", Status::Active), old], expect!["sub_old Pro Active"]);
    }

    #[test]
    fn card_of_the_subscription_precedes_the_default() {
        let method = |last4: Option<&str>| {
            let card =
                |last4: &str| Card { brand: "visa".to_owned(), last4: last4.to_owned(), exp_month: 4, exp_year: 2034 };
            Some(PaymentMethodAtStripe { card: last4.map(card) })
        };
        let shown = |status, own: Option<PaymentMethodAtStripe>| {
            let subscription =
                SubscriptionAtStripe { payment_method: own, ..held("sub_1", 0, "price_pro_month", status) };
            let customer = CustomerAtStripe {
                subscriptions: vec![subscription],
                payment_method: method(Some("4242")),
                ..CustomerAtStripe::default()
            };
            let facts = customer.facts(customer.subscription(&catalogue()).as_ref(), at(0));
            facts.card.map(|card| card.last4)
        };
        assert_eq!(shown(Status::Active, method(Some("1881"))).as_deref(), Some("1881"));
        assert_eq!(shown(Status::Active, None).as_deref(), Some("4242"));
        assert_eq!(shown(Status::Active, method(None)), None, "a bank account pays");
        assert_eq!(shown(Status::Canceled, method(Some("1881"))).as_deref(), Some("4242"));
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
