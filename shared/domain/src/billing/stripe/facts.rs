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
        addon::HeldAddons,
        catalogue::Plans,
        price::{PriceAtStripe, PriceName, Sells},
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
    /// The items from the next period on, if a change is scheduled.
    pub scheduled_items: Vec<PricedItem>,
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
    /// The items after the change.
    pub items: Vec<PricedItem>,
    /// Time at which the change is dropped unless it is paid.
    pub expires_at: Timestamp,
    /// The id of the invoice for the change.
    pub invoice: Option<String>,
    /// URL of the page on which that invoice is paid.
    pub url: Option<String>,
}

/// A price that is or will be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedItem {
    /// The price.
    pub price: PriceAtStripe,
    /// Number of times that it is paid.
    pub quantity: u64,
}

/// An item of a subscription at Stripe: a plan, or something that is sold next to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAtStripe {
    /// Its price.
    pub price: PriceAtStripe,
    /// Number of times that the price is paid.
    pub quantity: u64,
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
    /// Derives the facts of the current subscription, if there is one whose price is a plan's.
    ///
    /// Of several, the one with the best status is current, of equals the one with the best plan, and of those the
    /// newest. So an older subscription that was never paid or has ended does not hide a paid one.
    #[must_use]
    pub fn subscription(&self, plans: Plans) -> Option<Subscription> {
        let known = self.subscriptions.iter().filter_map(|held| Some((held, held.plan(plans)?)));
        let (held, paid) = known.max_by_key(|(held, paid)| {
            let plan = plans.rank(paid.price.plan.name).filter(|_| held.status.is_payable());
            (rank(held.status, self.first_payment(held)), plan, held.created, held.id.clone())
        })?;
        Some(self.facts_of(plans, held, &paid))
    }

    /// The facts of the current subscription, given the `stored` ones.
    #[must_use]
    pub fn current(&self, plans: Plans, stored: Option<&Subscription>) -> Option<Subscription> {
        let found = self.subscription(plans);
        if found.as_ref().is_some_and(Subscription::is_payable) {
            return found;
        }
        self.unadopted(plans, stored).or(found)
    }

    /// The facts of the subscription `stored`, which was stored when the company's settings said what prices pay for, and
    /// whose price says nothing itself yet. It keeps its plan, so that nobody loses what they pay for if the price was
    /// not adopted in time. `None` once the price says what it pays for, or once it was read.
    fn unadopted(&self, plans: Plans, stored: Option<&Subscription>) -> Option<Subscription> {
        let stored = stored.filter(|stored| stored.currency.is_none() && stored.is_payable())?;
        let held = self.subscriptions.iter().find(|held| held.id == stored.id && held.status.is_payable())?;
        let item = held.items.iter().find(|item| item.price.sells == Sells::Other)?;
        let price = PriceName { plan: stored.paid_plan, interval: stored.interval, currency: plans.currency() };
        let facts = self.facts_of(plans, held, &PaidPlan { price, quantity: item.quantity, period: item.period });
        held.plan(plans).is_none().then_some(Subscription { currency: None, ..facts })
    }

    fn facts_of(&self, plans: Plans, held: &SubscriptionAtStripe, paid: &PaidPlan) -> Subscription {
        let PaidPlan { price, quantity, period } = *paid;
        let failed_at = self.arrears(&held.id).map(|invoice| invoice.finalized_at).min();
        let graced = failed_at.filter(|_| held.status == Status::PastDue && self.has_paid());
        Subscription {
            id: held.id.clone(),
            paid_plan: price.plan,
            interval: price.interval,
            currency: Some(price.currency),
            seats: plans.version(price.plan).filter(|plan| plan.is_per_seat()).map(|_| quantity),
            status: held.status,
            period,
            cancel_at: held.cancel_at,
            cancel_at_period_end: held.cancel_at_period_end,
            trial_end: held.trial_end,
            grace_until: graced.map(|since| since.saturating_add(GRACE).unwrap_or(Timestamp::MAX)),
            addons: held.addons(plans),
            scheduled: best_plan(plans, &held.scheduled_items, |item| &item.price)
                .map(|(_, next)| (next.plan, next.interval))
                .filter(|next| *next != (price.plan, price.interval)),
            scheduled_addons: held.scheduled_addons(plans),
            first_payment: self.first_payment(held),
            collection_paused: held.collection_paused,
            pending_change: held.pending_change(plans),
        }
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
    pub fn others(&self, plans: Plans, current: Option<&Subscription>) -> Vec<String> {
        let renews = |held: &&SubscriptionAtStripe| {
            held.status.is_payable() && held.status != Status::Incomplete && !held.ends() && held.plan(plans).is_some()
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
    pub fn unknown_prices(&self, plans: Plans) -> impl Iterator<Item = &str> {
        let living = self.subscriptions.iter().filter(|held| held.status.is_payable());
        let unclear = move |item: &&ItemAtStripe| match item.price.sells {
            Sells::Plan(_) => plans.paid_by(&item.price).is_none(),
            Sells::Addon(_) => plans.addon_paid_by(&item.price).is_none(),
            Sells::Unclear => true,
            Sells::Other => false,
        };
        living.flat_map(move |held| {
            // Next to a plan, the company may sell what it likes.
            let has_plan = held.plan(plans).is_some();
            held.items.iter().filter(move |item| !has_plan || unclear(item)).map(|item| item.price.id.as_str())
        })
    }
}

/// The plan of a subscription.
struct PaidPlan {
    price: PriceName,
    quantity: u64,
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
    pub fn has_plan(&self, plans: Plans) -> bool {
        self.plan(plans).is_some()
    }

    /// The plan that the subscription pays for: that of the item whose price is a plan's. Other items do not matter.
    fn plan(&self, plans: Plans) -> Option<PaidPlan> {
        let (item, price) = best_plan(plans, &self.items, |item| &item.price)?;
        Some(PaidPlan { price, quantity: item.quantity, period: item.period })
    }

    /// The add-ons that the subscription pays for.
    fn addons(&self, plans: Plans) -> HeldAddons {
        held_addons(plans, self.items.iter().map(|item| (&item.price, item.quantity)))
    }

    /// The add-ons from the next period on, if they change then.
    fn scheduled_addons(&self, plans: Plans) -> Option<HeldAddons> {
        let next = held_addons(plans, self.scheduled_items.iter().map(PricedItem::parts));
        (!self.scheduled_items.is_empty() && next != self.addons(plans)).then_some(next)
    }

    /// The change that takes effect once it is paid, if it leads to a plan.
    fn pending_change(&self, plans: Plans) -> Option<PendingChange> {
        let update = self.pending_update.as_ref()?;
        let (_, PriceName { plan, interval, .. }) = best_plan(plans, &update.items, |item| &item.price)?;
        let addons = held_addons(plans, update.items.iter().map(PricedItem::parts));
        Some(PendingChange { plan, interval, addons, url: update.url.clone(), expires_at: update.expires_at })
    }
}

impl PricedItem {
    /// The price and the quantity.
    #[must_use]
    pub const fn parts(&self) -> (&PriceAtStripe, u64) {
        (&self.price, self.quantity)
    }
}

/// The add-ons that `items` pay for, given as prices with their quantities.
pub fn held_addons<'a>(plans: Plans, items: impl Iterator<Item = (&'a PriceAtStripe, u64)>) -> HeldAddons {
    items.filter_map(|(price, quantity)| Some((plans.addon_paid_by(price)?.addon, quantity))).collect()
}

