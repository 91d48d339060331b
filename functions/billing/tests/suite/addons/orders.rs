//! Orders of add-ons: bought, reduced, unpaid, refused.

use super::{Buyer, items};
use domain::identity::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, Request, Shop, plans_with_addons, plans_with_trial};

/// Invariants 6 and 47.
#[tokio::test]
async fn units_raise_the_limit_once_they_are_paid() {
    let buyer = Buyer::of("starter", "month").await;
    assert_eq!(buyer.limit("executions").await, 10_000);
    buyer.shop.world.wait(SignedDuration::from_hours(10 * 24));
    let preview = buyer.preview("runs", 3).await.body;
    let due = preview["amount_due_now"].as_i64().unwrap();
    assert!(0 < due && due < 9_00, "the rest of the period: {preview:#}");
    assert_eq!(
        (&preview["next_amount"], &preview["currency"], &preview["effective_at"], &preview["over_limits"]),
        (&json!(9_00), &json!("usd"), &Value::Null, &json!([]))
    );
    buyer.buy("runs", 3).await;
    assert_eq!(buyer.items(), items("starter", &[("runs", 3)]));
    assert_eq!(buyer.paid(), [9_00, due], "what the preview says");
    let seen = buyer.shown().await;
    assert_eq!(
        (&seen["addons"], &seen["limits"]["executions"], &seen["plan"]),
        (
            &json!([{
                "addon": "runs", "title": "1,000 executions more", "meter": "executions", "amount": 1_000, "price": 3_00,
                "currency": "usd",
                "quantity": 3, "scheduled_quantity": null,
            }]),
            &json!(13_000),
            &json!("starter")
        )
    );
    let entitlements = buyer.send(Request::new("GET", "/entitlements")).await.body;
    let meters = entitlements["limits"].as_array().or(entitlements["meters"].as_array()).unwrap().clone();
    assert!(meters.iter().any(|meter| meter["meter"] == "executions" && meter["limit"] == 13_000), "{entitlements:#}");
    let again = buyer.order("runs", 3).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "addon_unchanged"), "{again}");
    buyer.buy("runs", 4).await;
    buyer.buy("space", 1).await;
    assert_eq!(buyer.items(), items("starter", &[("runs", 4), ("space", 1)]));
    assert_eq!(buyer.limit("storage_mb").await, 20_480);
    buyer.period_ends().await;
    assert_eq!(buyer.paid().last(), Some(&(9_00 + 4 * 3_00 + 5_00)));
}

/// Invariants 6 and 47.
#[tokio::test]
async fn fewer_units_apply_when_the_period_ends() {
    let buyer = Buyer::of("starter", "month").await;
    buyer.buy("runs", 3).await;
    buyer.buy("space", 2).await;
    let end = buyer.shown().await["current_period_end"].clone();
    let preview = buyer.preview("runs", 1).await.body;
    assert_eq!(
        (&preview["effective_at"], &preview["amount_due_now"], &preview["next_amount"]),
        (&end, &json!(0), &json!(3_00))
    );
    let scheduled = json!({"status": "scheduled", "effective_at": end});
    for _ in 0..2 {
        assert_eq!(buyer.order("runs", 1).await.body, scheduled);
    }
    // A further one is added to the same schedule.
    assert_eq!(buyer.order("space", 0).await.body, scheduled);
    assert_eq!(buyer.held().await, [("runs".to_owned(), 3, Some(1)), ("space".to_owned(), 2, Some(0))]);
    let seen = buyer.shown().await;
    assert_eq!((&seen["scheduled_plan"], &seen["limits"]["executions"]), (&Value::Null, &json!(13_000)));
    buyer.shop.world.wait(SignedDuration::from_mins(2));
    for (name, quantity) in [("runs", 4), ("space", 3), ("links", 1)] {
        assert_eq!(buyer.order(name, quantity).await.code(), "change_scheduled", "{name}");
    }
    assert_eq!(buyer.put_plan("pro", "month").await.code(), "change_scheduled");
    // One of them is withdrawn, and the other stays.
    assert_eq!(buyer.order("runs", 3).await.body, json!({"status": "applied"}));
    assert_eq!(buyer.shown().await["addons"][0]["scheduled_quantity"], Value::Null);
    assert_eq!(buyer.order("runs", 1).await.body, scheduled);
    let paid = buyer.paid().len();
    buyer.period_ends().await;
    assert_eq!(buyer.items(), items("starter", &[("runs", 1)]));
    assert_eq!((buyer.paid().len(), buyer.paid().last()), (paid + 1, Some(&12_00)));
    let seen = buyer.shown().await;
    assert_eq!(
        (buyer.held().await, &seen["limits"]["executions"], &seen["limits"]["storage_mb"]),
        (vec![("runs".to_owned(), 1, None)], &json!(11_000), &json!(10_240))
    );
}

