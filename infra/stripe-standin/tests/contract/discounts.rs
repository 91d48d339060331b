//! <https://docs.stripe.com/billing/subscriptions/coupons>: coupons and promotion codes as discounts of invoices.

use crate::{
    asking::{get, post, refused},
    shop::Shop,
};
use serde_json::{Value, json};

/// Subscribes to pro with this coupon and returns the customer and the subscription.
async fn subscribe(shop: &Shop, coupon: &str) -> (String, Value) {
    post(shop, "/v1/coupons", &format!("id=c&{coupon}")).await;
    let customer = shop.customer().await;
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month\
         &line_items[0][quantity]=1&discounts[0][coupon]=c"
    );
    let session = post(shop, "/v1/checkout/sessions", &form).await;
    shop.standin().pay(session["id"].as_str().unwrap()).unwrap();
    let subscriptions = get(shop, &format!("/v1/subscriptions?customer={customer}")).await;
    (customer, subscriptions["data"][0].clone())
}

/// Returns subtotal, total and paid amount of the newest invoice.
async fn newest(shop: &Shop, customer: &str) -> (i64, i64, i64) {
    let invoice = &shop.invoices(customer).await[0];
    (invoice.subtotal, invoice.total, invoice.amount_paid)
}

#[tokio::test]
async fn coupons_that_last_reduce_every_invoice() {
    let shop = Shop::open().await;
    let (customer, subscription) = subscribe(&shop, "percent_off=25&duration=forever").await;
    assert_eq!(newest(&shop, &customer).await, (2_900, 2_175, 2_175));
    let path = format!("/v1/subscriptions/{}?expand[]=discounts", subscription["id"].as_str().unwrap());
    let discount = &get(&shop, &path).await["discounts"][0];
    assert_eq!(discount["source"], json!({ "coupon": "c", "type": "coupon" }));
    let invoice = get(&shop, &format!("/v1/invoices?customer={customer}")).await["data"][0].clone();
    assert_eq!(invoice["total_discount_amounts"], json!([{ "amount": 725, "discount": discount["id"] }]));
    assert_eq!(invoice["lines"]["data"][0]["discount_amounts"][0]["amount"], 725);
    shop.advance_days(31);
    assert_eq!(newest(&shop, &customer).await, (2_900, 2_175, 2_175));
}

#[tokio::test]
async fn coupons_last_once_or_for_months() {
    for (duration, second) in [("once", 2_900), ("repeating&duration_in_months=2", 1_900)] {
        let shop = Shop::open().await;
        let coupon = format!("amount_off=1000&currency=usd&duration={duration}");
        let (customer, _) = subscribe(&shop, &coupon).await;
        assert_eq!(newest(&shop, &customer).await, (2_900, 1_900, 1_900));
        shop.advance_days(31);
        assert_eq!(newest(&shop, &customer).await.1, second);
        shop.advance_days(31);
        assert_eq!(newest(&shop, &customer).await.1, 2_900);
    }
}

#[tokio::test]
async fn coupons_reduce_prorations() {
    let shop = Shop::open().await;
    let (customer, subscription) = subscribe(&shop, "percent_off=50&duration=forever").await;
    shop.advance_days(15);
    let form = format!(
        "items[0][id]={}&items[0][price]=price_business_month&proration_behavior=always_invoice",
        subscription["items"]["data"][0]["id"].as_str().unwrap()
    );
    post(&shop, &format!("/v1/subscriptions/{}", subscription["id"].as_str().unwrap()), &form).await;
    assert_eq!(newest(&shop, &customer).await.1, (7_900 - 2_900) / 4);
}

#[tokio::test]
async fn coupons_are_removed_by_an_empty_list() {
    let shop = Shop::open().await;
    let (customer, subscription) = subscribe(&shop, "percent_off=50&duration=forever").await;
    let path = format!("/v1/subscriptions/{}", subscription["id"].as_str().unwrap());
    assert_eq!(post(&shop, &path, "discounts=").await["discounts"], json!([]));
    shop.advance_days(31);
    assert_eq!(newest(&shop, &customer).await.1, 2_900);
    let missing = refused(&shop, &path, "discounts[0][coupon]=none").await;
    assert_eq!(missing, "400: No such coupon: 'none'");
}
