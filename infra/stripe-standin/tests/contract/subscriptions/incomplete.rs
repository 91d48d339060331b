//! Subscriptions by the API: incomplete until their first invoice is paid, for at most 23 hours.

use crate::{
    asking::{get, post, refused},
    shop::Shop,
};
use jiff::SignedDuration;
use serde_json::Value;

/// Creates a customer with this card.
async fn customer_with(shop: &Shop, card: &str) -> String {
    let customer = shop.customer().await;
    let method = post(shop, &format!("/v1/payment_methods/{card}/attach"), &format!("customer={customer}")).await;
    let default = format!("invoice_settings[default_payment_method]={}", method["id"].as_str().unwrap());
    post(shop, &format!("/v1/customers/{customer}"), &default).await;
    customer
}

async fn subscribe(shop: &Shop, customer: &str, more: &str) -> Value {
    let form = format!("customer={customer}&items[0][price]=price_pro_month&expand[]=latest_invoice{more}");
    post(shop, "/v1/subscriptions", &form).await
}

#[tokio::test]
async fn a_card_that_works_makes_it_active() {
    let shop = Shop::open().await;
    let customer = customer_with(&shop, "pm_card_mastercard").await;
    let subscription = subscribe(&shop, &customer, "").await;
    assert_eq!(
        (&subscription["status"], &subscription["latest_invoice"]["status"]),
        (&"active".into(), &"paid".into())
    );
}

#[tokio::test]
async fn a_card_that_declines_leaves_it_incomplete_until_it_is_paid() {
    let shop = Shop::open().await;
    let customer = customer_with(&shop, "pm_card_chargeCustomerFail").await;
    let subscription = subscribe(&shop, &customer, "").await;
    assert_eq!(subscription["status"], "incomplete");
    let invoice = subscription["latest_invoice"]["id"].as_str().unwrap();
    let again = refused(&shop, &format!("/v1/invoices/{invoice}/pay"), "").await;
    assert_eq!(again, "402: Your card was declined.");
    let item = subscription["items"]["data"][0]["id"].as_str().unwrap();
    let path = format!("/v1/subscriptions/{}", subscription["id"].as_str().unwrap());
    let change = format!("items[0][id]={item}&items[0][price]=price_business_month");
    assert!(refused(&shop, &path, &change).await.starts_with("400: You cannot update a subscription in `incomplete`"));
    let good = post(&shop, "/v1/payment_methods/pm_card_visa/attach", &format!("customer={customer}")).await;
    let method = format!("payment_method={}", good["id"].as_str().unwrap());
    post(&shop, &format!("/v1/invoices/{invoice}/pay"), &method).await;
    assert_eq!(get(&shop, &path).await["status"], "active");
}

#[tokio::test]
async fn twenty_three_hours_expire_it() {
    let shop = Shop::open().await;
    let customer = customer_with(&shop, "pm_card_chargeCustomerFail").await;
    let subscription = subscribe(&shop, &customer, "").await;
    shop.standin().advance(SignedDuration::from_hours(23));
    let path = format!("/v1/subscriptions/{}?expand[]=latest_invoice", subscription["id"].as_str().unwrap());
    let expired = get(&shop, &path).await;
    assert_eq!(expired["status"], "incomplete_expired");
    assert_eq!(expired["latest_invoice"]["status"], "void");
    shop.advance_days(60);
    let invoices = get(&shop, &format!("/v1/invoices?customer={customer}")).await;
    assert_eq!(invoices["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn it_may_be_refused_instead_or_left_open() {
    let shop = Shop::open().await;
    let customer = customer_with(&shop, "pm_card_chargeCustomerFail").await;
    let form = format!("customer={customer}&items[0][price]=price_pro_month&payment_behavior=error_if_incomplete");
    assert_eq!(refused(&shop, "/v1/subscriptions", &form).await, "402: Your card was declined.");
    assert!(shop.subscriptions(&customer).await.is_empty());
    let left = subscribe(&shop, &customer, "&payment_behavior=default_incomplete").await;
    assert_eq!((&left["status"], &left["latest_invoice"]["attempt_count"]), (&"incomplete".into(), &0.into()));
}

#[tokio::test]
async fn nobody_subscribes_without_a_card() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let form = format!("customer={customer}&items[0][price]=price_pro_month");
    let refused = refused(&shop, "/v1/subscriptions", &form).await;
    assert!(refused.starts_with("400: This customer has no attached payment source"), "{refused}");
}