/// Finds the item whose price is a plan's, and the plan. Of several, the best plan counts.
pub fn best_plan<T>(plans: Plans, items: &[T], price: impl Fn(&T) -> &PriceAtStripe) -> Option<(&T, PriceName)> {
    let paid = items.iter().filter_map(|item| Some((item, plans.paid_by(price(item))?)));
    paid.max_by_key(|(_, PriceName { plan, interval, .. })| (plans.rank(plan.name), plan.version, *interval))
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
    use crate::plans::money::{Currency, Interval};
    use crate::plans::{
        price::price as sold,
        samples::{plan, plans},
    };
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

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
            scheduled_items: Vec::new(),
            payment_method: None,
            collection_paused: false,
            pending_update: None,
        }
    }

    /// Prices of before said nothing themselves.
    #[test]
    fn subscription_of_before_keeps_its_plan_until_adopted() {
        let held = held("sub_1", 0, "price_1Before", Status::Active);
        let customer = CustomerAtStripe { subscriptions: vec![held.clone()], ..CustomerAtStripe::default() };
        let price = "pro/1/month/usd".parse().unwrap();
        let paid = PaidPlan { price, quantity: 1, period: held.items[0].period };
        let stored = Subscription { currency: None, ..customer.facts_of(plans(), &held, &paid) };
        let kept = |stored: &Subscription| customer.current(plans(), Some(stored));
        assert_eq!(customer.subscription(plans()), None);
        assert_eq!(kept(&stored), Some(stored.clone()), "and again at the next comparison");
        assert_eq!(customer.unknown_prices(plans()).collect::<Vec<_>>(), ["price_1Before"]);
        // It was read since, or is another one, or has ended.
        assert_eq!(kept(&Subscription { currency: Some(Currency::USD), ..stored.clone() }), None);
        assert_eq!(kept(&Subscription { id: "sub_2".to_owned(), ..stored.clone() }), None);
        assert_eq!(kept(&Subscription { status: Status::Canceled, ..stored.clone() }), None);
        assert_eq!(customer.current(plans(), None), None);
        // The price says what it pays for, or contradicts itself.
        for sells in [Sells::Plan("starter/1/month/usd".parse().unwrap()), Sells::Unclear] {
            let items = vec![ItemAtStripe {
                price: PriceAtStripe { id: "price_1Before".to_owned(), sells },
                quantity: 1,
                period: held.items[0].period,
            }];
            let subscriptions = vec![SubscriptionAtStripe { items, ..held.clone() }];
            let customer = CustomerAtStripe { subscriptions, ..CustomerAtStripe::default() };
            assert_eq!(customer.current(plans(), Some(&stored)), customer.subscription(plans()));
        }
    }

    fn item(price: &str, created: i64) -> ItemAtStripe {
        ItemAtStripe { price: sold(price), quantity: 1, period: Period { start: at(created), end: at(created + 30) } }
    }

    #[track_caller]
    fn check(subscriptions: &[SubscriptionAtStripe], wanted: Expect) {
        let held = CustomerAtStripe { subscriptions: subscriptions.to_vec(), ..CustomerAtStripe::default() };
        let said = held
            .subscription(plans())
            .map(|counts| format!("{} {:?} {:?}", counts.id, counts.paid_plan, counts.status));
        wanted.assert_eq(said.as_deref().unwrap_or("none"));
    }

    #[test]
    fn the_best_and_newest_subscription_is_current() {
        check(&[], expect!["none"]);
        let old = held("sub_old", 0, "price_pro_month", Status::Active);
        let newer = held("sub_new", 5, "price_starter_month", Status::Incomplete);
        check(&[old.clone(), newer.clone()], expect!["sub_old pro Active"]);
        let ended = SubscriptionAtStripe { status: Status::Canceled, ..old.clone() };
        check(&[ended.clone(), newer.clone()], expect!["sub_new starter Incomplete"]);
        let paid = SubscriptionAtStripe { status: Status::Active, ..newer };
        check(&[ended, paid.clone()], expect!["sub_new starter Active"]);
        // Of two that are paid, the better plan counts, whichever is newer.
        check(&[old.clone(), paid], expect!["sub_old pro Active"]);
        check(&[held("sub_x", 9, "price_other", Status::Active), old], expect!["sub_old pro Active"]);
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
            let facts = customer.facts(customer.subscription(plans()).as_ref(), at(0));
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
            let counts = held.subscription(plans()).unwrap();
            assert_eq!((counts.paid_plan, counts.period.start), (plan("pro").reference(), at(0)));
            assert_eq!(held.unknown_prices(plans()).count(), 0);
        }
    }

    #[test]
    fn a_price_outside_the_catalogue_is_reported() {
        let held = CustomerAtStripe {
            subscriptions: vec![held("sub_1", 0, "price_other", Status::Active)],
            ..CustomerAtStripe::default()
        };
        assert_eq!(held.unknown_prices(plans()).collect::<Vec<_>>(), ["price_other"]);
        assert!(held.is_subscribed());
    }

    #[test]
    fn a_scheduled_price_is_a_scheduled_plan() {
        let scheduled = SubscriptionAtStripe {
            scheduled_items: ["price_seats", "price_starter_year"]
                .map(|id| PricedItem { price: sold(id), quantity: 1 })
                .to_vec(),
            ..held("sub_1", 0, "price_pro_month", Status::Active)
        };
        let held = CustomerAtStripe { subscriptions: vec![scheduled], ..CustomerAtStripe::default() };
        let counts = held.subscription(plans()).unwrap();
        assert_eq!(
            (counts.paid_plan, counts.interval, counts.scheduled),
            (plan("pro").reference(), Interval::Month, Some((plan("starter").reference(), Interval::Year)))
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
            let one = CustomerAtStripe { subscriptions: subscriptions.clone(), ..CustomerAtStripe::default() }.subscription(plans());
            let turn = usize::try_from(seed % 7).unwrap_or_default() % subscriptions.len();
            subscriptions.rotate_left(turn);
            prop_assert_eq!(one, CustomerAtStripe { subscriptions, ..CustomerAtStripe::default() }.subscription(plans()));
        }
    }
}
