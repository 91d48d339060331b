//! <https://docs.stripe.com/billing/subscriptions/overview#requires-action>,
//! <https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification>, and the payment methods that
//! <https://docs.stripe.com/billing/subscriptions/pending-updates> supports.

use crate::{
    asking::{get, post, refused, refused_for},
    browser,
    shop::Shop,
};
use serde_json::{Value, json};
use stripe_billing::Subscription;

fn upgrade(subscription: &Subscription, behavior: &str) -> String {
    format!(
        "items[0][id]={}&items[0][price]=price_business_month&proration_behavior=always_invoice\
         &payment_behavior={behavior}",
        subscription.items.data[0].id
    )
}

async fn pays_by(shop: &Shop, customer: &str, name: &str) {
    let body = json!({ "customer": customer, "name": name });
    assert_eq!(browser::post_json(&shop.url("/_standin/method"), &body).await.status, 200);
}

async fn newest_invoice(shop: &Shop, customer: &str) -> Value {
    let newest = get(shop, &format!("/v1/invoices?customer={customer}")).await["data"][0]["id"].clone();
    let id = newest.as_str().unwrap();
    get(shop, &format!("/v1/invoices/{id}?expand[]=payments.data.payment.payment_intent")).await
}

fn intent(invoice: &Value) -> &Value {
    &invoice["payments"]["data"][0]["payment"]["payment_intent"]
}

#[tokio::test]
async fn requires_action_on_an_upgrade_leaves_it_pending() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", subscription.id);
    pays_by(&shop, &customer, "pm_card_authenticationRequired").await;
    let error = refused(&shop, &path, &upgrade(&subscription, "error_if_incomplete")).await;
    assert!(error.starts_with("402: Payment for this subscription requires additional user action"), "{error}");
    shop.events();
    let waiting = post(&shop, &path, &upgrade(&subscription, "pending_if_incomplete")).await;
    assert_ne!(waiting["pending_update"], Value::Null);
    let events = shop.events();
    for kind in ["payment_intent.requires_action", "invoice.payment_action_required", "invoice.payment_failed"] {
        assert!(events.contains(&kind.to_owned()), "{kind}: {events:?}");
    }
    let invoice = newest_invoice(&shop, &customer).await;
    assert_eq!((&intent(&invoice)["status"], &invoice["status"]), (&json!("requires_action"), &json!("open")));
    let pay = format!("/v1/invoices/{}/pay", invoice["id"].as_str().unwrap());
    let error = refused_for(&shop, "POST", &pay, "").await;
    assert!(error.starts_with("402 invoice_payment_intent_requires_action"), "{error}");
    // On the page the customer authenticates.
    let page = invoice["hosted_invoice_url"].as_str().unwrap();
    assert_eq!(browser::post(&format!("{page}/pay")).await.status, 303);
    let after = get(&shop, &path).await;
    assert_eq!((&after["pending_update"], &after["plan"]["id"]), (&Value::Null, &json!("price_business_month")));
}

#[tokio::test]
async fn requires_action_on_a_renewal_is_past_due() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    pays_by(&shop, &customer, "pm_card_authenticationRequired").await;
    shop.advance_days(31);
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "past_due");
    let invoice = newest_invoice(&shop, &customer).await;
    assert_eq!(intent(&invoice)["next_action"]["type"], "use_stripe_sdk");
    browser::post(&format!("{}/pay", invoice["hosted_invoice_url"].as_str().unwrap())).await;
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "active");
}

#[tokio::test]
async fn pending_updates_refuse_bank_debits() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", subscription.id);
    pays_by(&shop, &customer, "pm_usBankAccount_success").await;
    let error = refused_for(&shop, "POST", &path, &upgrade(&subscription, "pending_if_incomplete")).await;
    assert!(error.starts_with("400  payment_behavior: `payment_behavior` cannot be"), "{error}");
    assert_eq!(shop.invoices(&customer).await.len(), 1);
    // Without a pending update the change is made while the payment is processing.
    let after = post(&shop, &path, &upgrade(&subscription, "allow_incomplete")).await;
    assert_eq!((&after["status"], &after["plan"]["id"]), (&json!("active"), &json!("price_business_month")));
    let invoice = newest_invoice(&shop, &customer).await;
    assert_eq!((&intent(&invoice)["status"], &invoice["status"]), (&json!("processing"), &json!("open")));
    let void = refused(&shop, &format!("/v1/invoices/{}/void", invoice["id"].as_str().unwrap()), "").await;
    assert_eq!(void, "400: You cannot void an invoice with a payment that is processing.");
    shop.advance_days(4);
    assert_eq!(newest_invoice(&shop, &customer).await["status"], "paid");
}

#[tokio::test]
async fn bank_debits_renew_while_processing_until_they_fail() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    pays_by(&shop, &customer, "pm_usBankAccount_insufficientFunds").await;
    shop.advance_days(31);
    let invoice = newest_invoice(&shop, &customer).await;
    assert_eq!((&intent(&invoice)["status"], &invoice["next_payment_attempt"]), (&json!("processing"), &Value::Null));
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "active");
    shop.advance_days(4);
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "past_due");
    let charges = get(&shop, &format!("/v1/charges?customer={customer}")).await;
    assert_eq!(charges["data"][0]["status"], "failed");
}

#[tokio::test]
async fn fulfill_orders_delayed_payment_that_succeeds() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    shop.events();
    let page = browser::post(&format!("{}/bank", session.url.as_ref().unwrap())).await;
    assert_eq!(page.status, 303);
    let path = format!("/v1/checkout/sessions/{}", session.id);
    let found = get(&shop, &path).await;
    assert_eq!((&found["status"], &found["payment_status"]), (&json!("complete"), &json!("unpaid")));
    assert_eq!(shop.subscriptions(&customer).await[0].status.as_str(), "active");
    let events = shop.events();
    assert!(events.contains(&"charge.pending".to_owned()), "{events:?}");
    assert_eq!(events.last().unwrap(), "checkout.session.completed");
    shop.advance_days(4);
    assert_eq!(get(&shop, &path).await["payment_status"], "paid");
    let events = shop.events();
    assert!(events.contains(&"invoice.paid".to_owned()), "{events:?}");
    assert_eq!(events.last().unwrap(), "checkout.session.async_payment_succeeded");
}

#[tokio::test]
async fn fulfill_orders_delayed_payment_that_fails() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    shop.standin().pay_by_bank(session.id.as_str()).unwrap();
    let invoice = newest_invoice(&shop, &customer).await["id"].clone();
    shop.events();
    let settle = json!({ "invoice": invoice, "succeeds": false });
    assert_eq!(browser::post_json(&shop.url("/_standin/settle"), &settle).await.status, 200);
    assert_eq!(browser::post_json(&shop.url("/_standin/settle"), &settle).await.status, 400);
    assert_eq!(get(&shop, &format!("/v1/checkout/sessions/{}", session.id)).await["payment_status"], "unpaid");
    assert_eq!(shop.subscriptions(&customer).await[0].status.as_str(), "past_due");
    assert_eq!(shop.events().last().unwrap(), "checkout.session.async_payment_failed");
}
