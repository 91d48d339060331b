//! Objects that are missing at Stripe: deleted customers, customers of another account, and unknown prices.

use domain::identity::origin::Origin;
use serde_json::{Value, json};
use testkit::{Answer, Request, Shop};
use workers::billing::{compare_due, finish_interrupted, handle_event};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn checkout(shop: &Shop, plan: &str) -> Answer {
    let request = Request::new("POST", "/billing/checkout").header("idempotency-key", "one");
    send(shop, request.json(json!({"plan": plan, "interval": "month"}))).await
}

/// Creates a shop whose workspace pays for pro.
async fn paying() -> Shop {
    let shop = Shop::open(1).await;
    checkout(&shop, "pro").await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(send(&shop, Request::new("POST", "/billing/sync")).await.body["plan"], "pro");
    shop
}

fn customer(shop: &Shop) -> String {
    shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned()
}

/// Returns the stored billing.
fn billing(shop: &Shop) -> Value {
    shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone()
}

fn intents(shop: &Shop) -> usize {
    shop.world.items().keys().filter(|(_, sk)| sk.starts_with("INTENT#")).count()
}

fn codes(answers: &[Answer]) -> Vec<(u16, &str)> {
    answers.iter().map(|answer| (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or(""))).collect()
}

#[tokio::test]
async fn checkout_of_a_deleted_customer_gets_a_new_one() {
    for state in ["paid", "page open", "page closed"] {
        let shop = if state == "paid" { paying().await } else { Shop::open(1).await };
        if state != "paid" {
            checkout(&shop, "pro").await;
        }
        let gone = customer(&shop);
        shop.stripe().delete_customer(&gone).unwrap();
        if state == "paid" {
            // Nothing has reported the end of the subscription yet.
            let refused = checkout(&shop, "business").await;
            assert_eq!(codes(&[refused]), [(422, "idempotency_key_reused")]);
        }
        let plan = if state == "page closed" { "business" } else { "pro" };
        let change = send(&shop, Request::new("PUT", "/billing/plan").json(json!({"plan": "business"}))).await;
        let change = match change.status.as_u16() {
            409 => send(&shop, Request::new("PUT", "/billing/plan").json(json!({"plan": "business"}))).await,
            _ => change,
        };
        assert_eq!((change.status.as_u16(), &change.body["status"]), (200, &json!("checkout")), "{state}: {change}");
        let request = Request::new("POST", "/billing/checkout").json(json!({"plan": plan}));
        let page = send(&shop, request).await;
        assert_eq!(page.status.as_u16(), 200, "{state}: {page}");
        assert_ne!(billing(&shop)["customer"], json!(gone), "{state}");
        assert_eq!(intents(&shop), 0, "{state}");
        assert_eq!(billing(&shop)["refusal"], Value::Null, "{state}: a later command has succeeded");
    }
}

#[tokio::test]
async fn every_route_answers_after_the_customer_is_deleted() {
    for reported in [false, true] {
        let shop = paying().await;
        drop(shop.hints());
        shop.stripe().delete_customer(&customer(&shop)).unwrap();
        if reported {
            for hint in shop.hints() {
                handle_event(&shop.billing_deps(), &hint).await.unwrap();
            }
            assert_eq!(billing(&shop)["customer"], Value::Null, "the event has removed the customer");
        }
        let get = |path: &str| Request::new("GET", path);
        let answers = [
            send(&shop, get("/billing/config")).await,
            send(&shop, get("/billing/invoices")).await,
            send(&shop, get("/billing/plan/preview?plan=business")).await,
            send(&shop, Request::new("POST", "/billing/portal").json(json!({}))).await,
            send(&shop, Request::new("POST", "/billing/sync")).await,
            send(&shop, get("/billing/subscription")).await,
        ];
        let no_customer = (409, "no_customer");
        assert!(answers.iter().all(|answer| answer.status.as_u16() < 500), "{reported}: {:?}", codes(&answers));
        assert_eq!(codes(&answers)[3], no_customer, "{reported}");
        assert_eq!((&answers[5].body["plan"], &billing(&shop)["customer"]), (&json!("free"), &Value::Null));
        let audited = shop.world.items().values().filter(|item| item["action"] == "billing.changed").count();
        assert!(audited >= 2, "paid, and ended: {reported}");
    }
}

