//! <https://docs.stripe.com/billing/revenue-recovery/smart-retries> (custom schedule), and
//! <https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>.

use crate::{
    asking::{get, post},
    browser,
    shop::Shop,
};
use serde_json::{Value, json};

/// Lets a renewal fail under a setting made by a control. Returns the customer and the subscription's path.
async fn unpaid(then: &str) -> (Shop, String, String) {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let body = json!({ "retry_days": [1, 2], "then": then });
    assert_eq!(browser::post_json(&shop.url("/_standin/dunning"), &body).await.status, 200);
    shop.standin().set_card_fails(&customer, true).unwrap();
    // The renewal of 21 December, its hour as a draft, and retries after one and two days.
    shop.advance_days(30);
    shop.standin().advance(jiff::SignedDuration::from_hours(1));
    (shop, customer, format!("/v1/subscriptions/{}", subscription.id))
}

async fn invoices(shop: &Shop, customer: &str) -> Vec<Value> {
    get(shop, &format!("/v1/invoices?customer={customer}")).await["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn smart_retries_end_as_the_account_is_set() {
    for (then, expected) in [("cancel", "canceled"), ("unpaid", "unpaid"), ("past_due", "past_due")] {
        let (shop, customer, path) = unpaid(then).await;
        shop.advance_days(2);
        assert_eq!(get(&shop, &path).await["status"], "past_due", "{then}");
        shop.advance_days(1);
        assert_eq!(get(&shop, &path).await["status"], expected, "{then}");
        assert_eq!(invoices(&shop, &customer).await[0]["attempt_count"], 3, "{then}");
    }
}

#[tokio::test]
async fn overview_unpaid_invoices_stay_drafts() {
    let (shop, customer, path) = unpaid("unpaid").await;
    shop.advance_days(35);
    assert_eq!(get(&shop, &path).await["status"], "unpaid");
    let found = invoices(&shop, &customer).await;
    let seen: Vec<_> = found.iter().map(|each| (each["status"].as_str().unwrap(), &each["auto_advance"])).collect();
    assert_eq!(seen, [("draft", &json!(false)), ("open", &json!(true)), ("paid", &json!(false))]);
}

#[tokio::test]
async fn overview_unpaid_ends_when_the_latest_invoice_is_paid() {
    let (shop, customer, path) = unpaid("unpaid").await;
    shop.advance_days(35);
    shop.standin().set_card_fails(&customer, false).unwrap();
    let found = invoices(&shop, &customer).await;
    post(&shop, &format!("/v1/invoices/{}/pay", found[1]["id"].as_str().unwrap()), "").await;
    // The open invoice was not the latest one.
    assert_eq!(get(&shop, &path).await["status"], "unpaid");
    let latest = format!("/v1/invoices/{}", found[0]["id"].as_str().unwrap());
    post(&shop, &format!("{latest}/finalize"), "auto_advance=false").await;
    assert_eq!(get(&shop, &path).await["status"], "unpaid");
    post(&shop, &format!("{latest}/pay"), "").await;
    assert_eq!(get(&shop, &path).await["status"], "active");
    shop.advance_days(31);
    shop.standin().advance(jiff::SignedDuration::from_hours(1));
    assert_eq!(invoices(&shop, &customer).await[0]["status"], "paid");
}

/// <https://docs.stripe.com/invoicing/integration/automatic-advancement-collection>
#[tokio::test]
async fn automatic_advancement_can_be_switched_on_again() {
    let (shop, customer, path) = unpaid("unpaid").await;
    shop.advance_days(35);
    shop.standin().set_card_fails(&customer, false).unwrap();
    let latest = format!("/v1/invoices/{}", invoices(&shop, &customer).await[0]["id"].as_str().unwrap());
    let draft = post(&shop, &latest, "auto_advance=true").await;
    assert_eq!((&draft["status"], &draft["auto_advance"]), (&json!("draft"), &json!(true)));
    shop.standin().advance(jiff::SignedDuration::from_hours(1));
    assert_eq!(get(&shop, &latest).await["status"], "paid");
    assert_eq!(get(&shop, &path).await["status"], "active");
}
