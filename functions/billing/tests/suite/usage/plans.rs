//! Counts over a change of plan.

use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Answer, Request, Shop};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn change(shop: &Shop, plan: &str, interval: &str) {
    let body = json!({"plan": plan, "interval": interval});
    let changed = send(shop, Request::new("PUT", "/billing/plan").json(body)).await;
    assert_eq!(changed.body["status"], "applied", "{changed}");
}

/// Returns the start of the month, and the use and limit of executions.
async fn executions(shop: &Shop) -> [Value; 3] {
    let usage = send(shop, Request::new("GET", "/billing/usage")).await.body;
    let row = usage["usage"].as_array().unwrap().iter().find(|row| row["meter"] == "executions").unwrap();
    [usage["period"]["start"].clone(), row["used"].clone(), row["limit"].clone()]
}

#[tokio::test]
async fn upgrade_keeps_the_count_and_another_interval_starts_one() {
    let shop = Shop::open(1).await;
    send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "starter"}))).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    send(&shop, Request::new("POST", "/billing/sync")).await;
    let consumed = json!({"meter": "executions", "amount": 70, "key": "one"});
    send(&shop, Request::new("POST", "/usage/consume").json(consumed)).await;
    let [start, used, limit] = executions(&shop).await;
    assert_eq!(used, 70);
    shop.world.wait(SignedDuration::from_hours(5 * 24));
    change(&shop, "pro", "month").await;
    let [same, kept, higher] = executions(&shop).await;
    assert_eq!((&same, &kept), (&start, &json!(70)), "the period goes on");
    assert!(higher.as_u64() > limit.as_u64());
    change(&shop, "pro", "year").await;
    let [begun, used, limit] = executions(&shop).await;
    assert_eq!((begun, used, limit), (json!(shop.world.clock.now()), json!(0), higher), "a new period has begun");
}
