//! Orders of add-ons under crashes, races and wrong prices.

use super::{Buyer, items};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use shared::billing::{AddonRequest, change_addon};
use stripe_standin::RequestFault;
use testkit::{ANA, Moment};
use workers::billing::finish_interrupted;

fn wanted(name: &str, quantity: u64) -> AddonRequest {
    AddonRequest { name: name.parse().unwrap(), quantity }
}

/// Invariants 13 and 47.
#[tokio::test]
async fn crashed_order_is_paid_once_or_changes_nothing() {
    for later in [SignedDuration::from_mins(3), SignedDuration::from_hours(30)] {
        for moment in [Moment::Before, Moment::After] {
            for call in 0.. {
                let buyer = Buyer::of("starter", "month").await;
                let (with, shop) = (buyer.shop.billing_deps(), &buyer.shop);
                let caller = ANA.caller();
                let order = change_addon(&with, &caller, shop.workspace, wanted("runs", 2));
                let done = shop.world.crashing(call, moment, Box::pin(order)).await;
                let context = format!("{moment:?} call {call}, {later:?} later");
                shop.world.wait(later);
                finish_interrupted(&with, shop.workspace).await.unwrap();
                buyer.sync().await;
                let is_ordered = buyer.items() == items("starter", &[("runs", 2)]);
                assert!(is_ordered || buyer.items() == items("starter", &[]), "{context}: {:?}", buyer.items());
                assert_eq!(buyer.paid().len(), 1 + usize::from(is_ordered), "{context}");
                // The repeated order finds it, or makes it.
                let answer = buyer.order("runs", 2).await;
                assert!(answer.status == 200 || answer.code() == "addon_unchanged", "{context}: {answer}");
                assert_eq!((buyer.items(), buyer.paid().len()), (items("starter", &[("runs", 2)]), 2), "{context}");
                assert_eq!(buyer.limit("executions").await, 12_000, "{context}");
                if let Some(done) = done {
                    assert!(call >= 3 && done.is_ok(), "it takes some calls: {done:?}");
                    break;
                }
            }
        }
    }
}

/// Invariants 13 and 47.
#[tokio::test]
async fn crashed_reduction_is_scheduled_or_changes_nothing() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let buyer = Buyer::of("starter", "month").await;
            buyer.buy("runs", 3).await;
            let (with, shop) = (buyer.shop.billing_deps(), &buyer.shop);
            let caller = ANA.caller();
            let order = change_addon(&with, &caller, shop.workspace, wanted("runs", 1));
            let done = shop.world.crashing(call, moment, Box::pin(order)).await;
            let context = format!("{moment:?} call {call}");
            shop.world.wait(SignedDuration::from_mins(3));
            finish_interrupted(&with, shop.workspace).await.unwrap();
            assert_eq!(buyer.order("runs", 1).await.body["status"], "scheduled", "{context}");
            buyer.period_ends().await;
            assert_eq!(buyer.items(), items("starter", &[("runs", 1)]), "{context}");
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn repeated_order_is_charged_once_when_answers_are_lost() {
    for applied in [true, false] {
        for times in 1..4 {
            let buyer = Buyer::of("starter", "month").await;
            buyer.shop.stripe().add_fault(RequestFault {
                method: Some("POST".to_owned()),
                status: Some(500),
                applied,
                count: times,
                ..RequestFault::default()
            });
            let answers = [buyer.order("runs", 2).await, buyer.order("runs", 2).await];
            let context = format!("{applied} {times}: {answers:?}");
            finish_interrupted(&buyer.shop.billing_deps(), buyer.shop.workspace).await.unwrap();
            buyer.order("runs", 2).await;
            assert_eq!((buyer.items(), buyer.paid().len()), (items("starter", &[("runs", 2)]), 2), "{context}");
        }
    }
}

/// Invariant 47.
#[tokio::test]
async fn concurrent_orders_leave_one_of_them() {
    for seed in 0..5 {
        let buyer = Buyer::of("starter", "month").await;
        let orders = [("runs", 2), ("runs", 3 + seed), ("space", 1), ("runs", 2)];
        let answers = join_all(orders.map(|(name, quantity)| buyer.order(name, quantity))).await;
        finish_interrupted(&buyer.shop.billing_deps(), buyer.shop.workspace).await.unwrap();
        buyer.sync().await;
        let held = buyer.shown().await["addons"].clone();
        let units: Vec<_> = held.as_array().unwrap().iter().filter(|addon| addon["addon"] == "runs").collect();
        assert!(
            units.len() <= 1 && units.iter().all(|of| [json!(2), json!(3 + seed)].contains(&of["quantity"])),
            "{held}"
        );
        assert!(answers.iter().all(|answer| !answer.status.is_server_error()), "{answers:?}");
        assert_eq!(buyer.open_invoices().len(), 0);
        let of_stripe = buyer.items().len();
        assert_eq!(of_stripe, 1 + held.as_array().unwrap().len(), "{held}");
    }
}

/// Invariant 47.
#[tokio::test]
async fn order_is_decided_again_after_a_change_in_stripe() {
    let buyer = Buyer::of("starter", "month").await;
    buyer.buy("runs", 1).await;
    let held = buyer.shop.stripe_objects("subscriptions").remove(0);
    let runs = held["items"]["data"].as_array().unwrap().iter().find(|item| item["price"]["id"] == "price_runs_month");
    let item = runs.unwrap()["id"].as_str().unwrap().to_owned();
    // The stored units are outdated: they are five by now.
    buyer.shop.post_to_stripe(&format!("/v1/subscription_items/{item}"), "quantity=5&proration_behavior=none").await;
    let answer = buyer.order("runs", 2).await;
    assert_eq!(answer.body["status"], "scheduled", "fewer than five come at the end: {answer}");
    assert_eq!((buyer.held().await, buyer.paid().len()), (vec![("runs".to_owned(), 5, Some(2))], 2));
}

/// Invariant 48.
#[tokio::test]
async fn another_amount_than_shown_is_not_charged() {
    let buyer = Buyer::of("starter", "month").await;
    buyer.shop.post_to_stripe("/v1/prices/price_runs_month", "lookup_key=").await;
    let refused = buyer.order("runs", 1).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "payments_not_set_up"), "{refused}");
    let form = "product=prod_runs&currency=usd&unit_amount=9900&recurring[interval]=month\
                &lookup_key=berth:addon:runs/1/month/usd&metadata[berth_addon]=runs&metadata[berth_version]=1";
    buyer.shop.post_to_stripe("/v1/prices", form).await;
    for answer in [buyer.order("runs", 1).await, buyer.preview("runs", 1).await] {
        assert_eq!((answer.status.as_u16(), answer.code()), (503, "payments_not_set_up"), "{answer}");
    }
    assert_eq!((buyer.items(), buyer.paid()), (items("starter", &[]), vec![9_00]));
}
