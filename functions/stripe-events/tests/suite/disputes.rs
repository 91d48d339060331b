//! Lost disputes, refunds and a paused collection.

use super::listen::{current_plan, item, listen, listen_under, open_page, paid};
use domain::billing::comparison::Comparison;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::read_subscription;
use testkit::{ANA, Moment, Shop, plan};
use workers::end_policy::{EndPolicy, OnLostDispute};

/// Creates a shop whose payment is disputed, and returns its customer and the dispute.
async fn disputed() -> (Shop, String, String) {
    let (shop, hints, customer) = paid().await;
    listen(&shop, &hints).await;
    shop.world.wait(SignedDuration::from_hours(24));
    let dispute = shop.stripe().dispute(&charge(&shop)).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
    (shop, customer, dispute)
}

fn charge(shop: &Shop) -> String {
    shop.stripe_objects("charges")[0]["id"].as_str().unwrap().to_owned()
}

fn statuses(shop: &Shop) -> Vec<Value> {
    shop.stripe_objects("subscriptions").iter().map(|held| held["status"].clone()).collect()
}

#[tokio::test]
async fn lost_dispute_cancels_the_subscription_once() {
    let (shop, customer, dispute) = disputed().await;
    shop.stripe().close_dispute(&dispute, false).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!((current_plan(&shop).await.0, statuses(&shop)), (plan("free").name, vec![json!("canceled")]));
    listen(&shop, &shop.hints()).await;
    // The customer buys again. The old dispute is read each night.
    open_page(&shop).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    listen(&shop, &shop.hints()).await;
    listen(&shop, &[Comparison::begun(shop.world.clock.now()).hint(&customer)]).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
}

#[tokio::test]
async fn lost_dispute_cancels_whatever_crashes() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (shop, _, dispute) = disputed().await;
            shop.stripe().close_dispute(&dispute, false).unwrap();
            let hints = shop.hints();
            let done = shop.world.crashing(call, moment, Box::pin(listen(&shop, &hints[..1]))).await;
            listen(&shop, &hints[..1]).await;
            assert_eq!(
                (current_plan(&shop).await.0, statuses(&shop)),
                (plan("free").name, vec![json!("canceled")]),
                "{moment:?} {call}"
            );
            if done.is_some() {
                break;
            }
        }
    }
}

/// A comparison ended before it was written, and the customer has bought again before the next one.
#[tokio::test]
async fn purchase_after_a_dispute_began_is_kept() {
    let (shop, _, dispute) = disputed().await;
    let account = shop.billing_deps().payments.stripe_account::<workers::billing::Error>().await.unwrap();
    let old = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
    account.cancel_now(&old, "end").await.unwrap();
    listen(&shop, &shop.hints()).await;
    shop.world.wait(SignedDuration::from_hours(1));
    open_page(&shop).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    shop.stripe().close_dispute(&dispute, false).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
}

#[tokio::test]
async fn operator_may_keep_the_subscription_of_a_lost_dispute() {
    let (shop, _, dispute) = disputed().await;
    shop.stripe().close_dispute(&dispute, false).unwrap();
    let keep = EndPolicy { lost_dispute: OnLostDispute::Keep, ..EndPolicy::default() };
    listen_under(&shop, keep, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
    assert_eq!(item(&shop)["reversals"][0]["dispute"], "lost");
}

#[tokio::test]
async fn won_dispute_and_full_refund_change_nothing() {
    let (shop, _, dispute) = disputed().await;
    shop.stripe().close_dispute(&dispute, true).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(
        (current_plan(&shop).await.0, item(&shop)["reversals"][0]["dispute"].clone()),
        (plan("pro").name, json!("won"))
    );
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    shop.stripe().refund(&charge(&shop), None).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(
        (current_plan(&shop).await.0, item(&shop)["reversals"][0]["refunded"].clone()),
        (plan("pro").name, json!(2_900))
    );
}

#[tokio::test]
async fn paused_collection_is_shown_and_the_plan_stays() {
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    let path = format!("/v1/subscriptions/{}", shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap());
    for (form, paused) in [("pause_collection[behavior]=keep_as_draft", true), ("pause_collection=", false)] {
        shop.post_to_stripe(&path, form).await;
        listen(&shop, &shop.hints()).await;
        let view = read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap();
        assert_eq!((view.plan, view.collection_paused), (plan("pro").name, paused));
    }
}
