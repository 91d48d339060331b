//! Seats: Stripe has as many as the workspace has members, a minute after each change of their number.

mod lives;
mod orders;
mod races;

use super::sweep::{minute_passes, sweeper_of};
use domain::{
    identity::access::Role,
    ids::WorkspaceId,
    plans::{
        money::{Currency, Interval},
        plan::Plan,
    },
};
use jiff::SignedDuration;
use serde_json::Value;
use shared::{
    billing::{self, CheckoutRequest, PlanChangeView, PlanRequest, ReturnUrls},
    team,
};
use stripe_standin::RequestFault;
use testkit::{ANA, Person, Shop, plans_per_seat};

const MONTH: SignedDuration = SignedDuration::from_hours(31 * 24 + 2);

/// Ana's workspace in a company that sells seats.
struct Team {
    shop: Shop,
}

/// Returns the `number`-th of many people.
fn person(number: usize) -> Person {
    let leak = |text: String| -> &'static str { text.leak() };
    let (subject, email) = (leak(format!("person-{number}")), leak(format!("person-{number}@example.com")));
    Person { subject, email, name: "Someone", verified: true }
}

fn plan(name: &str) -> Plan {
    plans_per_seat().named(name.parse().unwrap()).unwrap()
}

impl Team {
    async fn new(seed: u64) -> Self {
        Self { shop: Shop::selling(seed, plans_per_seat()).await }
    }

    /// Returns a workspace that pays for `plan`.
    async fn paying(seed: u64, plan: &str) -> Self {
        let team = Self::new(seed).await;
        team.buy(plan, None).await;
        team
    }

    async fn buy(&self, name: &str, currency: Option<Currency>) {
        let wanted =
            CheckoutRequest { plan: plan(name), interval: Interval::Month, currency, back: ReturnUrls::default() };
        let with = self.shop.billing_deps();
        billing::open_checkout(&with, &ANA.caller(), self.shop.workspace, wanted, None).await.unwrap();
        self.shop.stripe().pay(&self.shop.open_sessions()[0]).unwrap();
        self.compare().await;
    }

    async fn compare(&self) {
        let with = self.shop.billing_deps();
        billing::sync_billing(&with, &ANA.caller(), self.shop.workspace).await.unwrap();
    }

    async fn change(&self, name: &str) -> PlanChangeView {
        let request = PlanRequest { plan: plan(name), interval: None, currency: None, back: ReturnUrls::default() };
        let with = self.shop.billing_deps();
        billing::change_plan(&with, &ANA.caller(), self.shop.workspace, request).await.unwrap()
    }

    async fn join(&self, number: usize) {
        self.shop.world.join(self.shop.workspace, &ANA, &person(number), Role::Member).await;
    }

    async fn remove(&self, number: usize) {
        let store = self.shop.world.store();
        team::remove_member(&store, &ANA.caller(), self.shop.workspace, person(number).id()).await.unwrap();
    }

    fn item(&self, sk: &str) -> Option<Value> {
        self.shop.world.items().get(&(format!("WS#{}", self.shop.workspace), sk.to_owned())).cloned()
    }

    fn members(&self) -> u64 {
        self.item("META").unwrap()["member_count"].as_u64().unwrap()
    }

    /// Returns the newest subscription at Stripe.
    fn held(&self) -> Option<Value> {
        let held = self.shop.stripe_objects("subscriptions").into_iter();
        held.max_by_key(|held| (held["created"].as_i64(), held["id"].as_str().map(str::to_owned)))
    }

    fn quantity(&self) -> u64 {
        self.held().unwrap()["items"]["data"][0]["quantity"].as_u64().unwrap()
    }

    /// Returns the quantities in the phases of the schedule from the current one on.
    fn scheduled(&self) -> Vec<u64> {
        let schedules = self.shop.stripe_objects("schedules");
        let active = schedules.iter().filter(|schedule| schedule["status"] == "active");
        let phases = active.flat_map(|schedule| {
            let current = schedule["current_phase"]["start_date"].as_i64();
            schedule["phases"].as_array().unwrap().iter().filter(move |phase| phase["start_date"].as_i64() >= current)
        });
        phases.map(|phase| phase["items"][0]["quantity"].as_u64().unwrap()).collect()
    }

    /// Returns the amounts of the lines of the newest invoice.
    fn newest_lines(&self) -> Vec<i64> {
        let newest = self.shop.stripe_objects("invoices").into_iter().max_by_key(|invoice| invoice["created"].as_i64());
        let lines = newest.unwrap()["lines"]["data"].as_array().unwrap().clone();
        lines.iter().map(|line| line["amount"].as_i64().unwrap()).collect()
    }

    async fn minute(&self) {
        minute_passes(&self.shop).await;
    }
}

/// Invariant 46.
#[tokio::test]
async fn members_are_paid_within_a_minute() {
    let team = Team::paying(1, "team").await;
    assert_eq!(team.quantity(), 3, "the minimum");
    for number in 0..4 {
        team.join(number).await;
    }
    assert_eq!((team.quantity(), team.members()), (3, 5), "no join waits for Stripe");
    team.shop.world.wait(SignedDuration::from_hours(15 * 24));
    team.minute().await;
    assert_eq!(team.quantity(), 5);
    team.remove(0).await;
    team.minute().await;
    assert_eq!(team.quantity(), 4);
    team.minute().await;
    assert_eq!(team.item("SEATS"), None, "nothing is left to do");
    // The next invoice has the difference, to the day, and nothing was charged before.
    assert_eq!(team.shop.stripe_objects("invoices").len(), 1);
    team.shop.world.wait(MONTH);
    team.compare().await;
    let lines = team.newest_lines();
    assert_eq!((lines.len(), lines.iter().max()), (5, Some(&3_200)), "{lines:?}");
    assert!((400..=600).contains(&(lines.iter().sum::<i64>() - 3_200)), "half a month of a fourth seat: {lines:?}");
}

