//! The stand-in's overview and controls, as used by a person and by scripts.

use crate::{browser, shop::Shop};
use serde_json::json;

#[tokio::test]
async fn the_state_shows_each_customer_with_their_objects() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    shop.customer().await;
    let state = browser::get(&shop.url("/_standin/state")).await.json();
    let found = &state["customers"][0];
    assert_eq!(found["id"], json!(customer));
    assert_eq!(found["subscriptions"][0]["id"], json!(subscription.id.as_str()));
    for (list, length) in [("invoices", 1), ("checkout_sessions", 1), ("payment_methods", 1), ("charges", 1)] {
        assert_eq!(found[list].as_array().unwrap().len(), length, "{list}");
    }
    assert_eq!(state["customers"][1]["subscriptions"], json!([]));
}

#[tokio::test]
async fn the_page_lists_customers_and_moves_the_clock() {
    let shop = Shop::open().await;
    shop.subscriber("price_pro_month").await;
    let page = browser::get(&shop.url("/_standin")).await;
    for part in ["It is 2026-11-21 12:00 UTC", "Acme", "price_pro_month active until 2026-12-21"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let form =
        http::Request::post(shop.url("/_standin/advance")).header("content-type", "application/x-www-form-urlencoded");
    let moved = browser::send(form, "days=30&hours=2").await;
    assert_eq!((moved.status, moved.location.as_deref()), (303, Some("/_standin")));
    let page = browser::get(&shop.url("/_standin")).await;
    for part in ["It is 2026-12-21 14:00 UTC", "price_pro_month active until 2027-01-21"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
}

#[tokio::test]
async fn text_from_users_is_shown_unchanged() {
    let shop = Shop::open().await;
    let name = "<script>alert('\"')</script>";
    let request = stripe_core::customer::CreateCustomer::new().name(name);
    let customer = request.send(&shop.client).await.unwrap().id;
    let url = shop.session(customer.as_str(), "price_pro_month").await.url.unwrap();
    for page in [shop.url("/_standin"), url] {
        let body = browser::get(&page).await.body;
        assert!(!body.contains("<script>") && body.contains("&lt;script&gt;"), "{body}");
    }
}

#[tokio::test]
async fn requests_can_be_counted() {
    let shop = Shop::open().await;
    shop.customer().await;
    let log = browser::get(&shop.url("/_standin/requests")).await.json();
    let [request] = log["requests"].as_array().unwrap().as_slice() else { panic!("{log}") };
    assert_eq!((&request["method"], &request["path"]), (&json!("POST"), &json!("/v1/customers")));
    assert_eq!(request["params"], json!([["name", "Acme"]]));
}

#[tokio::test]
async fn controls_refuse_what_they_do_not_understand() {
    let shop = Shop::open().await;
    for (path, body) in [
        ("clock", json!({ "advance": -1 })),
        ("clock", json!({ "seconds": 1 })),
        ("card", json!({ "customer": "cus_nobody", "fails": true })),
        ("delivery", json!({ "loss": 1 })),
    ] {
        let answer = browser::post_json(&shop.url(&format!("/_standin/{path}")), &body).await;
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.body);
        assert!(answer.json()["error"].is_string());
    }
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let shop = Shop::open().await;
    assert!(shop.served.url().starts_with("http://127.0.0.1:"));
}
