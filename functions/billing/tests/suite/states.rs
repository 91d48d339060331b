//! The answers in states in which a subscription gives nothing: each names the next step.

use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::{Dunning, Exhausted};
use testkit::{Answer, Request, Shop};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn put(shop: &Shop, plan: &str) -> Answer {
    send(shop, Request::new("PUT", "/billing/plan").json(json!({"plan": plan}))).await
}

async fn checkout(shop: &Shop, plan: &str) -> Answer {
    send(shop, Request::new("POST", "/billing/checkout").json(json!({"plan": plan}))).await
}

async fn sync(shop: &Shop) -> Value {
    send(shop, Request::event("billing/sync")).await.body
}

/// Creates a shop whose renewal has failed and whose dunning has ended with `then`.
async fn lapsed(then: Exhausted) -> Shop {
    let shop = Shop::open(1).await;
    shop.stripe().set_dunning(Dunning::after_days(&[], then));
    checkout(&shop, "pro").await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    sync(&shop).await;
    let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(SignedDuration::from_hours(31 * 24 + 2));
    shop.world.wait(SignedDuration::from_hours(8 * 24));
    shop
}

#[tokio::test]
async fn unpaid_subscription_is_replaced_by_every_purchase() {
    for by in ["checkout", "plan"] {
        let shop = lapsed(Exhausted::Unpaid).await;
        assert_eq!(sync(&shop).await["status"], "unpaid");
        let answer = if by == "checkout" { checkout(&shop, "starter").await } else { put(&shop, "starter").await };
        assert_eq!((answer.status.as_u16(), shop.open_sessions().len()), (200, 1), "{by}: {answer}");
        assert_eq!(shop.stripe_objects("subscriptions")[0]["status"], "canceled", "{by}");
    }
}

#[tokio::test]
async fn past_due_answers_name_the_page() {
    let shop = lapsed(Exhausted::PastDue).await;
    let seen = sync(&shop).await;
    assert_eq!((&seen["plan"], &seen["status"]), (&json!("free"), &json!("past_due")));
    let page = seen["payment_url"].as_str().unwrap();
    assert!(shop.stripe_objects("invoices").iter().any(|invoice| invoice["hosted_invoice_url"] == page));
    for refused in [checkout(&shop, "business").await, put(&shop, "business").await] {
        assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_past_due"), "{refused}");
        assert!(refused.body["detail"].as_str().unwrap().contains("payment_url"), "{refused}");
    }
}

#[tokio::test]
async fn pending_first_payment_refuses_every_purchase() {
    let shop = Shop::open(1).await;
    checkout(&shop, "pro").await;
    shop.stripe().pay_by_bank(&shop.open_sessions()[0]).unwrap();
    let seen = sync(&shop).await;
    assert_eq!((&seen["plan"], &seen["payment_pending"]), (&json!("free"), &json!(true)));
    for refused in [checkout(&shop, "business").await, put(&shop, "business").await, put(&shop, "pro").await] {
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "payment_pending"), "{refused}");
    }
}

/// The same page is asked for again, after it was paid by a method that is slow.
#[tokio::test]
async fn page_that_was_paid_slowly_is_not_opened_again() {
    let shop = Shop::open(1).await;
    checkout(&shop, "pro").await;
    shop.stripe().pay_by_bank(&shop.open_sessions()[0]).unwrap();
    let refused = checkout(&shop, "pro").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "payment_pending"), "{refused}");
}

#[tokio::test]
async fn invoice_of_an_ended_subscription_has_no_page() {
    for keeps in [false, true] {
        let shop = lapsed(Exhausted::Cancel).await;
        let ends = if keeps { "keep" } else { "void" };
        let environment = platform::config::Environment::from_iter([("STRIPE_INVOICES_OF_ENDED_SUBSCRIPTIONS", ends)]);
        let ends = workers::end_policy::EndPolicy::from_environment(&environment).unwrap();
        let with = workers::billing::BillingDeps { ends, ..shop.billing_deps() };
        let router = billing::router(with, shop.world.claim_rules());
        // Berth has not compared the workspace yet, so the invoice is still open at Stripe.
        let listed = shop.world.send(&router, Request::event("billing/invoices").within(shop.workspace)).await;
        let invoices = listed.body["invoices"].as_array().unwrap();
        let pages: Vec<_> =
            invoices.iter().map(|each| (each["status"].as_str().unwrap(), each["hosted_url"].is_string())).collect();
        assert_eq!(pages, [("open", keeps), ("paid", true)]);
    }
}