/// Invariant 46.
#[tokio::test]
async fn join_is_accepted_while_stripe_is_down() {
    let team = Team::paying(1, "team").await;
    let down = RequestFault { count: u32::MAX, status: Some(503), ..RequestFault::default() };
    team.shop.stripe().add_fault(down);
    for number in 0..3 {
        team.join(number).await;
    }
    for _ in 0..3 {
        team.minute().await;
    }
    assert_eq!((team.members(), team.quantity()), (4, 3));
    team.shop.stripe().clear_faults();
    // A mark that could not be taken away has ended by then.
    team.shop.world.wait(SignedDuration::from_mins(2));
    team.minute().await;
    assert_eq!(team.quantity(), 4);
}

/// Invariant 46.
#[tokio::test]
async fn lost_check_is_found_by_the_comparison() {
    let team = Team::paying(1, "team").await;
    for number in 0..4 {
        team.join(number).await;
    }
    // As if the request had never been written.
    team.shop.world.overwrite(team.shop.workspace, "SEATS", "due_bucket", serde_json::json!({"S": "DUE#lost"}));
    team.minute().await;
    assert_eq!(team.quantity(), 3);
    let audited = || team.shop.world.items().values().filter(|item| item["action"] == "billing.changed").count();
    let before = audited();
    team.compare().await;
    team.minute().await;
    assert_eq!(team.quantity(), 5);
    team.compare().await;
    assert_eq!(team.item("SUBSCRIPTION").unwrap()["subscription"]["seats"], 5);
    assert_eq!(audited(), before, "the activity shows members, not their seats");
}

/// Invariant 46.
#[tokio::test]
async fn unpaid_upgrade_is_not_dropped_by_a_join() {
    let team = Team::paying(1, "team").await;
    let customer = team.held().unwrap()["customer"].as_str().unwrap().to_owned();
    team.shop.stripe().set_card_fails(&customer, true).unwrap();
    let yearly =
        PlanRequest { plan: plan("team"), interval: Some(Interval::Year), currency: None, back: ReturnUrls::default() };
    billing::change_plan(&team.shop.billing_deps(), &ANA.caller(), team.shop.workspace, yearly).await.unwrap();
    for number in 0..3 {
        team.join(number).await;
    }
    team.minute().await;
    let held = team.held().unwrap();
    assert_eq!(held["pending_update"]["subscription_items"][0]["quantity"], 3, "as it was ordered");
    team.shop.stripe().set_card_fails(&customer, false).unwrap();
    team.shop.stripe().pay_invoice(held["latest_invoice"].as_str().unwrap()).unwrap();
    team.compare().await;
    team.minute().await;
    assert_eq!(team.quantity(), 4);
}

/// Invariant 46.
#[tokio::test]
async fn overdue_seats_are_neither_charged_nor_credited() {
    let team = Team::paying(1, "team").await;
    for number in 0..4 {
        team.join(number).await;
    }
    team.minute().await;
    let customer = team.held().unwrap()["customer"].as_str().unwrap().to_owned();
    team.shop.stripe().set_card_fails(&customer, true).unwrap();
    team.shop.world.wait(MONTH);
    team.compare().await;
    assert_eq!(team.held().unwrap()["status"], "past_due");
    team.remove(0).await;
    team.minute().await;
    assert_eq!(team.quantity(), 4);
    team.shop.stripe().set_card_fails(&customer, false).unwrap();
    let owed = team.held().unwrap()["latest_invoice"].as_str().unwrap().to_owned();
    team.shop.stripe().pay_invoice(&owed).unwrap();
    team.shop.world.wait(MONTH);
    team.compare().await;
    assert_eq!(team.newest_lines(), [3_200]);
}

/// Invariants 20 and 46.
#[tokio::test]
async fn other_workspaces_keep_their_seats() {
    let team = Team::paying(1, "team").await;
    let other: WorkspaceId = team.shop.world.workspace_of(&ANA).await;
    let with = team.shop.billing_deps();
    let wanted = CheckoutRequest {
        plan: plan("team"),
        interval: Interval::Month,
        currency: Some(Currency::USD),
        back: ReturnUrls::default(),
    };
    billing::open_checkout(&with, &ANA.caller(), other, wanted, None).await.unwrap();
    team.shop.stripe().pay(&team.shop.open_sessions()[0]).unwrap();
    billing::sync_billing(&with, &ANA.caller(), other).await.unwrap();
    for number in 0..4 {
        team.join(number).await;
    }
    team.minute().await;
    let held = team.shop.stripe_objects("subscriptions");
    let mut quantities: Vec<_> =
        held.iter().map(|held| held["items"]["data"][0]["quantity"].as_u64().unwrap()).collect();
    quantities.sort_unstable();
    assert_eq!(quantities, [3, 5]);
}

/// A company that sells no seats writes nothing more for a join than before.
#[tokio::test]
async fn flat_plans_request_no_check() {
    let shop = Shop::open(1).await;
    shop.world.subscribe(shop.workspace, testkit::plan("pro")).await;
    let _ = shop.world.transaction_keys();
    shop.world.join(shop.workspace, &ANA, &person(0), Role::Member).await;
    let named = shop.world.transaction_keys();
    assert!(!named.is_empty() && !named.iter().any(|(_, sk)| sk == "SEATS"), "{named:?}");
    assert_eq!(sweeper_of(&shop).sweep("sweep", shop.world.clock.now()).await.unwrap().waiting, 0);
}
