//! Seeded lives: for any order of actions of customers, cards and time, the amounts balance and the documented guarantees
//! hold.

use crate::{
    ids::{CustomerId, Id, PriceId, SubscriptionId},
    model::{
        BillingReason, Buyer, Cancellation, CataloguePrice, Dunning, EndBehavior, Exhausted, InvoiceStatus, LineOrigin,
        NewItem, NewSession, Phase, ProrationBehavior, Settings, SubscriptionData, SubscriptionStatus,
    },
    params::{Change, Metadata},
    state::State,
    transitions::{
        checkout::Settlement,
        customers::CustomerFields,
        schedules::ScheduleUpdate,
        subscriptions::{PaymentBehavior, RequestedEnd, SubscriptionUpdate, changes_to},
    },
    view,
};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

struct Life {
    state: State,
    customer: CustomerId,
    random: Rng,
}

impl Life {
    fn begin(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let then = [Exhausted::Cancel, Exhausted::Unpaid, Exhausted::PastDue][random.usize(..3)];
        let dunning = Dunning { then, ..Dunning::default() };
        let settings = Settings { account: "acct_1".to_owned(), public_url: "http://stripe.test".to_owned(), dunning };
        let now: Timestamp = "2026-01-31T00:00:00Z".parse().unwrap();
        let mut state = State::new(now, seed, settings, &CataloguePrice::berth_prices());
        let customer = state.create_customer(CustomerFields::default()).unwrap();
        Self { state, customer, random }
    }

    /// Returns one or two items of the same interval.
    fn items(&mut self) -> Vec<NewItem> {
        let mut prices = CataloguePrice::berth_prices();
        self.random.shuffle(&mut prices);
        let interval = prices[0].interval;
        let number = 1 + self.random.usize(..2);
        let chosen = prices.iter().filter(|price| price.interval == interval).take(number);
        let quantity = |random: &mut Rng| i64::try_from(1 + random.usize(..3)).unwrap();
        let item =
            |price: &CataloguePrice| NewItem { price: PriceId::given(&price.id), quantity: quantity(&mut self.random) };
        chosen.map(item).collect()
    }

    fn live(&self) -> Option<SubscriptionId> {
        self.state.subscriptions.newest().find(|subscription| subscription.is_live()).map(|found| found.id.clone())
    }

    /// Performs one random action, which may be refused. Only the balances are checked.
    fn step(&mut self) {
        let choice = self.random.usize(..12);
        if choice < 3 {
            let hours = i64::try_from(1 + self.random.usize(..24 * 40)).unwrap();
            let target = self.state.after(SignedDuration::from_hours(hours));
            return self.state.advance_to(target).unwrap();
        }
        if choice == 3 {
            let fails = self.random.f64() < 0.5;
            return self.state.set_cards_fail(&self.customer, fails).unwrap();
        }
        match self.live() {
            None => self.subscribe(),
            Some(id) => self.change(&id, choice),
        }
    }

    fn subscribe(&mut self) {
        let trial_days = (self.random.f64() < 0.2).then_some(14);
        let new = NewSession {
            customer: self.customer.clone(),
            items: self.items(),
            success_url: "http://app.test".to_owned(),
            cancel_url: None,
            expires_at: None,
            client_reference_id: None,
            metadata: Metadata::new(),
            subscription: SubscriptionData { trial_days, ..SubscriptionData::default() },
            discounts: Vec::new(),
            allow_promotion_codes: None,
            automatic_tax: false,
            locale: None,
            billing_address_collection: None,
            collects_tax_id: false,
            updates_name: false,
            updates_address: false,
        };
        let session = self.state.create_session(new).unwrap();
        self.state.pay_session(&session, Settlement::Paid, Buyer::default()).unwrap();
    }

    fn change(&mut self, id: &SubscriptionId, choice: usize) {
        let result = match choice {
            4..=7 => self.reprice(id),
            8 => self.state.portal_cancels(id),
            9 => {
                let wish = if self.random.f64() < 0.5 { Change::Set(RequestedEnd::AtPeriodEnd) } else { Change::Clear };
                let update = SubscriptionUpdate { cancellation: wish, ..SubscriptionUpdate::default() };
                self.state.update_subscription(id, update)
            }
            10 => match self.state.subscriptions.known(id).unwrap().schedule.clone() {
                Some(schedule) => self.state.release_schedule(&schedule, false),
                None => self.schedule(id),
            },
            _ => {
                let open = self.state.invoices.iter().find(|invoice| invoice.status == InvoiceStatus::Open);
                let open = open.map(|invoice| invoice.id.clone());
                open.map_or(Ok(()), |invoice| self.state.pay_invoice(&invoice, None))
            }
        };
        if let Err(error) = result {
            assert!(error.status < 500, "{error}");
        }
    }

