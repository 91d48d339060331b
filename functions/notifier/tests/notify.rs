//! The notifier: from notices in the table's stream to inboxes, and what it does with corrupt, late and repeated ones.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use aws_lambda_events::event::dynamodb::Event;
use domain::{identity::access::Role, ids::NotificationId};
use jiff::SignedDuration;
use notifier::Notifier;
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, Fault, Request, World, plan};

const WORKSPACE: &str = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";

fn of_type(world: &World, kind: &str) -> Vec<Value> {
    world.items().into_values().filter(|item| item["_type"] == kind).collect()
}

/// Returns the records of notices in the stream: what the filter of the event source mapping lets through.
fn notices(world: &World) -> Event {
    let mut stream = world.stream();
    let records = stream["Records"].as_array_mut().unwrap();
    records.retain(|record| record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap().starts_with("NOTICE#"));
    serde_json::from_value(stream).unwrap()
}

async fn failures(world: &World, event: Event) -> usize {
    Notifier { live: world.live_deps() }.notify(event).await.batch_item_failures.len()
}

/// Ana's workspace, in which Ben and Cleo have joined. Nobody was notified yet.
async fn joined() -> World {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    // With free seats, no limit is reached.
    world.subscribe(id, plan("pro")).await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    world.join(id, &ANA, &CLEO, Role::Viewer).await;
    world
}

#[tokio::test(start_paused = true)]
async fn notices_of_changes_fill_inboxes_and_are_deleted() {
    let world = joined().await;
    assert_eq!(of_type(&world, "notice").len(), 2);
    let outbox = of_type(&world, "outbox").len();
    assert_eq!(failures(&world, notices(&world)).await, 0);
    assert_eq!((of_type(&world, "notice").len(), of_type(&world, "notification").len()), (0, 3));
    assert_eq!(of_type(&world, "outbox").len(), outbox, "what the outbox relays is left to it");
    // Deletions are in the stream, too.
    assert_eq!(failures(&world, notices(&world)).await, 0);
    assert_eq!(of_type(&world, "notification").len(), 3);
}

/// Invariant 50.
#[tokio::test(start_paused = true)]
async fn crash_before_deleting_notifies_once() {
    let world = joined().await;
    (0..3).for_each(|_| world.plan("DeleteItem", Fault::LoseRequest));
    assert_eq!(failures(&world, notices(&world)).await, 1);
    assert_eq!((of_type(&world, "notice").len(), of_type(&world, "notification").len()), (2, 1));
    assert_eq!(failures(&world, notices(&world)).await, 0);
    assert_eq!((of_type(&world, "notice").len(), of_type(&world, "notification").len()), (0, 3));
}

/// Invariant 27.
#[tokio::test(start_paused = true)]
async fn corrupt_notice_blocks_no_other() {
    let world = World::default();
    world.rename(world.workspace_of(&ANA).await, WORKSPACE);
    world.wait(SignedDuration::from_secs(1));
    let mut event = Request::sample("notifier/corrupt");
    // The ids of the sample are of another year, in which nobody was a member.
    let id: NotificationId = world.ambient().fresh();
    event["Records"][1]["dynamodb"]["NewImage"]["pk"] = json!({"S": format!("NOTICE#{id}")});
    assert_eq!(failures(&world, serde_json::from_value(event).unwrap()).await, 0);
    assert_eq!(of_type(&world, "notification").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_sample_event_is_handled() {
    let world = World::default();
    let event: Event = serde_json::from_value(Request::sample("notifier/notify")).unwrap();
    assert_eq!(failures(&world, event).await, 0, "a workspace that is gone has nobody to notify");
    assert_eq!(of_type(&world, "notification"), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn workspaces_that_are_being_deleted_are_quiet() {
    let world = joined().await;
    let id = world.items().into_keys().find(|(pk, sk)| pk.starts_with("WS#") && sk == "META").unwrap().0;
    world.overwrite_at(&(id, "META".to_owned()), "live", json!({"BOOL": false}));
    assert_eq!(failures(&world, notices(&world)).await, 0);
    assert_eq!((of_type(&world, "notice").len(), of_type(&world, "notification").len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn late_events_are_of_their_own_week() {
    let world = joined().await;
    let event = notices(&world);
    world.wait(SignedDuration::from_hours(24 * 7 * 15));
    assert_eq!(failures(&world, event).await, 0);
    assert_eq!(of_type(&world, "notification").len(), 0, "too late to be shown");
}
