//! The facts are stored by the comparison, so the page does not depend on Stripe.

use super::{activity, billing, config, customer, handle, paying, send};
use domain::{billing::comparison::Comparison, identity::access::Role};
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{ANA, BEN, Request};

#[tokio::test]
async fn billing_page_answers_while_stripe_is_down() {
    let shop = paying().await;
    let listed = send(&shop, Request::new("GET", "/billing/invoices")).await.body["invoices"].clone();
    shop.stripe().add_fault(RequestFault { status: Some(500), count: u32::MAX, ..RequestFault::default() });
    assert_eq!(send(&shop, Request::new("GET", "/billing/invoices")).await.status.as_u16(), 503);
    let before = shop.stripe_requests().len();
    let page = config(&shop).await;
    assert_eq!(
        (page.status.as_u16(), page.usage.round_trips, shop.stripe_requests().len()),
        (200, 1, before),
        "{page}"
    );
    let card = json!({"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030});
    assert_eq!((&page.body["payment_method"], &page.body["recent_invoices"]), (&card, &listed));
    assert_eq!(listed.as_array().unwrap().len(), 1);
    for path in ["/billing/subscription", "/billing/usage", "/billing/plans"] {
        assert_eq!(send(&shop, Request::new("GET", path)).await.status.as_u16(), 200, "{path}");
    }
}

#[tokio::test]
async fn billing_without_facts_is_read_and_filled_at_night() {
    let shop = paying().await;
    let complete = config(&shop).await;
    shop.world.overwrite(shop.workspace, "SUBSCRIPTION", "customer_facts", json!({"NULL": true}));
    let (version, recorded) = (billing(&shop)["version"].clone(), activity(&shop));
    let bare = config(&shop).await;
    let shown = ["payment_method", "credit", "recent_invoices"].map(|field| bare.body[field].clone());
    assert_eq!((bare.status.as_u16(), shown), (200, [Value::Null, Value::Null, json!([])]));
    let night = Comparison::begun(shop.world.clock.now());
    handle(&shop, &[night.hint(&customer(&shop))]).await;
    assert_eq!(config(&shop).await.body, complete.body);
    // Nothing has happened that members would look for in the activity. The version keeps out older comparisons.
    assert_eq!(activity(&shop), recorded);
    assert!(billing(&shop)["version"].as_u64() > version.as_u64());
    let stored = billing(&shop);
    send(&shop, Request::new("POST", "/billing/sync")).await;
    assert_eq!(billing(&shop), stored, "the same facts are not written again");
}

#[tokio::test]
async fn new_card_and_credit_are_shown_after_their_events() {
    let shop = paying().await;
    let recorded = activity(&shop);
    shop.stripe().use_method(&customer(&shop), "pm_card_mastercard").unwrap();
    handle(&shop, &shop.hints()).await;
    assert_eq!(config(&shop).await.body["payment_method"]["brand"], "mastercard");
    for (balance, credit) in [
        (-5_000, json!({"amount": 5_000, "currency": "usd"})),
        (700, json!({"amount": -700, "currency": "usd"})),
        (0, Value::Null),
    ] {
        let path = format!("/v1/customers/{}", customer(&shop));
        shop.post_to_stripe(&path, &format!("balance={balance}")).await;
        handle(&shop, &shop.hints()).await;
        assert_eq!(config(&shop).await.body["credit"], credit);
    }
    shop.stripe().use_method(&customer(&shop), "pm_usBankAccount_success").unwrap();
    handle(&shop, &shop.hints()).await;
    assert_eq!(config(&shop).await.body["payment_method"], Value::Null, "a bank account has no card");
    assert_eq!(activity(&shop), recorded);
}

/// Invariant 20.
#[tokio::test]
async fn only_roles_that_read_invoices_see_recent_ones() {
    let shop = paying().await;
    for (role, person, shown) in [(Role::Viewer, &BEN, false), (Role::Admin, &testkit::CLEO, true)] {
        shop.world.join(shop.workspace, &ANA, person, role).await;
        let list = send(&shop, Request::new("GET", "/billing/invoices").by(person)).await;
        let page = send(&shop, Request::new("GET", "/billing/config").by(person)).await;
        assert_eq!((list.status.is_success(), page.status.as_u16()), (shown, 200), "{role:?}");
        assert_eq!(page.body["recent_invoices"].is_array(), shown, "{role:?}: {page}");
    }
}
