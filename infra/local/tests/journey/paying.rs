//! Ana buys pro on Stripe's page, and the workspace grows.

use crate::client::World;
use local::{aws, clock};
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};

pub(crate) fn for_pro(world: &World, acme: &str) {
    let subscription = || world.get("/billing/subscription").by(&world.ana).to(acme).send().ok(200);
    let free = subscription();
    assert_eq!((free.field("plan"), free.field("status")), ("free", "active"));

    let checkout = || world.post("/billing/checkout").by(&world.ana).to(acme).json(&json!({ "plan": "pro" }));
    let page = checkout().header("idempotency-key", "buy-pro").send().ok(200);
    assert_eq!(checkout().send().ok(200).body, page.body, "the same page");
    let url = page.field("url");
    let seen = aws::agent().get(url).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(seen.contains("$29.00 per month") && seen.contains("</form>"), "{seen}");

    // A card that declines pays nothing; the page can still be paid.
    press(url, "fail");
    assert_eq!(subscription().field("plan"), "free");
    press(url, "pay");
    let pro = becomes(world, acme, "pro");
    assert_eq!(
        (&pro["status"], &pro["interval"], &pro["limits"]["members"]),
        (&json!("active"), &json!("month"), &json!(10))
    );
    let period = |name: &str| pro[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(period("current_period_start") <= clock::now() && clock::now() < period("current_period_end"));

    // Who has paid is not sold the same again, and comparing changes nothing.
    let refused = checkout().send().problem(409);
    assert_eq!(refused.code(), "already_subscribed");
    let synced = world.post("/billing/sync").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(synced.body, pro);
}

/// What free would not have allowed: it has three seats.
pub(crate) fn a_sixth_member_fits(world: &World, acme: &str) {
    let invite = |n: usize| {
        let guest = json!({ "email": format!("guest{n}@example.com"), "role": "viewer" });
        world.post("/team/invite").by(&world.ana).to(acme).json(&guest).send()
    };
    let seats = |world: &World| {
        let table = world.table();
        let key = format!("WS#{acme}");
        let head = table.iter().find(|item| item["pk"]["S"] == key.as_str() && item["sk"]["S"] == "META").unwrap();
        head["seat_count"]["N"].as_str().unwrap().parse::<usize>().unwrap()
    };
    let taken = seats(world);
    assert!(taken <= 5, "{taken}");
    (taken..10).for_each(|n| drop(invite(n).ok(201)));
    let refused = invite(10).problem(402);
    assert_eq!((refused.code(), refused.field("upgrade_to")), ("workspace_member_limit", "business"));
}

/// Presses a button on the page.
fn press(url: &str, button: &str) {
    let answer = aws::agent().post(format!("{url}/{button}")).send_empty().unwrap();
    assert!(matches!(answer.status().as_u16(), 200 | 303), "{button}: {}", answer.status());
}

/// The subscription, once its plan is `plan`: an event of Stripe's has come through webhook and queue.
fn becomes(world: &World, acme: &str, plan: &str) -> Value {
    let look = || {
        let seen = world.get("/billing/subscription").by(&world.ana).to(acme).send().ok(200);
        Ok::<_, Infallible>((seen.field("plan") == plan).then_some(seen.body))
    };
    clock::wait_for(Duration::from_secs(30), look).unwrap().unwrap_or_else(|| panic!("{plan} within half a minute"))
}
