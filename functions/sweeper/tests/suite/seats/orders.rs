//! Orders of plans that are paid for each seat, and what the billing page shows of them.

use super::{MONTH, Team, plan};
use domain::plans::money::Interval;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::{
    self, AddonRequest, CheckoutRequest, Error, PlanChangeView, PlanRequest, PreviewRequest, ReturnUrls, read_config,
};
use testkit::ANA;

impl Team {
    async fn seats_shown(&self) -> Value {
        let config = read_config(&self.shop.billing_deps(), &ANA.caller(), self.shop.workspace).await.unwrap();
        serde_json::to_value(config.pricing.seats).unwrap()
    }

    async fn preview(&self, name: &str) -> Value {
        let request = PreviewRequest { plan: plan(name), interval: None, currency: None };
        let (with, caller) = (self.shop.billing_deps(), ANA.caller());
        let preview = billing::preview_plan(&with, &caller, self.shop.workspace, request).await.unwrap();
        serde_json::to_value(preview).unwrap()
    }

    async fn try_change(&self, name: &str, interval: Option<Interval>) -> Result<PlanChangeView, Error> {
        let request = PlanRequest { plan: plan(name), interval, currency: None, back: ReturnUrls::default() };
        billing::change_plan(&self.shop.billing_deps(), &ANA.caller(), self.shop.workspace, request).await
    }
}

#[tokio::test]
async fn checkout_sells_a_seat_for_each_member() {
    let team = Team::paying(1, "basic").await;
    for number in 0..6 {
        team.join(number).await;
    }
    // The first subscription ends, and the members stay.
    billing::cancel_subscription(&team.shop.billing_deps(), &ANA.caller(), team.shop.workspace).await.unwrap();
    team.shop.world.wait(MONTH);
    team.compare().await;
    let preview = team.preview("team").await;
    assert_eq!(
        (&preview["seats"], &preview["next_amount"], &preview["amount_due_now"]),
        (&json!(7), &json!(5_600), &json!(5_600))
    );
    team.buy("team", None).await;
    assert_eq!((team.quantity(), team.newest_lines()), (7, vec![5_600]));
    let shown = json!({"paid": 7, "minimum": 3, "amount": 800, "currency": "usd", "interval": "month"});
    assert_eq!(team.seats_shown().await, shown);
}

/// Invariants 46 and 47.
#[tokio::test]
async fn seats_and_add_ons_leave_each_other_alone() {
    let team = Team::paying(1, "team").await;
    let order = async |quantity| {
        let request = AddonRequest { name: "exports".parse().unwrap(), quantity };
        billing::change_addon(&team.shop.billing_deps(), &ANA.caller(), team.shop.workspace, request).await.unwrap();
    };
    let items = || {
        let held = team.held().unwrap()["items"]["data"].as_array().unwrap().clone();
        let mut quantities: Vec<_> = held.iter().map(|item| item["quantity"].as_u64().unwrap()).collect();
        quantities.sort_unstable();
        quantities
    };
    order(9).await;
    for number in 0..4 {
        team.join(number).await;
    }
    team.minute().await;
    assert_eq!(items(), [5, 9]);
    order(10).await;
    order(2).await;
    team.join(9).await;
    team.minute().await;
    assert_eq!(items(), [6, 10]);
    team.shop.world.wait(MONTH);
    team.compare().await;
    team.minute().await;
    assert_eq!(items(), [2, 6]);
}

/// A page that was opened before somebody left sells as many seats as are needed.
#[tokio::test]
async fn page_with_other_seats_is_replaced() {
    let team = Team::paying(1, "basic").await;
    for number in 0..4 {
        team.join(number).await;
    }
    billing::cancel_subscription(&team.shop.billing_deps(), &ANA.caller(), team.shop.workspace).await.unwrap();
    team.shop.world.wait(MONTH);
    team.compare().await;
    let open = async || {
        let wanted = CheckoutRequest {
            plan: plan("team"),
            interval: Interval::Month,
            currency: None,
            back: ReturnUrls::default(),
        };
        let with = team.shop.billing_deps();
        billing::open_checkout(&with, &ANA.caller(), team.shop.workspace, wanted, None).await.unwrap();
    };
    open().await;
    let first = team.shop.open_sessions();
    open().await;
    assert_eq!(team.shop.open_sessions(), first, "the same order has the same page");
    team.remove(0).await;
    open().await;
    let second = team.shop.open_sessions();
    assert_eq!((second.len(), second == first), (1, false));
    team.shop.stripe().pay(&second[0]).unwrap();
    team.compare().await;
    assert_eq!(team.quantity(), 4);
}

