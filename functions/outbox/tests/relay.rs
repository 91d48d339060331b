//! The relay: from the table's stream to the queue, and gone from the table.

#![expect(clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use aws_lambda_events::event::dynamodb::Event;
use outbox::Relay;
use serde_json::{Value, json};
use shared::{
    domain::access::Role,
    testkit::{ANA, BEN, CLEO, Fault, Request, World},
};

fn relay(world: &World) -> Relay {
    Relay { store: world.store(), queues: world.queues() }
}

/// A world in which two were invited, the second of whom takes the last seat, which is told, too; and what its stream has.
async fn invited() -> (World, Event) {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.invitation(id, &ANA, &CLEO, Role::Member).await;
    let event = serde_json::from_value(world.stream()).unwrap();
    (world, event)
}

fn waiting(world: &World) -> usize {
    world.items().keys().filter(|(pk, _)| pk.starts_with("OUTBOX#")).count()
}

async fn failures(relay: &Relay, event: Event) -> Vec<String> {
    let response = relay.relay(event).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier.unwrap()).collect()
}

#[tokio::test]
async fn what_a_change_set_off_is_queued_and_forgotten() {
    let (world, event) = invited().await;
    assert_eq!(waiting(&world), 3);
    assert_eq!(failures(&relay(&world), event).await, Vec::<String>::new());
    let queued = world.queued();
    assert_eq!((queued.len(), waiting(&world)), (3, 0));
    assert_eq!(queued[0]["kind"], "invitation_mail");
    assert!(!format!("{queued:?}").contains('@'), "a message names no address");
}

#[tokio::test]
async fn a_queue_that_fails_loses_nothing() {
    let (world, event) = invited().await;
    (0..3).for_each(|_| world.plan("SendMessage", Fault::ServerError));
    let relay = relay(&world);
    assert_eq!(failures(&relay, event.clone()).await.len(), 1);
    assert_eq!((world.queued().len(), waiting(&world)), (0, 3));
    assert_eq!(failures(&relay, event).await.len(), 0);
    assert_eq!((world.queued().len(), waiting(&world)), (3, 0));
}

#[tokio::test]
async fn a_process_that_ends_before_it_forgets_sends_twice_and_loses_nothing() {
    let (world, event) = invited().await;
    (0..3).for_each(|_| world.plan("DeleteItem", Fault::LoseRequest));
    let relay = relay(&world);
    assert_eq!(failures(&relay, event.clone()).await.len(), 1);
    assert_eq!((world.queued().len(), waiting(&world)), (1, 3));
    assert_eq!(failures(&relay, event).await.len(), 0);
    assert_eq!((world.queued().len(), waiting(&world)), (3, 0));
}

#[tokio::test]
async fn invariant_27_an_item_that_cannot_be_read_holds_nobody_up() {
    let world = World::default();
    let event: Event = serde_json::from_value(Request::sample("outbox/corrupt")).unwrap();
    assert_eq!(failures(&relay(&world), event).await.len(), 0);
    let queued: Vec<Value> = world.queued();
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0]["version"], json!(1));
}

#[tokio::test]
async fn the_sample_event_is_relayed() {
    let world = World::default();
    let event: Event = serde_json::from_value(Request::sample("outbox/relay")).unwrap();
    assert_eq!(failures(&relay(&world), event).await.len(), 0);
    assert_eq!(world.queued().len(), 1);
}