    /// Schedules another price from the end of the period on, and perhaps an end after it.
    fn schedule(&mut self, id: &SubscriptionId) -> crate::error::Result<()> {
        let schedule = self.state.create_schedule(id)?;
        let now = self.state.schedules.known(&schedule).unwrap().phases[0].clone();
        let items = self.items();
        let days = i64::try_from(1 + self.random.usize(..60)).unwrap();
        let end = crate::calendar::later(now.end, SignedDuration::from_hours(24 * days));
        let next = Phase { start: now.end, end, items, ..now.clone() };
        let end_behavior = Some([EndBehavior::Release, EndBehavior::Cancel][self.random.usize(..2)]);
        let update = ScheduleUpdate { phases: Some(vec![now, next]), end_behavior, ..ScheduleUpdate::default() };
        self.state.update_schedule(&schedule, update)
    }

    fn reprice(&mut self, id: &SubscriptionId) -> crate::error::Result<()> {
        let behaviors =
            [ProrationBehavior::AlwaysInvoice, ProrationBehavior::CreateProrations, ProrationBehavior::None];
        let payments = [PaymentBehavior::Wait, PaymentBehavior::Apply, PaymentBehavior::Refuse];
        let proration = behaviors[self.random.usize(..3)];
        let items = self.state.subscriptions.known(id).unwrap().items.clone();
        let update = SubscriptionUpdate {
            payment: payments[self.random.usize(..3)],
            ..SubscriptionUpdate::of_items(changes_to(&items, &self.items()), proration)
        };
        self.state.update_subscription(id, update)
    }

    fn check(&self) {
        self.check_balances();
        self.check_periods_are_charged_once();
        for subscription in self.state.subscriptions.iter() {
            view::subscription(&self.state, subscription).unwrap();
            let period = subscription.period;
            assert!(period.start < period.end);
            let running = matches!(subscription.status, SubscriptionStatus::Active | SubscriptionStatus::Trialing);
            if running {
                assert!(period.start <= self.state.now && self.state.now < period.end, "{subscription:#?}");
                assert!(subscription.ended_at.is_none());
            }
            if let (Some(Cancellation::At(at)), true) = (subscription.cancellation, subscription.is_live()) {
                assert!(at > self.state.now);
            }
        }
    }

    /// Checks that the charged amount is the paid amount, and that the total of the invoices is paid, owed, or on the
    /// balance.
    fn check_balances(&self) {
        let state = &self.state;
        let charged: i64 = state.charges.iter().filter(|charge| charge.succeeded).map(|charge| charge.amount).sum();
        let paid: i64 = state.invoices.iter().map(|invoice| invoice.amount_paid()).sum();
        assert_eq!(charged, paid);
        let counts = |status| matches!(status, InvoiceStatus::Paid | InvoiceStatus::Open);
        let final_ones = || state.invoices.iter().filter(|invoice| counts(invoice.status));
        let totals: i64 = final_ones().map(|invoice| invoice.total()).sum();
        let asked: i64 = final_ones().map(|invoice| invoice.amount_due()).sum();
        let balance = state.customers.known(&self.customer).unwrap().balance;
        assert_eq!(totals, asked + balance);
        for invoice in state.invoices.iter().filter(|invoice| invoice.status == InvoiceStatus::Open) {
            assert!(invoice.amount_due() > 0 && invoice.number.is_some());
        }
    }

    /// Checks that no period of an item is charged twice. A change of interval may begin a period at the start of another one, which
    /// is then credited.
    fn check_periods_are_charged_once(&self) {
        let mut seen = BTreeSet::new();
        for invoice in self.state.invoices.iter().filter(|invoice| invoice.reason == BillingReason::Cycle) {
            for line in invoice.lines.iter().filter(|line| matches!(line.origin, LineOrigin::Period)) {
                let key = (invoice.subscription.clone(), line.item.clone(), line.period.start);
                assert!(seen.insert(key), "{line:#?} was charged before");
            }
        }
    }
}

#[test]
fn seeded_lives() {
    for seed in 0..40 {
        let mut life = Life::begin(seed);
        for _ in 0..40 {
            life.step();
            life.check();
        }
        life.state.unposted.clear();
    }
}

#[test]
fn a_seed_repeats_a_life() {
    let events = |seed| {
        let mut life = Life::begin(seed);
        (0..40).for_each(|_| life.step());
        life.state.events.iter().map(|event| view::event(event).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(events(7), events(7));
}
