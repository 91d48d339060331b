//! Billing where Stripe and its customers do unusual things.

use super::{DAY, move_clock, now, subscription, time};
use crate::{client::World, stripe, traces};
use jiff::SignedDuration;
use local::{aws, stripe::API_KEY};
use serde_json::{Value, json};

/// Changes the stand-in, and returns its answer.
fn control(world: &World, name: &str, body: Value) -> Value {
    let mut answer = aws::agent().post(stripe::control(world, name)).send_json(body).unwrap();
    let said = answer.body_mut().read_to_string().unwrap();
    assert_eq!(answer.status(), 200, "{name}: {said}");
    serde_json::from_str(&said).unwrap()
}

fn cards(world: &World, acme: &str, fails: bool) {
    control(world, "card", json!({ "customer": stripe::customer(world, acme), "fails": fails }));
}

fn read(world: &World, acme: &str) -> Value {
    world.get("/billing/subscription").by(&world.ana).to(acme).send().ok(200).body
}

/// Buys a plan on Stripe's page.
fn buy(world: &World, acme: &str, plan: &str) {
    let order = json!({ "plan": plan, "interval": "month" });
    let page = world.post("/billing/checkout").by(&world.ana).to(acme).json(&order).send().ok(200);
    let session = page.field("url").rsplit('/').next().unwrap().to_owned();
    assert_eq!(control(world, "pay", json!({ "session": session }))["paid"], true);
    let paid = world.post("/billing/sync").by(&world.ana).to(acme).send().ok(200).body;
    assert_eq!((&paid["plan"], &paid["next_step"]), (&json!(plan), &json!("none")), "{paid:#}");
}

/// Lets dunning end in `unpaid` and two more periods begin. The customer starts over at once.
pub(crate) fn starts_over_after_dunning(world: &World, acme: &str) {
    control(world, "dunning", json!({ "retry_days": [1], "then": "unpaid" }));
    cards(world, acme, true);
    let paid = read(world, acme);
    move_clock(world, time(&paid["current_period_end"]).duration_since(now(world)) + DAY * 3);
    let unpaid = subscription(world, acme, |seen| seen["status"] == "unpaid");
    assert_eq!((&unpaid["plan"], &unpaid["next_step"]), (&json!("free"), &json!("pay")), "{unpaid:#}");
    assert!(unpaid["payment_url"].is_string(), "{unpaid:#}");
    move_clock(world, DAY * 62);
    cards(world, acme, false);
    buy(world, acme, "pro");
}

/// Declines the payment of an upgrade after a cancellation: nothing changes. The upgrade is shown and withdrawn.
pub(crate) fn an_unpaid_upgrade_changes_nothing(world: &World, acme: &str) {
    world.call("DELETE", "/billing/subscription").by(&world.ana).to(acme).send().ok(202);
    cards(world, acme, true);
    let order = json!({ "plan": "business", "interval": "month" });
    let change = world.put("/billing/plan").by(&world.ana).to(acme).json(&order).send().ok(200).body;
    assert_eq!(change["status"], "action_required", "{change:#}");
    let waits = read(world, acme);
    assert_eq!((&waits["plan"], &waits["next_step"]), (&json!("pro"), &json!("pay_change")), "{waits:#}");
    assert_eq!(waits["cancel_at_period_end"], true, "the cancellation stays until the upgrade is paid: {waits:#}");
    assert_eq!(waits["pending_change"]["plan"], "business", "{waits:#}");
    assert_eq!(waits["pending_change"]["url"], change["action_url"], "{waits:#}");
    world.call("DELETE", "/billing/subscription").by(&world.ana).to(acme).send().ok(202);
    let withdrawn = read(world, acme);
    assert_eq!(
        (&withdrawn["pending_change"], &withdrawn["cancel_at_period_end"]),
        (&Value::Null, &json!(true)),
        "{withdrawn:#}"
    );
    cards(world, acme, false);
    let resumed = world.post("/billing/subscription/resume").by(&world.ana).to(acme).send().ok(200).body;
    assert_eq!((&resumed["plan"], &resumed["cancel_at_period_end"]), (&json!("pro"), &json!(false)), "{resumed:#}");
}

/// Lets Stripe fail during an upgrade: the answer is 202, and the sweeper carries the upgrade out. Pages are read meanwhile.
pub(crate) fn an_unanswered_upgrade_is_found(world: &World, acme: &str) {
    control(world, "fault", json!({ "method": "POST", "path": "/v1/subscriptions", "status": 500, "count": 2 }));
    let order = json!({ "plan": "business", "interval": "month" });
    let change = world.put("/billing/plan").by(&world.ana).to(acme).json(&order).send().ok(202).body;
    assert_eq!((&change["status"], &change["command"]["status"]), (&json!("processing"), &json!("pending")));
    let pending = read(world, acme);
    assert_eq!((&pending["plan"], &pending["next_step"]), (&json!("pro"), &json!("wait")), "{pending:#}");
    assert_eq!(pending["last_command"], change["command"], "{pending:#}");

    // An event that fails now would hold up the later ones of its customer.
    traces::every_queue_is_empty(world);
    control(world, "fault", json!({ "path": "/v1/", "status": 503, "count": 1000 }));
    let config = world.get("/billing/config").by(&world.ana).to(acme).send().ok(200).body;
    assert_eq!(config["payment_method"]["last4"], "4242", "{config:#}");
    assert!(!config["recent_invoices"].as_array().unwrap().is_empty(), "{config:#}");
    let refused = world.get("/billing/invoices").by(&world.ana).to(acme).send();
    assert_eq!(refused.status, 503, "Stripe is down: {refused:#?}");
    control(world, "fault/clear", json!({}));

    move_clock(world, SignedDuration::from_mins(3));
    let done = subscription(world, acme, |seen| seen["last_command"]["status"] == "done");
    assert_eq!((&done["plan"], &done["next_step"]), (&json!("business"), &json!("none")), "{done:#}");
}

/// Deletes the customer at Stripe. The next purchase creates a new one.
pub(crate) fn a_deleted_customer_is_replaced(world: &World, acme: &str) {
    let gone = stripe::customer(world, acme);
    let url = format!("{}/v1/customers/{gone}", world.outputs.stripe_url);
    let request = aws::agent().delete(url).header("authorization", format!("Bearer {API_KEY}"));
    assert_eq!(request.call().unwrap().status(), 200);
    let ended = subscription(world, acme, |seen| seen["plan"] == "free");
    assert_eq!(ended["next_step"], "buy", "{ended:#}");
    buy(world, acme, "business");
    let examined = world.get("/workspace/doctor").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(examined.body["healthy"], true, "{examined:#?}");
    stripe::every_delivery_is_accepted(world);
}
