//! Idempotency keys: for a day, the same request gets the same answer and another one an error.

use crate::{
    browser,
    shop::{KEY, Shop, refusal, send_under, under, until},
};
use jiff::SignedDuration;
use stripe_core::customer::{CreateCustomer, ListCustomer};
use stripe_sdk::StripeRequest;
use stripe_standin::RequestFault;

#[tokio::test]
async fn other_parameters_under_a_key_are_refused() {
    let shop = Shop::open().await;
    send_under(&shop, "k", &CreateCustomer::new().name("A")).await.unwrap();
    let other = send_under(&shop, "k", &CreateCustomer::new().name("B")).await;
    let message = "400 idempotency_error: Keys for idempotent requests can only be used with the same parameters they \
                   were first used with. Try using a key other than 'k' if you meant to execute a different request.";
    assert_eq!(refusal(other), message);
}

#[tokio::test]
async fn a_replay_says_so() {
    let shop = Shop::open().await;
    let request = || {
        http::Request::post(shop.url("/v1/customers"))
            .header("authorization", format!("Bearer {KEY}"))
            .header("idempotency-key", "k")
    };
    let first = browser::send(request(), "name=A&description=B").await;
    let again = browser::send(request(), "description=B&name=A").await;
    assert_eq!(first.body, again.body);
    assert!(first.headers.get("idempotent-replayed").is_none());
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.headers["original-request"], first.headers["request-id"]);
    let log: Vec<_> = shop.standin().requests().iter().map(|request| (request.status, request.replayed)).collect();
    assert_eq!(log, [(200, false), (200, true)]);
}

#[tokio::test]
async fn after_a_day_a_key_is_new() {
    let shop = Shop::open().await;
    let first = send_under(&shop, "k", &CreateCustomer::new().name("A")).await.unwrap();
    shop.standin().advance(SignedDuration::from_hours(24));
    let second = send_under(&shop, "k", &CreateCustomer::new().name("B")).await.unwrap();
    assert_ne!(first.id, second.id);
}

#[tokio::test]
async fn an_answer_of_500_is_repeated_applied_or_not() {
    let shop = Shop::open().await;
    for (key, applied, made) in [("lost", true, 1), ("failed", false, 1)] {
        shop.standin().add_fault(RequestFault { status: Some(500), applied, ..RequestFault::default() });
        let request = CreateCustomer::new().name(key);
        for _ in 0..2 {
            let refused = send_under(&shop, key, &request).await;
            assert_eq!(refusal(refused), "500 api_error: An unknown error occurred");
        }
        assert_eq!(ListCustomer::new().send(&shop.client).await.unwrap().data.len(), made);
    }
}

#[tokio::test]
async fn a_request_that_was_refused_unread_is_not_kept() {
    let shop = Shop::open().await;
    shop.standin().add_fault(RequestFault { status: Some(429), ..RequestFault::default() });
    let request = CreateCustomer::new().name("A");
    assert!(refusal(send_under(&shop, "k", &request).await).starts_with("429 rate_limit"));
    send_under(&shop, "k", &request).await.unwrap();
    let unknown = http::Request::post(shop.url("/v1/customers"))
        .header("authorization", format!("Bearer {KEY}"))
        .header("idempotency-key", "other");
    assert_eq!(browser::send(unknown, "nom=A").await.status, 400);
    send_under(&shop, "other", &request).await.unwrap();
}

#[tokio::test]
async fn a_key_is_in_use_until_its_request_is_performed() {
    let shop = Shop::open().await;
    shop.standin().add_fault(RequestFault { delay_ms: 3_000, ..RequestFault::default() });
    let request = CreateCustomer::new().name("A");
    let (client, impatient) = (shop.client.clone(), request.customize().request_strategy(under("k")));
    let waiting = tokio::spawn(async move { impatient.send(&client).await });
    until("the request runs", async || shop.standin().state()["faults"] == serde_json::json!([])).await;
    waiting.abort();
    let meanwhile = refusal(send_under(&shop, "k", &request).await);
    assert!(meanwhile.starts_with("409 idempotency_key_in_use"), "{meanwhile}");
    let customers = async || ListCustomer::new().send(&shop.client).await.unwrap().data.len();
    until("the request is performed", async || customers().await == 1).await;
    send_under(&shop, "k", &request).await.unwrap();
    assert_eq!(customers().await, 1);
}
