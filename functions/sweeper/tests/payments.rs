//! What is due about payments: commands to Stripe that were left, and workspaces to be compared with Stripe.

#![expect(clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use jiff::SignedDuration;
use shared::{
    billing::{CheckoutRequest, checkout, subscription},
    domain::plan::{Interval, Plan},
    testkit::{ANA, Moment, Shop},
};
use stripe_standin::RequestFault;
use sweeper::{Sweeper, Swept};

async fn sweep(shop: &Shop) -> Swept {
    let world = &shop.world;
    let sweeper = Sweeper {
        store: world.store(),
        queues: world.queues(),
        secrets: world.integration_secrets(),
        charging: shop.charging(),
    };
    let until = world.clock.now() + SignedDuration::from_secs(35);
    sweeper.sweep("sweep", until).await.unwrap()
}

async fn buy(shop: &Shop) {
    let wanted = CheckoutRequest { plan: Plan::Pro, interval: Interval::Month, success_url: None, cancel_url: None };
    checkout(&shop.charging(), &ANA.caller(), shop.workspace, wanted, None).await.unwrap();
}

async fn plan(shop: &Shop) -> Plan {
    subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap().plan
}

fn intents(shop: &Shop) -> usize {
    shop.world.items().keys().filter(|(_, sk)| sk.starts_with("INTENT#")).count()
}

#[tokio::test]
async fn invariant_29_a_command_that_was_left_is_finished_within_two_minutes_of_its_time() {
    let shop = Shop::open(1).await;
    // The process ends once the intent is written, before Stripe is asked.
    assert!(shop.world.crashing(2, Moment::Before, Box::pin(buy(&shop))).await.is_none());
    assert_eq!((intents(&shop), shop.asked().len()), (1, 0));
    shop.world.wait(SignedDuration::from_secs(119));
    assert_eq!(sweep(&shop).await.done, 0, "it may still be under way");
    shop.world.wait(SignedDuration::from_secs(2));
    // Stripe is down for a minute: it is due again.
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

#[tokio::test]
async fn invariant_29_a_payment_that_nobody_told_of_is_found_when_the_page_would_have_expired() {
    let shop = Shop::open(1).await;
    buy(&shop).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    shop.world.wait(SignedDuration::from_hours(23));
    assert_eq!((sweep(&shop).await.done, plan(&shop).await), (0, Plan::Free));
    shop.world.wait(SignedDuration::from_mins(61));
    assert_eq!((sweep(&shop).await.done, plan(&shop).await), (1, Plan::Pro));
    // Until something changes, nothing is due.
    assert_eq!(sweep(&shop).await.done, 0);
}