#[tokio::test]
async fn present_number_withdraws_the_change() {
    let buyer = Buyer::of("pro", "month").await;
    buyer.buy("runs", 2).await;
    assert_eq!(buyer.order("runs", 0).await.body["status"], "scheduled");
    assert_eq!(buyer.order("runs", 2).await.body, json!({"status": "applied"}));
    assert_eq!(buyer.shown().await["addons"][0]["scheduled_quantity"], Value::Null);
    // The resumption and the present plan withdraw it, too.
    for request in [
        Request::new("POST", "/billing/subscription/resume"),
        Request::new("PUT", "/billing/plan").json(json!({"plan": "pro"})),
    ] {
        assert_eq!(buyer.order("runs", 1).await.body["status"], "scheduled");
        assert_eq!(buyer.send(request).await.status, 200);
        assert_eq!(buyer.shown().await["addons"][0]["scheduled_quantity"], Value::Null);
    }
    buyer.period_ends().await;
    assert_eq!(buyer.items(), items("pro", &[("runs", 2)]));
}

/// Invariants 6 and 47.
#[tokio::test]
async fn unpaid_units_change_nothing() {
    let buyer = Buyer::of("starter", "month").await;
    buyer.buy("runs", 1).await;
    buyer.set_card_fails(true);
    let answer = buyer.order("runs", 3).await;
    assert_eq!(answer.body["status"], "action_required", "{answer}");
    let seen = buyer.shown().await;
    assert_eq!(
        (&seen["limits"]["executions"], &seen["pending_change"]["plan"], &seen["pending_change"]["addons"]),
        (&json!(11_000), &json!("starter"), &json!([{"addon": "runs", "quantity": 3}]))
    );
    assert_eq!(seen["next_step"], "pay_change");
    // The same order has the same page, and its preview the amount of it.
    assert_eq!((buyer.order("runs", 3).await.body, buyer.open_invoices().len()), (answer.body.clone(), 1));
    let open = buyer.shop.stripe_objects("invoices").into_iter().find(|invoice| invoice["status"] == "open").unwrap();
    assert_eq!(buyer.preview("runs", 3).await.body["amount_due_now"], open["amount_due"]);
    // Another number has a page of its own, and the present one withdraws it.
    let other = buyer.order("runs", 2).await;
    assert_ne!(other.body["action_url"], answer.body["action_url"]);
    assert_eq!(buyer.open_invoices().len(), 1);
    assert_eq!(buyer.order("runs", 1).await.body, json!({"status": "applied"}));
    assert_eq!((buyer.shown().await["pending_change"].clone(), buyer.open_invoices().len()), (Value::Null, 0));
    // Once it is paid, it is in force.
    buyer.order("runs", 5).await;
    buyer.set_card_fails(false);
    buyer.shop.stripe().pay_invoice(&buyer.open_invoices()[0]).unwrap();
    buyer.sync().await;
    assert_eq!((buyer.limit("executions").await, buyer.items()), (json!(15_000), items("starter", &[("runs", 5)])));
}

