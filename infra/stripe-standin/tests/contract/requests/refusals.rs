//! Refusals: keys, versions, routes and unknown parameters.

use crate::{
    browser,
    shop::{self, KEY, Shop, refusal},
};
use stripe_core::customer::{CreateCustomer, RetrieveCustomer};

async fn ask(shop: &Shop, request: http::request::Builder, body: &str) -> String {
    let page = browser::send(request, body).await;
    assert!(page.headers["request-id"].to_str().unwrap().starts_with("req_"));
    let error = &page.json()["error"];
    assert!(!shop.standin().requests().is_empty());
    format!("{} {}: {}", page.status, error["type"].as_str().unwrap(), error["message"].as_str().unwrap())
}

#[tokio::test]
async fn a_wrong_key_opens_nothing() {
    let shop = Shop::open().await;
    let other = shop::client(&shop.served, "sk_test_other");
    let refused = CreateCustomer::new().send(&other).await;
    assert_eq!(refusal(refused), "401 invalid_request_error: Invalid API Key provided.");
    let none = ask(&shop, http::Request::get(shop.url("/v1/customers")), "").await;
    assert!(none.starts_with("401 invalid_request_error: You did not provide an API key."), "{none}");
}

/// <https://docs.stripe.com/keys/restricted-api-keys>
#[tokio::test]
async fn a_restricted_key_only_reads() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let reader = shop::client(&shop.served, "rk_test_standin");
    assert!(RetrieveCustomer::new(customer).send(&reader).await.is_ok());
    let message = "The provided key 'rk_test_*' does not have the required permissions for this endpoint.";
    let refused = refusal(CreateCustomer::new().send(&reader).await);
    assert_eq!(refused, format!("403 invalid_request_error: {message}"));
}

#[tokio::test]
async fn a_key_may_come_as_a_user_name() {
    let shop = Shop::open().await;
    // The user name is sk_test_contract.
    let basic = http::Request::get(shop.url("/v1/customers")).header("authorization", "Basic c2tfdGVzdF9jb250cmFjdDo=");
    assert_eq!(browser::send(basic, "").await.status, 200);
}

#[tokio::test]
async fn missing_objects_are_refused_in_stripes_words() {
    let shop = Shop::open().await;
    let missing = RetrieveCustomer::new("cus_nobody").send(&shop.client).await;
    assert_eq!(refusal(missing), "404 resource_missing: No such customer: 'cus_nobody'");
    let with_key = |method, path: &str| {
        http::Request::builder().method(method).uri(shop.url(path)).header("authorization", format!("Bearer {KEY}"))
    };
    for (method, path) in [("GET", "/v1/plans"), ("POST", "/v1/plans"), ("PUT", "/v1/customers"), ("GET", "/v1/x/y")] {
        let answer = ask(&shop, with_key(method, path), "").await;
        let expected = format!("404 invalid_request_error: Unrecognized request URL ({method}: {path}).");
        assert!(answer.starts_with(&expected), "{answer}");
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_by_name() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let post = |path: &str| http::Request::post(shop.url(path)).header("authorization", format!("Bearer {KEY}"));
    let answer = ask(&shop, post("/v1/customers"), "coupon=x").await;
    assert_eq!(answer, "400 invalid_request_error: Received unknown parameter: coupon");
    let form = format!("mode=payment&customer={customer}");
    let answer = ask(&shop, post("/v1/checkout/sessions"), &form).await;
    assert_eq!(answer, "400 invalid_request_error: The stand-in does not model other modes than `subscription`.");
}

#[tokio::test]
async fn another_version_of_the_api_is_refused() {
    let shop = Shop::open().await;
    let old = http::Request::get(shop.url("/v1/customers"))
        .header("authorization", format!("Bearer {KEY}"))
        .header("stripe-version", "2020-08-27");
    let answer = ask(&shop, old, "").await;
    let expected = "400 invalid_request_error: The stand-in speaks API version 2026-09-30.endive, not 2020-08-27.";
    assert_eq!(answer, expected);
}
