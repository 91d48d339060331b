//! Faults of requests: Stripe slow, rate-limited, answering nonsense, or failing after performing the request.

use crate::{
    browser,
    shop::{Shop, refusal, until},
};
use serde_json::json;
use std::time::Duration;
use stripe_core::customer::{CreateCustomer, ListCustomer};
use stripe_sdk::StripeError;
use stripe_standin::RequestFault;

#[tokio::test]
async fn nonsense() {
    let shop = Shop::open().await;
    shop.standin().add_fault(RequestFault { body: Some("<html>".to_owned()), ..RequestFault::default() });
    let answer = CreateCustomer::new().send(&shop.client).await;
    assert!(matches!(answer, Err(StripeError::JSONDeserialize(_))), "{answer:?}");
    CreateCustomer::new().send(&shop.client).await.unwrap();
}

#[tokio::test]
async fn a_rate_limit() {
    let shop = Shop::open().await;
    let fault = json!({ "status": 429, "count": 2, "method": "GET", "path": "/v1/customers" });
    browser::post_json(&shop.url("/_standin/fault"), &fault).await;
    CreateCustomer::new().send(&shop.client).await.unwrap();
    for _ in 0..2 {
        assert!(refusal(ListCustomer::new().send(&shop.client).await).starts_with("429 rate_limit"));
    }
    ListCustomer::new().send(&shop.client).await.unwrap();
}

#[tokio::test]
async fn slowness_that_outlasts_a_client_is_no_refusal() {
    let shop = Shop::open().await;
    shop.standin().add_fault(RequestFault { delay_ms: 2_000, ..RequestFault::default() });
    let hasty = stripe_sdk::ClientBuilder::new(crate::shop::KEY)
        .url(format!("{}/", shop.served.url()))
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    let answer = CreateCustomer::new().send(&hasty).await;
    assert!(matches!(answer, Err(StripeError::Timeout)), "{answer:?}");
    let customers = async || ListCustomer::new().send(&shop.client).await.unwrap().data.len();
    until("the request is performed nevertheless", async || customers().await == 1).await;
}
