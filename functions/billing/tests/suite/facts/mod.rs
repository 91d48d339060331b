//! What the billing page shows of a customer: card, credit balance and invoices.

mod buyer;
mod money;
mod stored;

use domain::billing::stripe::event::Hint;
use serde_json::{Value, json};
use testkit::{Answer, Request, Shop};
use workers::billing::handle_event;

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn config(shop: &Shop) -> Answer {
    send(shop, Request::new("GET", "/billing/config")).await
}

/// Opens a shop whose workspace has paid for pro.
async fn paying() -> Shop {
    let shop = Shop::open(1).await;
    send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}))).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(send(&shop, Request::new("POST", "/billing/sync")).await.body["plan"], "pro");
    handle(&shop, &shop.hints()).await;
    shop.world.changes();
    shop
}

async fn handle(shop: &Shop, hints: &[Hint]) {
    for hint in hints {
        handle_event(&shop.billing_deps(), hint).await.unwrap();
    }
}

fn customer(shop: &Shop) -> String {
    shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned()
}

/// Returns the stored billing.
fn billing(shop: &Shop) -> Value {
    shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone()
}

/// Returns the number of records in the activity.
fn activity(shop: &Shop) -> usize {
    shop.world.items().values().filter(|item| item["_type"] == "audit").count()
}