#[tokio::test]
async fn bank_debit_adds_units_at_the_renewal() {
    let buyer = Buyer::of("starter", "month").await;
    buyer.shop.stripe().use_method(&buyer.customer(), "pm_usBankAccount_success").unwrap();
    let end = buyer.shown().await["current_period_end"].clone();
    let preview = buyer.preview("runs", 2).await.body;
    assert_eq!(
        (&preview["effective_at"], &preview["amount_due_now"], &preview["upgrade_delay"]),
        (&end, &json!(0), &json!("payment_method"))
    );
    let answer = buyer.order("runs", 2).await;
    assert_eq!(answer.body, json!({"status": "scheduled", "effective_at": end}), "{answer}");
    let held = vec![("runs".to_owned(), 0, Some(2))];
    assert_eq!((buyer.held().await, buyer.limit("executions").await), (held, json!(10_000)));
    buyer.period_ends().await;
    assert_eq!(buyer.items(), items("starter", &[("runs", 2)]));
}

#[tokio::test]
async fn add_ons_need_a_subscription_in_force() {
    let shop = Shop::selling(1, plans_with_addons()).await;
    let buyer = Buyer { shop };
    assert_eq!(buyer.order("runs", 1).await.code(), "not_subscribed");
    let buyer = Buyer::of("pro", "month").await;
    assert_eq!(buyer.order("links", 1).await.code(), "addon_without_effect");
    buyer.buy("runs", 2).await;
    buyer.send(Request::new("DELETE", "/billing/subscription")).await;
    for quantity in [0, 1, 3] {
        assert_eq!(buyer.order("runs", quantity).await.code(), "change_scheduled");
    }
    buyer.period_ends().await;
    assert_eq!(buyer.order("runs", 3).await.code(), "not_subscribed");
    assert_eq!((buyer.shown().await["addons"].clone(), buyer.limit("executions").await), (json!([]), json!(1_000)));
    let none = Buyer::in_shop(Shop::selling(1, plans_with_trial(14)).await, "pro", "month").await;
    assert_eq!(none.order("runs", 1).await.code(), "addon_not_sold");
}

#[tokio::test]
async fn orders_are_refused_with_their_fields() {
    let buyer = Buyer::of("starter", "month").await;
    for (body, field) in [
        (json!({"name": "Runs", "quantity": 1}), "name"),
        (json!({"quantity": 1}), "name"),
        (json!({"name": "runs"}), "quantity"),
        (json!({"name": "runs", "quantity": -1}), "quantity"),
        (json!({"name": "runs", "quantity": 1.5}), "quantity"),
        (json!({"name": "runs", "quantity": "1"}), "quantity"),
        (json!({"name": "runs", "quantity": 1e300}), "quantity"),
        (json!({"name": "runs", "quantity": 1, "price": 0}), "price"),
    ] {
        let answer = buyer.send(Request::new("PUT", "/billing/addons").json(body.clone())).await;
        assert_eq!(answer.status, 400, "{body}: {answer}");
        assert!(answer.body.to_string().contains(&format!("\"{field}\"")), "{body}: {answer}");
    }
    for query in ["", "name=runs", "name=runs&quantity=-1", "name=runs&quantity=x"] {
        let answer = buyer.send(Request::new("GET", &format!("/billing/addons/preview?{query}"))).await;
        assert_eq!(answer.status, 400, "{query}: {answer}");
    }
    assert_eq!(buyer.order("runs", 11).await.code(), "addon_maximum_exceeded");
    assert_eq!(
        (buyer.order("gold", 1).await.code(), buyer.preview("gold", 1).await.code()),
        ("addon_not_sold", "addon_not_sold")
    );
    assert_eq!(buyer.items(), items("starter", &[]));
}

/// Invariants 1 and 2.
#[tokio::test]
async fn only_those_who_manage_billing_order() {
    let buyer = Buyer::of("starter", "month").await;
    let shop = &buyer.shop;
    shop.world.join(shop.workspace, &ANA, &BEN, Role::Member).await;
    let order = || Request::new("PUT", "/billing/addons").json(json!({"name": "runs", "quantity": 1}));
    assert_eq!(buyer.send(order().by(&BEN)).await.status, 403);
    assert_eq!(buyer.send(order().by(&CLEO)).await.status, 404);
    assert_eq!(buyer.items(), items("starter", &[]));
}
