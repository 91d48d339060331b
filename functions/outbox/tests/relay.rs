//! The relay: moves messages from the table's stream to the queue and deletes them from the table.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong in a test should end it"
)]

use aws_lambda_events::event::dynamodb::Event;
use domain::{
    bounds::pace::{AT_ONCE, SPACING},
    identity::access::Role,
    ids::WorkspaceId,
    outbox::Message,
};
use outbox::Relay;
use serde_json::{Map, Value, json};
use testkit::{ANA, BEN, CLEO, Fault, Person, QueuedMessage, Request, World, plan};
use workers::relay::NEW_WITHIN;

fn relay(world: &World) -> Relay {
    Relay { store: world.store(), queues: world.queues() }
}

/// Creates a world with two invitations, the second of which takes the last seat and so notifies, and returns its stream.
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

#[tokio::test(start_paused = true)]
async fn messages_of_a_change_are_queued_and_deleted() {
    let (world, event) = invited().await;
    assert_eq!(waiting(&world), 3);
    assert_eq!(failures(&relay(&world), event).await, Vec::<String>::new());
    let queued = world.queued();
    assert_eq!((queued.len(), waiting(&world)), (3, 0));
    assert_eq!(queued[0]["kind"], "invitation_mail");
    assert!(!format!("{queued:?}").contains('@'), "a message names no address");
}

/// Invariant 32.
#[tokio::test(start_paused = true)]
async fn a_queue_that_fails_loses_nothing() {
    let (world, event) = invited().await;
    (0..3).for_each(|_| world.plan("SendMessage", Fault::ServerError));
    let relay = relay(&world);
    assert_eq!(failures(&relay, event.clone()).await.len(), 1);
    assert_eq!((world.queued().len(), waiting(&world)), (0, 3));
    assert_eq!(failures(&relay, event).await.len(), 0);
    assert_eq!((world.queued().len(), waiting(&world)), (3, 0));
}

/// Invariant 32.
#[tokio::test(start_paused = true)]
async fn crash_before_deleting_sends_twice_and_loses_nothing() {
    let (world, event) = invited().await;
    (0..3).for_each(|_| world.plan("DeleteItem", Fault::LoseRequest));
    let relay = relay(&world);
    assert_eq!(failures(&relay, event.clone()).await.len(), 1);
    assert_eq!((world.queued().len(), waiting(&world)), (1, 3));
    assert_eq!(failures(&relay, event).await.len(), 0);
    assert_eq!((world.queued().len(), waiting(&world)), (3, 0));
}

/// Invariant 27.
#[tokio::test(start_paused = true)]
async fn corrupt_item_blocks_no_other() {
    let world = World::default();
    let event: Event = serde_json::from_value(Request::sample("outbox/corrupt")).unwrap();
    assert_eq!(failures(&relay(&world), event).await.len(), 0);
    let queued: Vec<Value> = world.queued();
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0]["version"], json!(1));
}

#[tokio::test(start_paused = true)]
async fn the_sample_event_is_relayed() {
    let world = World::default();
    let event: Event = serde_json::from_value(Request::sample("outbox/relay")).unwrap();
    assert_eq!(failures(&relay(&world), event).await.len(), 0);
    assert_eq!(world.queued().len(), 1);
}

/// Returns a value in the format of the stream.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::Object(fields) => json!({"M": attributes(fields)}),
        Value::String(text) => json!({"S": text}),
        Value::Null | Value::Bool(_) | Value::Array(_) => panic!("no message has {value}"),
    }
}