#[tokio::test]
async fn unknown_price_ends_the_intent_with_its_reason() {
    let shop = Shop::open(1).await;
    shop.stripe().set_price_known("price_pro_month", false).unwrap();
    let refused = checkout(&shop, "pro").await;
    assert_eq!(codes(&[refused]), [(503, "payments_not_set_up")]);
    assert_eq!((intents(&shop), shop.customers()), (0, 1));
    let reason = billing(&shop)["refusal"]["reason"].as_str().unwrap().to_owned();
    assert_eq!(reason, "Stripe has no price with the lookup key of pro/1/month/usd that can be bought");
    // Another plan can be bought, and the same one once the price is corrected.
    let starter = Request::new("POST", "/billing/checkout").json(json!({"plan": "starter"}));
    assert_eq!(send(&shop, starter).await.status.as_u16(), 200);
    assert_eq!(billing(&shop)["refusal"], Value::Null);
    shop.stripe().set_price_known("price_pro_month", true).unwrap();
    assert_eq!(checkout(&shop, "pro").await.status.as_u16(), 200);
    assert_eq!((intents(&shop), shop.customers(), shop.open_sessions().len()), (0, 1, 1));
}

#[tokio::test]
async fn change_to_an_unknown_price_keeps_the_plan() {
    let shop = paying().await;
    shop.stripe().set_price_known("price_business_month", false).unwrap();
    let put = |plan: &str| Request::new("PUT", "/billing/plan").json(json!({"plan": plan}));
    let preview = Request::new("GET", "/billing/plan/preview?plan=business&interval=month");
    let refused = [send(&shop, preview).await, send(&shop, put("business")).await];
    assert_eq!(codes(&refused), [(503, "payments_not_set_up"); 2]);
    assert_eq!((intents(&shop), &billing(&shop)["refusal"]["attempt"]), (0, &json!(2)));
    assert_eq!(send(&shop, Request::new("GET", "/billing/subscription")).await.body["plan"], "pro");
    assert_eq!(send(&shop, put("starter")).await.body["status"], "scheduled");
    assert_eq!(billing(&shop)["refusal"], Value::Null);
}

#[tokio::test]
async fn customer_of_another_account_is_refused_and_kept() {
    let shop = paying().await;
    shop.world.overwrite(shop.workspace, "SUBSCRIPTION", "customer", json!({"S": "cus_elsewhere"}));
    shop.world.overwrite(shop.workspace, "SUBSCRIPTION", "subscription", json!({"NULL": true}));
    let answers = [
        checkout(&shop, "business").await,
        send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "business"}))).await,
        send(&shop, Request::new("PUT", "/billing/plan").json(json!({"plan": "pro"}))).await,
        send(&shop, Request::new("POST", "/billing/portal").json(json!({}))).await,
        send(&shop, Request::new("POST", "/billing/sync")).await,
        send(&shop, Request::new("GET", "/billing/invoices")).await,
    ];
    let unknown = (409, "customer_unknown");
    assert_eq!(codes(&answers)[1..], [unknown; 5]);
    assert_eq!((&billing(&shop)["customer"], intents(&shop)), (&json!("cus_elsewhere"), 0));
    // The sweeper does not fail. It looks again in an hour.
    finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
    let origin = Origin { request_id: "sweep".to_owned(), ip_address: None };
    compare_due(&shop.billing_deps(), shop.workspace, origin).await.unwrap();
    let due = (shop.world.clock.now() + domain::billing::account::LATE).as_millisecond();
    assert_eq!((&billing(&shop)["customer"], &billing(&shop)["due_at"]), (&json!("cus_elsewhere"), &json!(due)));
}
