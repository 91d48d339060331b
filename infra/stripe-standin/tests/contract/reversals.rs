//! Reversals. A dispute names only its charge, and the charge names the customer.

use crate::{
    asking::{get, post, refused},
    browser,
    shop::Shop,
};
use serde_json::json;

async fn charge_of(shop: &Shop, customer: &str) -> String {
    let charges = get(shop, &format!("/v1/charges?customer={customer}")).await;
    charges["data"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_dispute_leads_to_its_customer_through_its_charge() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let charge = charge_of(&shop, &customer).await;
    shop.events();
    let opened = browser::post_json(&shop.url("/_standin/dispute"), &json!({ "charge": charge })).await.json();
    let dispute = opened["dispute"].as_str().unwrap();
    let created = &shop.standin().take_all_deliveries()[0];
    let event: serde_json::Value = serde_json::from_slice(&created.body).unwrap();
    assert_eq!(event["type"], "charge.dispute.created");
    assert!(event["data"]["object"].get("customer").is_none());
    let found = get(&shop, &format!("/v1/charges/{}", event["data"]["object"]["charge"].as_str().unwrap())).await;
    assert_eq!((&found["customer"], &found["disputed"]), (&json!(customer), &json!(true)));
    let close = json!({ "dispute": dispute, "won": false });
    browser::post_json(&shop.url("/_standin/dispute/close"), &close).await;
    assert_eq!(shop.events(), ["charge.dispute.closed"]);
    assert_eq!(get(&shop, &format!("/v1/disputes/{dispute}")).await["status"], "lost");
    // The subscription is not affected.
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "active");
    assert_eq!(browser::post_json(&shop.url("/_standin/dispute/close"), &close).await.status, 400);
}

#[tokio::test]
async fn a_charge_is_refunded_up_to_its_amount() {
    let shop = Shop::open().await;
    let (customer, _) = shop.subscriber("price_pro_month").await;
    let charge = charge_of(&shop, &customer).await;
    shop.events();
    post(&shop, "/v1/refunds", &format!("charge={charge}&amount=900")).await;
    let found = get(&shop, &format!("/v1/charges/{charge}")).await;
    assert_eq!((&found["amount_refunded"], &found["refunded"]), (&json!(900), &json!(false)));
    let more = refused(&shop, "/v1/refunds", &format!("charge={charge}&amount=2001")).await;
    assert_eq!(more, "400: Refund amount (2001) is greater than unrefunded amount on charge (2000).");
    post(&shop, "/v1/refunds", &format!("charge={charge}")).await;
    let found = get(&shop, &format!("/v1/charges/{charge}")).await;
    assert_eq!((&found["amount_refunded"], &found["refunded"]), (&json!(2_900), &json!(true)));
    assert!(refused(&shop, "/v1/refunds", &format!("charge={charge}")).await.starts_with("400: Charge"));
    assert_eq!(shop.events(), ["refund.created", "charge.refunded", "refund.created", "charge.refunded"]);
}
