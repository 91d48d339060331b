//! A second subscription, made at Stripe.

use super::listen::{current_plan, item, listen, paid};
use serde_json::{Value, json};
use shared::billing::cancel_subscription;
use testkit::{ANA, Lines, Moment, Shop, plan};

/// Creates a shop that pays for pro, and adds a subscription to `price`.
async fn with_second(price: &str) -> Shop {
    let (shop, hints, customer) = paid().await;
    listen(&shop, &hints).await;
    shop.subscribe_in_stripe(&customer, price).await;
    shop
}

fn renewing(shop: &Shop) -> usize {
    let renews = |held: &&Value| held["status"] == "active" && held["cancel_at_period_end"] == false;
    shop.stripe_objects("subscriptions").iter().filter(renews).count()
}

#[tokio::test]
async fn the_better_of_two_plans_counts_and_is_reported() {
    for (price, counts) in [("price_starter_month", plan("pro").name), ("price_business_month", plan("business").name)]
    {
        let shop = with_second(price).await;
        let log = Lines::capture();
        listen(&shop, &shop.hints()).await;
        assert_eq!(current_plan(&shop).await, (counts, "active".to_owned()));
        assert_eq!(item(&shop)["other_subscriptions"].as_array().unwrap().len(), 1);
        assert!(log.text().contains("a second plan"), "{}", log.text());
    }
}

#[tokio::test]
async fn cancellation_ends_every_subscription() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let shop = with_second("price_starter_month").await;
            listen(&shop, &shop.hints()).await;
            let (with, caller) = (shop.billing_deps(), ANA.caller());
            let cancel = Box::pin(cancel_subscription(&with, &caller, shop.workspace));
            let done = shop.world.crashing(call, moment, cancel).await;
            if done.is_none() {
                Box::pin(cancel_subscription(&with, &caller, shop.workspace)).await.unwrap();
            }
            assert_eq!(renewing(&shop), 0, "{moment:?} {call}");
            listen(&shop, &shop.hints()).await;
            assert_eq!(item(&shop)["other_subscriptions"], json!([]), "{moment:?} {call}");
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn second_subscription_after_a_cancellation_can_be_cancelled() {
    let (shop, hints, customer) = paid().await;
    listen(&shop, &hints).await;
    let (with, caller) = (shop.billing_deps(), ANA.caller());
    Box::pin(cancel_subscription(&with, &caller, shop.workspace)).await.unwrap();
    shop.subscribe_in_stripe(&customer, "price_starter_month").await;
    listen(&shop, &shop.hints()).await;
    assert_eq!((renewing(&shop), current_plan(&shop).await.0), (1, plan("pro").name));
    Box::pin(cancel_subscription(&with, &caller, shop.workspace)).await.unwrap();
    assert_eq!(renewing(&shop), 0);
}
