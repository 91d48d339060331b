//! Customers who change something meanwhile. What they order comes first.

use super::{Company, first_version};
use futures::future::join;
use serde_json::{Value, json};

#[tokio::test]
async fn change_of_the_customer_replaces_a_migration() {
    let company = Company::open().await;
    company.migrate(json!({})).await;
    // The migration is not carried out yet: the customer's command finishes it, and then its own.
    assert_eq!(company.put("business").await.body["status"], "applied");
    assert_eq!(company.has().await.1, "berth:business/1/month/usd");
    assert_eq!(company.billing()["subscription"]["scheduled"], Value::Null);
    assert_eq!(company.letters().await, [""; 0], "it no longer applies");
    company.renew().await;
    assert_eq!(company.has().await.1, "berth:business/1/month/usd");
}

#[tokio::test]
async fn orders_of_the_customer_replace_a_scheduled_migration() {
    let company = Company::open().await;
    company.migrate(json!({})).await;
    company.sweep().await.unwrap();
    assert_eq!(company.put("starter").await.body["status"], "scheduled");
    assert_eq!(company.billing()["subscription"]["scheduled"], json!(["starter", "month"]));
    let skipped = company.migrate(json!({})).await["skipped"].clone();
    assert_eq!(skipped[0]["reason"], "change_scheduled");
    let cancelled = company.request("DELETE", "/billing/subscription").await;
    assert!(cancelled.status.is_success(), "{cancelled}");
    assert_eq!(company.migrate(json!({})).await["skipped"][0]["reason"], "ends");
    // Who stays after all is moved by the next command.
    let resumed = company.request("POST", "/billing/subscription/resume").await;
    assert!(resumed.status.is_success(), "{resumed}");
    assert_eq!(company.migrate(json!({})).await["affected"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn scheduled_migration_is_no_change_that_the_customer_withdraws() {
    let company = Company::open().await;
    company.migrate(json!({})).await;
    company.sweep().await.unwrap();
    assert_eq!(company.get("/billing/subscription").await["scheduled_plan"], Value::Null);
    assert_eq!(company.put("pro").await.code(), "plan_unchanged");
    assert_eq!(company.request("POST", "/billing/subscription/resume").await.code(), "plan_unchanged");
    assert_eq!(company.billing()["subscription"]["scheduled"], json!(["pro/2", "month"]));
}

/// The customer acts at Stripe after the order was stored, so Berth does not know it yet.
#[tokio::test]
async fn cancellation_at_stripe_before_the_order_is_carried_out_stays() {
    for when in ["renewal", "now"] {
        let company = Company::open().await;
        company.migrate(json!({"when": when})).await;
        let path = format!("/v1/subscriptions/{}", company.held()["id"].as_str().unwrap());
        company.shop.post_to_stripe(&path, "cancel_at_period_end=true").await;
        company.sweep().await.unwrap();
        assert_eq!((&company.held()["cancel_at_period_end"], company.has().await), (&json!(true), first_version()));
        assert_eq!((company.announced(), &company.billing()["open"]), (0, &Value::Null));
        assert_eq!(company.migrate(json!({"when": when})).await["skipped"][0]["reason"], "ends");
    }
}

/// A contract that is set after the order was stored keeps the subscription as it is.
#[tokio::test]
async fn contract_set_before_the_order_is_carried_out_stops_it() {
    let company = Company::open().await;
    company.migrate(json!({})).await;
    let command = json!({"command": "set_contract", "workspace": company.shop.workspace, "contract": {}});
    super::send_with(&company.shop.world, company.shop.doctor_deps(), &command).await;
    company.sweep().await.unwrap();
    assert_eq!((company.announced(), &company.billing()["subscription"]["scheduled"]), (0, &Value::Null));
    assert_eq!(company.migrate(json!({})).await["skipped"][0]["reason"], "contract");
}

#[tokio::test]
async fn two_operators_at_once_order_it_once() {
    let company = Company::open().await;
    let (one, other) = join(company.migrate(json!({})), company.migrate(json!({}))).await;
    let count = |view: &Value| view["affected"].as_array().unwrap().len();
    assert_eq!(count(&one) + count(&other), 1, "{one} {other}");
    assert_eq!(company.recorded(), 1);
    company.sweep().await.unwrap();
    assert_eq!(company.announced(), 1);
}
