//! The clock of the cloud is moved: what takes days elsewhere is seen at once.

pub(crate) mod audit;
pub(crate) mod mail;
pub(crate) mod money;

use crate::{client::World, connecting, running, stripe};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};
use local::{aws, clock::wait_for};
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Moves the clock of the whole cloud. What becomes due is done when this returns.
pub(crate) fn move_clock(world: &World, by: SignedDuration) {
    let before = now(world);
    let body = json!({ "advance": by.as_secs() });
    let mut answer = aws::agent().post(stripe::control(world, "clock")).send_json(body).unwrap();
    let said = answer.body_mut().read_to_string().unwrap();
    assert_eq!(answer.status(), 200, "{said}");
    assert!(before + by <= now(world));
}

/// Returns the time of the cloud, in whole seconds.
pub(crate) fn now(world: &World) -> Timestamp {
    let mut answer = aws::agent().get(stripe::control(world, "state")).call().unwrap();
    let state: Value = answer.body_mut().read_json().unwrap();
    Timestamp::from_second(state["now"].as_i64().unwrap()).unwrap()
}

/// Moves the clock over a month whose renewal fails, over the grace period, and to a renewal that succeeds. Ana's ID token
/// stays valid, an invitation expires, and each event of Stripe is accepted.
pub(crate) fn a_month_that_is_paid_late(world: &World, acme: &str) {
    let guest = json!({ "email": "late@example.com", "role": "viewer" });
    let invited = world.post("/team/invite").by(&world.ana).to(acme).json(&guest).send().ok(201);
    let pending = || {
        let list = world.get("/team/invitations").by(&world.ana).to(acme).send().ok(200);
        list.body["invitations"].to_string().contains(invited.field("id"))
    };
    assert!(pending());
    let customer = stripe::customer(world, acme);
    let cards = |fails: bool| {
        let body = json!({ "customer": customer, "fails": fails });
        assert_eq!(aws::agent().post(stripe::control(world, "card")).send_json(body).unwrap().status(), 200);
    };

    cards(true);
    let paid = subscription(world, acme, |seen| seen["status"] == "active");
    assert_eq!(paid["plan"], "business");
    move_clock(world, time(&paid["current_period_end"]).duration_since(now(world)) + DAY);
    let overdue = subscription(world, acme, |seen| seen["status"] == "past_due");
    assert_eq!(overdue["plan"], "business", "{overdue:#}");
    let grace = time(&overdue["grace_until"]).duration_since(now(world));
    assert!(DAY * 5 < grace && grace < DAY * 7, "{overdue:#}");
    assert!(!pending(), "the invitation expired");
    let activity = world.get("/team/activity?action=invitation.released").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(activity.body["activity"].as_array().unwrap().len(), 1, "the sweeper released the seat: {activity:#?}");

    move_clock(world, grace + DAY);
    let lapsed = subscription(world, acme, |seen| seen["status"] == "past_due" && seen["plan"] == "free");
    assert_eq!(lapsed["limits"]["members"], 3, "{lapsed:#}");
    cards(false);
    // The last of the three retries comes fifteen days after the failure.
    move_clock(world, DAY * 8);
    let recovered = subscription(world, acme, |seen| seen["status"] == "active");
    assert_eq!((&recovered["plan"], &recovered["grace_until"]), (&json!("business"), &Value::Null), "{recovered:#}");
    stripe::every_delivery_is_accepted(world);
    let examined = world.get("/workspace/doctor").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(examined.body["healthy"], true, "{examined:#?}");
    // The dashboard's clock.
    let date = DateTimeParser::new().parse_timestamp(examined.date.as_ref().unwrap()).unwrap();
    assert!(now(world).duration_since(date).abs() < DAY, "{examined:#?}");
    connecting::a_delivery_is_accepted(world, acme);
}

/// Starts a container of the free plan, which then stops after half an hour without activity.
pub(crate) fn an_idle_container_stops(world: &World) {
    let mine = world.get("/workspaces").by(&world.stranger).send().ok(200);
    let cleos = mine.body["workspaces"].as_array().unwrap().iter().find(|each| each["name"] == "Cleo's").unwrap();
    let cleos = cleos["id"].as_str().unwrap();
    running::command(world, &world.stranger, cleos, "start");
    let reports = |seen: &Value| seen["resources"]["ram_used_mb"].is_u64();
    let running = running::becomes_as(world, (&world.stranger, cleos), reports);
    let uptime = running["uptime"].as_u64().unwrap();
    assert!(uptime < 600, "ECS's times are of the cloud's clock: {running:#}");
    move_clock(world, SignedDuration::from_mins(31));
    let stopped = running::becomes_as(world, (&world.stranger, cleos), |seen| seen["status"] == "stopped");
    assert!(stopped["last_stop_reason"].as_str().unwrap().contains("idle"), "{stopped:#}");
}

/// The container of the free plan is killed, and the emulator reports no event. A start finds that, and so does the absence
/// of reports, within two minutes of a look.
pub(crate) fn a_lost_end_is_found(world: &World) {
    let mine = world.get("/workspaces").by(&world.stranger).send().ok(200);
    let cleos = mine.body["workspaces"].as_array().unwrap().iter().find(|each| each["name"] == "Cleo's").unwrap();
    let cleos = (&world.stranger, cleos["id"].as_str().unwrap());
    let reports = |seen: &Value| seen["status"] == "running" && seen["resources"]["ram_used_mb"].is_u64();
    running::command(world, cleos.0, cleos.1, "start");
    let first = running::becomes_as(world, cleos, reports);

    running::kill_container(world);
    running::becomes_as(world, cleos, |seen| seen["status"] == "running");
    running::command(world, cleos.0, cleos.1, "start");
    let second =
        running::becomes_as(world, cleos, |seen| reports(seen) && seen["container_id"] != first["container_id"]);
    assert_eq!(second["generation"], first["generation"], "the same wish, another task: {second:#}");

    running::kill_container(world);
    move_clock(world, SignedDuration::from_mins(9));
    let third =
        running::becomes_as(world, cleos, |seen| reports(seen) && seen["container_id"] != second["container_id"]);
    assert!(third["last_stop_reason"].is_string(), "{third:#}");
    running::command(world, cleos.0, cleos.1, "stop");
    running::becomes_as(world, cleos, |seen| seen["status"] == "stopped");
}

/// Waits until the subscription matches `wanted`.
fn subscription(world: &World, acme: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    let look = || {
        last = world.get("/billing/subscription").by(&world.ana).to(acme).send().ok(200).body;
        Ok::<_, Infallible>(wanted(&last).then(|| last.clone()))
    };
    let seen = wait_for(Duration::from_secs(20), look).unwrap();
    seen.unwrap_or_else(|| panic!("not within twenty seconds: {last:#}"))
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().unwrap()
}
