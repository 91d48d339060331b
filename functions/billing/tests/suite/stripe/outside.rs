//! Subscriptions that were made at Stripe, not by Berth.

use serde_json::{Value, json};
use stripe_billing::{
    invoice::PayInvoice,
    subscription::{CreateSubscription, CreateSubscriptionItems},
};
use stripe_payment::payment_method::AttachPaymentMethod;
use stripe_sdk::{Client, ClientBuilder};
use stripe_standin::RequestFault;
use testkit::{Answer, Request, Shop};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn checkout(shop: &Shop, plan: &str) -> Answer {
    send(shop, Request::new("POST", "/billing/checkout").json(json!({"plan": plan}))).await
}

async fn put(shop: &Shop, plan: &str) -> Answer {
    send(shop, Request::new("PUT", "/billing/plan").json(json!({"plan": plan}))).await
}

/// Returns a client of Stripe that is not Berth's.
fn client(shop: &Shop) -> Client {
    ClientBuilder::new("sk_test_standin").url(format!("{}/", shop.stripe_url())).build().unwrap()
}

/// Creates a subscription of the workspace's customer, paid by this card.
async fn subscribe(shop: &Shop, card: &str, price: &str) -> Value {
    let client = client(shop);
    let customer = shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
    let method = AttachPaymentMethod::new(card).customer(&customer).send(&client).await.unwrap();
    let item = CreateSubscriptionItems { price: Some(price.to_owned()), ..CreateSubscriptionItems::new() };
    let new = CreateSubscription::new().customer(&customer).items([item]);
    new.default_payment_method(method.id.as_str()).send(&client).await.unwrap();
    shop.stripe_objects("subscriptions").last().unwrap().clone()
}

fn statuses(shop: &Shop) -> Vec<Value> {
    shop.stripe_objects("subscriptions").iter().map(|held| held["status"].clone()).collect()
}

#[tokio::test]
async fn incomplete_subscription_is_replaced_by_a_checkout() {
    for synced in [false, true] {
        for by in ["checkout", "plan"] {
            let shop = Shop::open(1).await;
            checkout(&shop, "starter").await;
            let made = subscribe(&shop, "pm_card_chargeCustomerFail", "price_pro_month").await;
            assert_eq!(made["status"], "incomplete");
            if synced {
                send(&shop, Request::new("POST", "/billing/sync")).await;
            }
            let answer = if by == "checkout" { checkout(&shop, "pro").await } else { put(&shop, "pro").await };
            assert_eq!(answer.status.as_u16(), 200, "{synced} {by}: {answer}");
            assert_eq!((statuses(&shop), shop.open_sessions().len()), (vec![json!("incomplete_expired")], 1));
            shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
            assert_eq!(send(&shop, Request::new("POST", "/billing/sync")).await.body["plan"], "pro");
        }
    }
}

/// Invariant 13.
#[tokio::test]
async fn subscription_paid_during_a_checkout_is_kept() {
    let shop = Shop::open(1).await;
    checkout(&shop, "starter").await;
    let made = subscribe(&shop, "pm_card_chargeCustomerFail", "price_pro_month").await;
    let invoice = made["latest_invoice"].as_str().unwrap().to_owned();
    // The invoice is paid before the request that voids it is performed.
    let slow = RequestFault {
        path: format!("/v1/invoices/{invoice}/void"),
        method: Some("POST".to_owned()),
        delay_ms: 1_000,
        ..RequestFault::default()
    };
    shop.stripe().add_fault(slow);
    let (client, customer) = (client(&shop), made["customer"].as_str().unwrap());
    let pay = async {
        let card = AttachPaymentMethod::new("pm_card_visa").customer(customer).send(&client).await.unwrap();
        PayInvoice::new(invoice.as_str()).payment_method(card.id.as_str()).send(&client).await.unwrap();
    };
    let (refused, ()) = futures::join!(checkout(&shop, "pro"), pay);
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "already_subscribed"), "{refused}");
    assert_eq!(statuses(&shop), [json!("active")]);
    assert_eq!(send(&shop, Request::new("GET", "/billing/subscription")).await.body["plan"], "pro");
}

#[tokio::test]
async fn subscription_to_an_unknown_plan_names_the_operator() {
    let shop = Shop::open(1).await;
    checkout(&shop, "starter").await;
    subscribe(&shop, "pm_card_visa", "price_business_month").await;
    // Somebody has changed the metadata in Stripe's dashboard.
    shop.post_to_stripe("/v1/prices/price_business_month", "metadata[berth_plan]=starter").await;
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    for (method, path) in [("POST", "/billing/checkout"), ("PUT", "/billing/plan")] {
        let request = Request::new(method, path).within(shop.workspace).json(json!({"plan": "pro"}));
        let refused = shop.world.send(&router, request).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "plan_unknown"), "{refused}");
    }
}
