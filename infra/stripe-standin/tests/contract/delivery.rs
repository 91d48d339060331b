//! Delivery of signed events to the webhook, and its faults.

use crate::{
    asking::get,
    browser,
    shop::{SECRET, Shop, until, wall},
    webhook::{Endpoint, verifies},
};
use jiff::SignedDuration;
use serde_json::json;
use stripe_standin::{DeliveryFaults, Outcome, RequestFault, sign};

async fn shop() -> (Shop, Endpoint) {
    let (endpoint, url) = Endpoint::open().await;
    (Shop::sending_to(&url).await, endpoint)
}

#[tokio::test]
async fn an_event_is_signed_over_its_exact_bytes() {
    let (shop, endpoint) = shop().await;
    shop.customer().await;
    assert_eq!(shop.standin().flush().await, 0);
    let [event] = endpoint.received().try_into().unwrap();
    assert_eq!(event.kind(), "customer.created");
    assert!(event.signature.starts_with(&format!("t={},v1=", wall().as_second())));
    assert!(verifies(&event.signature, &event.body, SECRET));
    assert!(!verifies(&event.signature, &event.body, "whsec_other"));
    for at in [0, event.body.len() / 2, event.body.len() - 1] {
        let mut altered = event.body.clone();
        altered[at] ^= 1;
        assert!(!verifies(&event.signature, &altered, SECRET), "byte {at}");
    }
    assert_eq!(sign(&[SECRET], wall(), &event.body), event.signature);
}

#[tokio::test]
async fn an_event_is_what_the_api_says_of_it() {
    let (shop, endpoint) = shop().await;
    let customer = shop.customer().await;
    shop.standin().flush().await;
    let event = endpoint.received()[0].event();
    assert_eq!(event["object"], "event");
    assert_eq!(event["api_version"], "2026-09-30.endive");
    assert_eq!(event["livemode"], false);
    assert_eq!(event["data"]["object"]["id"], json!(customer));
    assert!(event["request"]["id"].as_str().unwrap().starts_with("req_"));
    let listed = get(&shop, "/v1/events?type=customer.*&created[gte]=1").await;
    assert_eq!(listed["data"][0]["id"], event["id"]);
    assert_eq!(listed["data"][0]["data"], event["data"]);
}

#[tokio::test]
async fn a_rolled_secret_signs_with_the_new_one_for_a_day() {
    let (shop, endpoint) = shop().await;
    let rolled = browser::post(&shop.url("/_standin/secret/roll")).await.json();
    let next = rolled["secret"].as_str().unwrap();
    shop.customer().await;
    shop.standin().flush().await;
    let event = &endpoint.received()[0];
    assert!(verifies(&event.signature, &event.body, SECRET));
    assert!(verifies(&event.signature, &event.body, next));
    shop.advance_days(1);
    shop.customer().await;
    shop.standin().flush().await;
    let event = &endpoint.received()[1];
    assert!(!verifies(&event.signature, &event.body, SECRET));
    assert!(verifies(&event.signature, &event.body, next));
}

#[tokio::test]
async fn deliveries_come_twice() {
    let (shop, endpoint) = shop().await;
    browser::post_json(&shop.url("/_standin/delivery"), &json!({ "duplicate": 1 })).await;
    shop.customer().await;
    shop.standin().flush().await;
    let ids = endpoint.ids();
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
}

#[tokio::test]
async fn deliveries_come_in_another_order() {
    let (shop, endpoint) = shop().await;
    // The delay makes them all go out together.
    shop.standin().set_delivery(DeliveryFaults { reorder: true, delay: 60, ..DeliveryFaults::default() });
    shop.subscriber("price_pro_month").await;
    shop.standin().flush().await;
    let mut kinds = endpoint.kinds();
    assert_eq!(kinds.len(), 13);
    assert_ne!(kinds.last().map(String::as_str), Some("checkout.session.completed"));
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), 13);
}

