//! Ana buys the plan pro on Stripe's page, and the workspace gets more seats.

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

    // A declined card pays nothing, and the page can still be paid.
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

    // A paid workspace cannot buy the same plan again, and syncing with Stripe changes nothing.
    let refused = checkout().send().problem(409);
    assert_eq!(refused.code(), "already_subscribed");
    let synced = world.post("/billing/sync").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(synced.body, pro);
}

/// Invites a sixth member, which the three seats of free would not allow.
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
    let offered: Vec<_> = (taken..10).map(|n| invite(n).ok(201).field("id").to_owned()).collect();
    let refused = invite(10).problem(402);
    assert_eq!((refused.code(), refused.field("upgrade_to")), ("workspace_member_limit", "business"));
    // Frees the seats for the later steps.
    for id in offered {
        world.call("DELETE", &format!("/team/invitations/{id}")).by(&world.ana).to(acme).send().ok(204);
    }
    assert_eq!(seats(world), taken);
}

/// Presses a button on the page.
fn press(url: &str, button: &str) {
    let answer = aws::agent().post(format!("{url}/{button}")).send_empty().unwrap();
    assert!(matches!(answer.status().as_u16(), 200 | 303), "{button}: {}", answer.status());
}

/// Waits until the subscription has the plan `plan`: an event from Stripe has passed webhook and queue.
fn becomes(world: &World, acme: &str, plan: &str) -> Value {
    let look = || {
        let seen = world.get("/billing/subscription").by(&world.ana).to(acme).send().ok(200);
        Ok::<_, Infallible>((seen.field("plan") == plan).then_some(seen.body))
    };
    clock::wait_for(Duration::from_secs(30), look).unwrap().unwrap_or_else(|| panic!("{plan} within half a minute"))
}