/// Invariant 46.
#[tokio::test]
async fn checkout_with_an_older_number_is_set_right() {
    let team = Team::paying(1, "basic").await;
    for number in 0..3 {
        team.join(number).await;
    }
    billing::cancel_subscription(&team.shop.billing_deps(), &ANA.caller(), team.shop.workspace).await.unwrap();
    team.shop.world.wait(MONTH);
    team.compare().await;
    let wanted =
        CheckoutRequest { plan: plan("team"), interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    let with = team.shop.billing_deps();
    billing::open_checkout(&with, &ANA.caller(), team.shop.workspace, wanted, None).await.unwrap();
    team.remove(0).await;
    // The check finds no subscription, and has nothing to do.
    team.minute().await;
    assert_eq!(team.item("SEATS"), None);
    team.shop.stripe().pay(&team.shop.open_sessions()[0]).unwrap();
    team.compare().await;
    assert_eq!(team.quantity(), 4);
    team.minute().await;
    assert_eq!(team.quantity(), 3);
}

/// Invariant 46.
#[tokio::test]
async fn flat_plans_and_seats_replace_each_other() {
    let team = Team::paying(1, "basic").await;
    for number in 0..4 {
        team.join(number).await;
    }
    team.minute().await;
    assert_eq!((team.quantity(), team.seats_shown().await), (1, json!(null)));
    let preview = team.preview("team").await;
    assert_eq!((&preview["seats"], &preview["next_amount"]), (&json!(5), &json!(4_000)));
    let due = preview["amount_due_now"].as_i64().unwrap();
    assert!((3_100..=3_200).contains(&due), "four seats more: {preview}");
    team.change("team").await;
    assert_eq!(team.quantity(), 5);
    let flat = team.preview("basic").await;
    assert_eq!((&flat["seats"], &flat["next_amount"]), (&json!(null), &json!(800)));
    team.change("basic").await;
    assert_eq!(team.scheduled(), [5, 1]);
    team.join(4).await;
    team.minute().await;
    assert_eq!((team.quantity(), team.scheduled()), (6, vec![6, 1]));
    team.shop.world.wait(MONTH);
    team.compare().await;
    assert_eq!(team.quantity(), 1);
    team.join(5).await;
    team.minute().await;
    assert_eq!(team.quantity(), 1, "a flat plan is paid once");
}

/// Invariant 46.
#[tokio::test]
async fn scheduled_interval_keeps_the_seats_of_both_phases() {
    let team = Team::paying(1, "team").await;
    let request = |interval| team.try_change("team", Some(interval));
    request(Interval::Year).await.unwrap();
    request(Interval::Month).await.unwrap();
    assert_eq!(team.scheduled(), [3, 3]);
    for number in 0..4 {
        team.join(number).await;
    }
    team.minute().await;
    assert_eq!((team.quantity(), team.scheduled()), (5, vec![5, 5]));
    team.remove(0).await;
    team.minute().await;
    assert_eq!((team.quantity(), team.scheduled()), (4, vec![4, 4]));
    team.shop.world.wait(SignedDuration::from_hours(366 * 24));
    team.compare().await;
    assert_eq!(
        (team.quantity(), team.held().unwrap()["items"]["data"][0]["price"]["id"].clone()),
        (4, json!("price_team_month"))
    );
}

#[tokio::test]
async fn seats_are_paid_in_the_currency_of_the_subscription() {
    let team = Team::new(1).await;
    team.buy("team", Some("eur".parse().unwrap())).await;
    for number in 0..3 {
        team.join(number).await;
    }
    team.minute().await;
    team.compare().await;
    let shown = team.seats_shown().await;
    assert_eq!((&shown["paid"], &shown["currency"]), (&json!(4), &json!("eur")));
    assert_eq!(team.held().unwrap()["items"]["data"][0]["price"]["currency"], "eur");
}

/// While the number is being set, a command that would change the price or the schedule is refused.
#[tokio::test]
async fn commands_wait_while_seats_are_set() {
    let team = Team::paying(1, "team").await;
    let until = team.shop.world.clock.now() + SignedDuration::from_mins(2);
    let value = json!({"S": until.to_string()});
    team.shop.world.overwrite(team.shop.workspace, "SUBSCRIPTION", "seats_until", value);
    let requests = team.shop.stripe_requests().len();
    let refused = team.try_change("basic", None).await.unwrap_err();
    assert_eq!(domain::error::Refusal::code(&refused), "billing_changed");
    assert_eq!(team.shop.stripe_requests().len(), requests);
    team.shop.world.wait(SignedDuration::from_mins(2));
    team.try_change("basic", None).await.unwrap();
}