#[tokio::test]
async fn dropped_deliveries_never_come_but_are_listed() {
    let (shop, endpoint) = shop().await;
    let dropping = browser::post_json(&shop.url("/_standin/delivery"), &json!({ "drop": 1 })).await;
    assert_eq!(dropping.status, 200);
    shop.customer().await;
    assert_eq!(shop.standin().flush().await, 0);
    assert!(endpoint.received().is_empty());
    assert_eq!(shop.standin().deliveries()[0].outcome, Outcome::Dropped);
    let request =
        http::Request::get(shop.url("/v1/events")).header("authorization", format!("Bearer {}", crate::shop::KEY));
    assert_eq!(browser::send(request, "").await.json()["data"][0]["type"], "customer.created");
    let nonsense = browser::post_json(&shop.url("/_standin/delivery"), &json!({ "drop": 2 })).await;
    assert_eq!(nonsense.status, 400);
}

#[tokio::test]
async fn delayed_deliveries_come_when_the_clock_says_so() {
    let (shop, endpoint) = shop().await;
    shop.standin().set_delivery(DeliveryFaults { delay: 60, ..DeliveryFaults::default() });
    shop.customer().await;
    shop.standin().advance(SignedDuration::from_secs(59));
    assert!(endpoint.received().is_empty() && shop.standin().waiting() == 1);
    shop.standin().advance(SignedDuration::from_secs(1));
    until("it is delivered", async || endpoint.kinds() == ["customer.created"]).await;
}

#[tokio::test]
async fn a_flush_delivers_all_that_waits() {
    let (shop, endpoint) = shop().await;
    shop.standin().set_delivery(DeliveryFaults { delay: 3_600, ..DeliveryFaults::default() });
    shop.subscriber("price_pro_month").await;
    assert_eq!(shop.standin().waiting(), 13);
    let flushed = browser::post(&shop.url("/_standin/flush")).await.json();
    assert_eq!(flushed["waiting"], 0);
    assert_eq!(endpoint.received().len(), 13);
}

#[tokio::test]
async fn a_refused_delivery_comes_again() {
    let (shop, endpoint) = shop().await;
    endpoint.answer(&[500, 503]);
    shop.customer().await;
    while shop.standin().flush().await > 0 {}
    let attempts: Vec<_> = shop.standin().deliveries().into_iter().map(|each| (each.attempt, each.outcome)).collect();
    assert_eq!(attempts, [(1, Outcome::Status(500)), (2, Outcome::Status(503)), (3, Outcome::Status(200))]);
    let ids = endpoint.ids();
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[tokio::test]
async fn a_webhook_may_be_known_later_and_by_another_name() {
    let (endpoint, url) = Endpoint::open().await;
    let shop = Shop::open().await;
    shop.customer().await;
    let said = json!({ "url": url, "host": "hook.lambda-url.test" });
    browser::post_json(&shop.url("/_standin/webhook"), &said).await;
    shop.standin().flush().await;
    assert_eq!(endpoint.received()[0].host, "hook.lambda-url.test");
}

#[tokio::test]
async fn events_say_which_request_they_are_due_to() {
    let (shop, endpoint) = shop().await;
    let request = stripe_core::customer::CreateCustomer::new().name("A");
    crate::shop::send_under(&shop, "ws_1.1.customer", &request).await.unwrap();
    shop.standin().flush().await;
    assert_eq!(endpoint.received()[0].event()["request"]["idempotency_key"], "ws_1.1.customer");
}

#[tokio::test]
async fn a_request_that_was_not_performed_emits_no_event() {
    let (shop, endpoint) = shop().await;
    shop.standin().add_fault(RequestFault { status: Some(503), ..RequestFault::default() });
    stripe_core::customer::CreateCustomer::new().send(&shop.client).await.unwrap_err();
    shop.standin().flush().await;
    assert!(endpoint.received().is_empty());
}
