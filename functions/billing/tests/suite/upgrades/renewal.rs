//! Upgrades with a payment method for which changes cannot wait for their payment: they take effect at the renewal.

use super::pending::{Declined, open_invoices, put, send, shown, sync};
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{Request, Shop};

/// Opens a shop on pro that a bank debit pays.
async fn debited() -> Shop {
    let opened = Declined::open().await;
    opened.set_card_fails(false);
    use_bank(&opened.shop);
    opened.shop
}

fn use_bank(shop: &Shop) {
    let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
    shop.stripe().use_method(&customer, "pm_usBankAccount_success").unwrap();
}

async fn preview(shop: &Shop) -> Value {
    send(shop, Request::new("GET", "/billing/plan/preview?plan=business&interval=month")).await.body
}

#[tokio::test]
async fn bank_debit_upgrades_at_the_renewal() {
    let shop = debited().await;
    let end = shown(&shop).await["current_period_end"].clone();
    let previewed = preview(&shop).await;
    let answer = put(&shop, "business", "month").await;
    let upgrade = json!({"plan": "business", "interval": "month", "effective_at": end, "reason": "payment_method"});
    assert_eq!(answer.body, json!({"status": "scheduled", "scheduled_upgrade": upgrade}), "{answer}");
    assert_eq!(
        [&previewed["effective_at"], &previewed["amount_due_now"], &previewed["upgrade_delay"]],
        [&end, &json!(0), &json!("payment_method")]
    );
    let seen = shown(&shop).await;
    assert_eq!([&seen["plan"], &seen["scheduled_plan"]], [&json!("pro"), &json!("business")]);
    assert_eq!((shop.stripe_objects("invoices").len(), open_invoices(&shop).len()), (1, 0), "nothing is charged");
    // The same order has the same answer.
    assert_eq!(
        (put(&shop, "business", "month").await.body, preview(&shop).await),
        (answer.body.clone(), previewed.clone())
    );
    // Also shortly before it takes effect.
    let at = end.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    shop.world.wait(at.duration_since(shop.world.clock.now()) - SignedDuration::from_hours(1));
    let previewed = preview(&shop).await;
    assert_eq!(
        (put(&shop, "business", "month").await.body, &previewed["upgrade_delay"]),
        (answer.body, &json!("payment_method"))
    );
    shop.world.wait(SignedDuration::from_hours(3));
    sync(&shop).await;
    assert_eq!(
        [&shown(&shop).await["plan"], &shown(&shop).await["scheduled_plan"]],
        [&json!("business"), &Value::Null]
    );
}

#[tokio::test]
async fn upgrade_at_the_renewal_is_withdrawn_or_made_at_once() {
    let shop = debited().await;
    put(&shop, "business", "month").await;
    assert_eq!(put(&shop, "pro", "month").await.body["status"], "applied");
    assert_eq!(shown(&shop).await["scheduled_plan"], Value::Null);
    put(&shop, "business", "month").await;
    // With a card it can be made at once.
    let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
    shop.stripe().use_method(&customer, "pm_card_visa").unwrap();
    assert_eq!(put(&shop, "business", "month").await.body, json!({"status": "applied"}));
    let seen = shown(&shop).await;
    assert_eq!([&seen["plan"], &seen["scheduled_plan"]], [&json!("business"), &Value::Null]);
}

/// The payment method is changed after it was read, so Stripe refuses the pending update.
#[tokio::test]
async fn refused_pending_update_is_scheduled_for_the_renewal() {
    let opened = Declined::open().await;
    let shop = &opened.shop;
    let slow = RequestFault {
        method: Some("POST".to_owned()),
        path: "/v1/subscriptions/".to_owned(),
        delay_ms: 1_500,
        ..RequestFault::default()
    };
    shop.stripe().add_fault(slow);
    let changes = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        use_bank(shop);
    };
    let (answer, ()) = tokio::join!(put(shop, "business", "month"), changes);
    assert_eq!(answer.body["scheduled_upgrade"]["reason"], "payment_method", "{answer}");
    assert_eq!((shown(shop).await["scheduled_plan"].clone(), open_invoices(shop).len()), (json!("business"), 0));
}

#[tokio::test]
async fn refused_upgrade_by_card_is_not_scheduled() {
    let opened = Declined::open().await;
    let fault = RequestFault {
        method: Some("POST".to_owned()),
        path: "/v1/subscriptions/".to_owned(),
        status: Some(400),
        ..RequestFault::default()
    };
    opened.shop.stripe().add_fault(fault);
    assert_eq!(put(&opened.shop, "business", "month").await.code(), "change_refused");
    assert_eq!(shown(&opened.shop).await["scheduled_plan"], Value::Null);
}
