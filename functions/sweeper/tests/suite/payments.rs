//! Due payments: leftover commands to Stripe, and workspaces to be compared with Stripe.

use super::sweep::sweeper_of;
use domain::{
    billing::stripe::event::Hint,
    plans::{money::Interval, names::PlanName},
};
use jiff::SignedDuration;
use shared::billing::{CheckoutRequest, ReturnUrls, open_checkout, read_subscription};
use stripe_standin::{CataloguePrice, RequestFault};
use sweeper::SweepSummary;
use testkit::{ANA, Lines, Moment, Shop, plan};
use workers::billing::handle_event;

async fn sweep(shop: &Shop) -> SweepSummary {
    let until = shop.world.clock.now() + SignedDuration::from_secs(35);
    sweeper_of(shop).sweep("sweep", until).await.unwrap()
}

async fn buy(shop: &Shop) {
    let wanted =
        CheckoutRequest { plan: plan("pro"), interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    open_checkout(&shop.billing_deps(), &ANA.caller(), shop.workspace, wanted, None).await.unwrap();
}

async fn current_plan(shop: &Shop) -> PlanName {
    read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap().plan
}

fn intents(shop: &Shop) -> usize {
    shop.world.items().keys().filter(|(_, sk)| sk.starts_with("INTENT#")).count()
}

/// Invariant 29.
#[tokio::test]
async fn leftover_command_completes_within_two_minutes() {
    let shop = Shop::open(1).await;
    // The process ends once the intent is written, before Stripe is called.
    assert!(shop.world.crashing(3, Moment::Before, Box::pin(buy(&shop))).await.is_none());
    assert_eq!((intents(&shop), shop.stripe_requests().len()), (1, 0));
    shop.world.wait(SignedDuration::from_secs(119));
    assert_eq!(sweep(&shop).await.done, 0, "the command may still be under way");
    shop.world.wait(SignedDuration::from_secs(2));
    // Stripe is down for a minute, so the intent is due again.
    let down = RequestFault { count: 20, status: Some(503), ..RequestFault::default() };
    shop.stripe().add_fault(down);
    let swept = sweep(&shop).await;
    assert_eq!((swept.done, swept.failed), (0, 1));
    shop.stripe().clear_faults();
    for _ in 0..3 {
        shop.world.wait(SignedDuration::from_mins(3));
        sweep(&shop).await;
    }
    assert_eq!((intents(&shop), shop.open_sessions().len(), shop.customers()), (0, 1, 1));
}

/// Invariant 29.
#[tokio::test]
async fn unseen_payment_is_found_when_the_page_expires() {
    let shop = Shop::open(1).await;
    buy(&shop).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    shop.world.wait(SignedDuration::from_hours(23));
    assert_eq!((sweep(&shop).await.done, current_plan(&shop).await), (0, plan("free").name));
    shop.world.wait(SignedDuration::from_mins(61));
    assert_eq!((sweep(&shop).await.done, current_plan(&shop).await), (1, plan("pro").name));
    // Until something changes, nothing is due.
    assert_eq!(sweep(&shop).await.done, 0);
}

/// Handles all queued messages, as the function stripe-events does.
async fn listen(shop: &Shop) -> usize {
    let queued = shop.world.queued_in_order();
    for message in &queued {
        let hint: Hint = serde_json::from_value(message.body.clone()).unwrap();
        handle_event(&shop.billing_deps(), &hint).await.unwrap();
    }
    queued.len()
}

/// Invariant 11.
#[tokio::test]
async fn one_night_makes_up_for_lost_events() {
    let shop = Shop::open(1).await;
    buy(&shop).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    drop(shop.stripe().take_all_deliveries());
    assert_eq!(current_plan(&shop).await, plan("free").name);
    let sweeper = sweeper_of(&shop);
    sweeper.begin_comparison().await.unwrap();
    // Two requests begin one comparison.
    sweeper.begin_comparison().await.unwrap();
    assert_eq!(sweep(&shop).await.done, 1);
    assert_eq!(listen(&shop).await, 1);
    assert_eq!(current_plan(&shop).await, plan("pro").name);
    assert_eq!(sweep(&shop).await.done, 0, "the comparison has ended");
    assert!(!shop.world.items().keys().any(|(pk, _)| pk == "COMPARISON"));
    // The next night there is no news, and only the time of the comparison is written to the workspace.
    shop.world.wait(SignedDuration::from_hours(24));
    sweeper.begin_comparison().await.unwrap();
    sweep(&shop).await;
    assert_eq!(listen(&shop).await, 1);
    let audited = shop.world.items().values().filter(|item| item["action"] == "billing.changed").count();
    assert_eq!(audited, 1);
}

/// Invariant 11.
#[tokio::test]
async fn events_that_no_webhook_has_taken_are_listed() {
    let shop = Shop::open(1).await;
    buy(&shop).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    sweeper_of(&shop).begin_comparison().await.unwrap();
    sweep(&shop).await;
    let queued = shop.world.queued_in_order();
    assert!(queued.iter().any(|message| message.body["type"] == "checkout.session.completed"), "{queued:#?}");
    assert!(queued.iter().any(|message| message.body["type"] == "berth.comparison"), "{queued:#?}");
}

#[tokio::test]
async fn a_comparison_that_ends_midway_goes_on_from_there() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0..12 {
            let shop = Shop::open(1).await;
            buy(&shop).await;
            shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
            drop(shop.stripe().take_all_deliveries());
            sweeper_of(&shop).begin_comparison().await.unwrap();
            let _ = shop.world.crashing(call, moment, Box::pin(sweep(&shop))).await;
            sweep(&shop).await;
            assert!(listen(&shop).await >= 1);
            assert_eq!(current_plan(&shop).await, plan("pro").name, "{moment:?} call {call}");
            assert_eq!(sweep(&shop).await.done, 0, "{moment:?} call {call}: it has ended");
        }
    }
}

/// Somebody has removed the lookup key of a price in Stripe.
#[tokio::test]
async fn prices_that_cannot_be_bought_are_reported_at_night() {
    for (keyless, reports) in [("price_pro_year", true), ("price_of_the_company", false)] {
        let own = CataloguePrice { id: "price_of_the_company".to_owned(), ..CataloguePrice::default() };
        let shop = Shop::open_with(1, |options| options.catalogue.push(own)).await;
        shop.post_to_stripe(&format!("/v1/prices/{keyless}"), "lookup_key=").await;
        sweeper_of(&shop).begin_comparison().await.unwrap();
        let log = Lines::capture();
        sweep(&shop).await;
        let text = log.text();
        let reported = text.contains("not as customers see it") && text.contains("pro/1/year/usd");
        assert_eq!(reported, reports, "{keyless}");
    }
}

#[tokio::test]
async fn night_ends_although_prices_cannot_be_read() {
    let shop = Shop::open(1).await;
    let fault = RequestFault {
        status: Some(500),
        method: Some("GET".to_owned()),
        path: "/v1/prices".to_owned(),
        count: u32::MAX,
        ..RequestFault::default()
    };
    shop.stripe().add_fault(fault);
    sweeper_of(&shop).begin_comparison().await.unwrap();
    let swept = sweep(&shop).await;
    assert_eq!((swept.done, swept.failed), (1, 0));
    assert!(shop.stripe_requests().contains(&"GET /v1/prices".to_owned()));
    assert!(!shop.world.items().keys().any(|(pk, _)| pk == "COMPARISON"));
}