fn attributes(fields: &Map<String, Value>) -> Value {
    fields.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

/// Returns a stream record of an outbox item for each of these messages.
fn records(messages: impl IntoIterator<Item = Value>) -> Event {
    let mut event = Request::sample("outbox/relay");
    let record = event["Records"][0].clone();
    let records = messages.into_iter().map(|message| {
        let mut record = record.clone();
        record["dynamodb"]["NewImage"]["message"] = attribute(&message);
        record
    });
    event["Records"] = records.collect();
    serde_json::from_value(event).unwrap()
}

fn event_of(world: &World, workspace: WorkspaceId) -> Value {
    let event: domain::ids::EventId = world.ambient().fresh();
    let occurrence = json!({"type": "runtime.started", "facts": {"generation": 1}});
    json!({"kind": "event", "workspace": workspace, "event": event, "occurrence": occurrence, "at": world.clock.now()})
}

fn mail_of(workspace: WorkspaceId) -> Value {
    json!({"kind": "invitation_mail", "workspace": workspace, "invitation": "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z", "version": 1})
}

fn of(workspace: WorkspaceId, messages: &[QueuedMessage]) -> Vec<u64> {
    let group = workspace.to_string();
    messages.iter().filter(|message| message.group.as_ref() == Some(&group)).map(|message| message.delay).collect()
}

/// Asserts that at most a few messages of `crowd` can be received before the first one of `other`, and that none is lost.
#[track_caller]
fn assert_fair(crowd: WorkspaceId, other: WorkspaceId, count: u64, messages: &[QueuedMessage]) {
    let ahead = u64::from(AT_ONCE.unsigned_abs());
    assert_eq!(of(other, messages), [0]);
    let later = (1..=count - ahead).map(|n| n * SPACING.as_secs().unsigned_abs());
    let wanted: Vec<_> = (0..ahead).map(|_| 0).chain(later).collect();
    let delays = of(crowd, messages);
    assert_eq!(delays, wanted);
    let in_front = messages.iter().take_while(|message| message.group != Some(other.to_string()));
    assert!(in_front.filter(|message| message.delay == 0).count() <= 3);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_invitations_leaves_three_mails_in_front() {
    let world = World::default();
    let (crowd, other) = (world.workspace_of(&ANA).await, world.workspace_of(&BEN).await);
    world.subscribe(crowd, plan("enterprise")).await;
    for n in 0..100 {
        let email: &'static str = Box::leak(format!("guest{n}@example.com").into_boxed_str());
        let guest = Person { subject: "guest", email, name: "Guest", verified: true };
        assert!(world.try_invite(crowd, &ANA, guest, Role::Viewer).await);
    }
    world.invitation(other, &BEN, &CLEO, Role::Member).await;
    let mut mails: Vec<_> = world
        .items()
        .into_values()
        .filter(|item| item["message"]["kind"] == "invitation_mail")
        .map(|item| item["message"].clone())
        .collect();
    // In the order of the stream, the crowd's messages come first.
    mails.sort_by_key(|mail| mail["workspace"] == json!(other));
    assert_eq!(mails.len(), 101);
    assert_eq!(failures(&relay(&world), records(mails)).await.len(), 0);
    assert_fair(crowd, other, 100, &world.messages());
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_events_leaves_three_deliveries_in_front() {
    let world = World::default();
    let (crowd, other) = (world.workspace_of(&ANA).await, world.workspace_of(&BEN).await);
    let events = (0..100).map(|_| event_of(&world, crowd)).chain([event_of(&world, other)]);
    assert_eq!(failures(&relay(&world), records(events)).await.len(), 0);
    assert_fair(crowd, other, 100, &world.messages());
}

#[tokio::test(start_paused = true)]
async fn turns_at_one_queue_take_none_at_another() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let mails = (0..20).map(|_| mail_of(id));
    assert_eq!(failures(&relay(&world), records(mails)).await.len(), 0);
    assert_eq!(of(id, &world.messages()).last(), Some(&17));
    assert_eq!(failures(&relay(&world), records([event_of(&world, id)])).await.len(), 0);
    assert_eq!(of(id, &world.messages()), [0]);
    // An idle workspace accumulates no turns.
    world.wait(SPACING * 3600);
    assert_eq!(failures(&relay(&world), records((0..5).map(|_| mail_of(id)))).await.len(), 0);
    assert_eq!(of(id, &world.messages()), [0, 0, 0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_turn_is_far_away_stays_in_the_table() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let near = NEW_WITHIN.as_secs().unsigned_abs() + u64::from(AT_ONCE.unsigned_abs());
    drop(world.calls());
    let mails = (0..near + 50).map(|_| mail_of(id));
    assert_eq!(failures(&relay(&world), records(mails)).await.len(), 0, "none fails");
    let delays = of(id, &world.messages());
    assert_eq!((delays.len() as u64, delays.last()), (near, Some(&NEW_WITHIN.as_secs().unsigned_abs())));
    let calls = world.calls();
    assert_eq!(u64::from(calls["DeleteItem"]), near, "no other item is deleted");
    // The first turn takes one write, each other two; a message that stays takes one.
    assert_eq!(u64::from(calls["UpdateItem"]), 1 + 2 * (near - 1) + 50);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_cannot_be_counted_comes_at_once() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    (0..30).for_each(|_| world.plan("UpdateItem", Fault::ServerError));
    let mails = (0..10).map(|_| mail_of(id));
    assert_eq!(failures(&relay(&world), records(mails)).await.len(), 0);
    assert_eq!(of(id, &world.messages()), [0; 10]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_delays_later_messages_only() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.plan("UpdateItem", Fault::LoseReply);
    let mails = (0..4).map(|_| mail_of(id));
    assert_eq!(failures(&relay(&world), records(mails)).await.len(), 0);
    assert_eq!(of(id, &world.messages()), [0, 0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn the_start_of_a_runtime_takes_no_turn() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    drop(world.calls());
    let starts = (0..5).map(|generation| json!({"kind": "reconcile", "workspace": id, "generation": generation}));
    assert_eq!(failures(&relay(&world), records(starts)).await.len(), 0);
    assert_eq!((of(id, &world.messages()), world.calls().get("UpdateItem")), (vec![0; 5], None));
}

#[tokio::test(start_paused = true)]
async fn every_message_has_its_workspace_as_its_group() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let delivery = domain::ids::DeliveryId::of(world.ambient().fresh(), "webhook");
    let messages = [
        mail_of(id),
        json!({"kind": "integration_mail", "workspace": id, "integration": "slack", "version": 1}),
        json!({"kind": "reconcile", "workspace": id, "generation": 1}),
        event_of(&world, id),
        json!({"kind": "delivery", "workspace": id, "integration": "webhook", "delivery": delivery}),
    ];
    for body in messages {
        let message: Message = serde_json::from_value(body.clone()).unwrap();
        world.queues().send(&message).await.unwrap();
        let queue = format!("{:?}", message.queue()).to_lowercase();
        let queued = |queue: &str, delay| QueuedMessage {
            queue: queue.to_owned(),
            group: Some(id.to_string()),
            delay,
            body: serde_json::to_value(&message).unwrap(),
        };
        assert_eq!(world.messages(), [queued(&queue, 0)], "{body}");
        if let Message::Deliver(again) = &message {
            world.delivery_deps().later.send(again, SPACING).await.unwrap();
            assert_eq!(world.messages(), [queued("deliver", 1)], "{body}");
        }
    }
}
