//! The sweeper on the embedded table: due items are handled once, despite concurrency and crashes.

use domain::{
    bounds::pace::SPACING,
    identity::access::Role,
    ids::{DeliveryId, WorkspaceId},
    integrations::{IntegrationType, Occurrence},
    outbox::Queue,
    runtime::heartbeat::Figures,
    runtime::record::RuntimeCommand,
};
use futures::future::join_all;
use insta::assert_snapshot;
use integrations::IntegrationDeps;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{runtime, team};
use std::collections::BTreeSet;
use store::due;
use sweeper::{SHARE, SweepSummary, Sweeper};
use testkit::{ANA, BEN, Behaviour, CLEO, Chances, Fault, Moment, Person, QueuedMessage, Request, Shop, World, plan};
use workers::{relay::DUE_WITHIN, runtime::ImageReports};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
const QUARTER: SignedDuration = SignedDuration::from_mins(15);

pub(crate) fn sweeper(world: &World) -> Sweeper {
    // No test here calls Stripe.
    let billing = world.billing_deps("http://127.0.0.1:9");
    Sweeper {
        notary: world.notary(),
        live: world.live_deps(),
        store: world.store(),
        queues: world.queues(),
        secrets: world.integration_secrets(),
        billing,
        events: world.stripe_events(),
        image: ImageReports::Expected,
    }
}

/// Like [`sweeper`], with the Stripe of `shop`.
pub(crate) fn sweeper_of(shop: &Shop) -> Sweeper {
    Sweeper { billing: shop.billing_deps(), ..sweeper(&shop.world) }
}

/// Runs a minute's sweep. What it cannot do now is due again.
pub(crate) async fn minute_passes(shop: &Shop) {
    let world = &shop.world;
    world.wait(SignedDuration::from_mins(1));
    let until = world.clock.now() + SignedDuration::from_secs(35);
    let _ = sweeper_of(shop).sweep("sweep", until).await;
}

/// Runs a sweep without a time limit.
pub(crate) async fn sweep(world: &World) -> SweepSummary {
    let until = world.clock.now() + SignedDuration::from_secs(35);
    sweeper(world).sweep("sweep", until).await.unwrap()
}

pub(crate) fn done(done: u64) -> SweepSummary {
    SweepSummary { done, ..SweepSummary::default() }
}

fn of_type(world: &World, kind: &str) -> Vec<Value> {
    world.items().into_values().filter(|item| item["_type"] == kind).collect()
}

/// Creates a workspace of Ana's with invitations for `guests`, whose e-mails are relayed.
async fn invited(world: &World, guests: &[Person]) -> WorkspaceId {
    let id = world.workspace_of(&ANA).await;
    for guest in guests {
        world.invitation(id, &ANA, guest, Role::Member).await;
    }
    world.wait(SignedDuration::from_mins(1));
    sweep(world).await;
    drop(world.queued());
    world.changes();
    id
}

fn router(world: &World) -> axum::Router {
    let (store, secrets) = (world.store(), world.integration_secrets());
    let integrations = IntegrationDeps { store, secrets, courier: world.courier() };
    integrations::router(integrations, world.claim_rules())
}

/// Creates a workspace whose webhook was not set up: its secret was created, and the process ended before the change.
async fn orphaned(world: &World) -> WorkspaceId {
    let id = world.workspace_of(&ANA).await;
    world.plan("TransactWriteItems", Fault::Pass);
    (0..3).for_each(|_| world.plan("TransactWriteItems", Fault::LoseRequest));
    let answer = world.send(&router(world), Request::event("integrations/set-up").within(id)).await;
    assert_eq!((answer.status.as_u16(), world.secrets().len()), (503, 1));
    id
}

/// Invariant 16.
#[tokio::test]
async fn runtime_past_its_deadline_is_enqueued() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    runtime::command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
        .await
        .unwrap();
    world.wait(SignedDuration::from_mins(1));
    assert_eq!(sweep(&world).await, done(1), "the command's own message");
    drop(world.queued());
    world.wait(SignedDuration::from_mins(8));
    assert_eq!(sweep(&world).await, done(0), "a start has ten minutes");
    world.wait(SignedDuration::from_mins(1));
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!(world.queued(), [json!({"kind": "reconcile", "workspace": id, "generation": 1})]);
}

/// Invariant 29.
#[tokio::test]
async fn idle_runtime_stops_within_two_minutes() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    runtime::command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
        .await
        .unwrap();
    Box::pin(workers::runtime::reconcile_runtime(&world.reconciler_deps(), id)).await.unwrap();
    let token = world.tasks()[0].environment["BERTH_RUNTIME_TOKEN"].clone();
    let figures = Figures::new(100, 1.0).unwrap();
    workers::runtime::record_report(&world.store(), &world.runtime_key(), &token, figures, true).await.unwrap();
    world.wait(SignedDuration::from_mins(30) - SignedDuration::from_millis(1));
    // The container has missed reports by now.
    sweep(&world).await;
    drop(world.queued());
    assert_eq!(sweep(&world).await, done(0));
    world.wait(SignedDuration::from_millis(1));
    // The other item is the runtime, which would be stopped now if its container had never reported.
    assert_eq!(sweep(&world).await, done(2));
    drop(world.queued());
    world.wait(SignedDuration::from_mins(1));
    // The messages about the silence and about the stop, which the stream relays as a rule.
    assert_eq!(sweep(&world).await, done(2));
    assert!(world.queued().contains(&json!({"kind": "reconcile", "workspace": id, "generation": 2})));
}

/// Invariants 29 and 32.
#[tokio::test]
async fn missed_message_is_relayed_within_two_minutes() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.invitation(id, &ANA, &BEN, Role::Member).await;
    assert_eq!(sweep(&world).await, done(0), "the stream has a minute");
    world.wait(SignedDuration::from_mins(1));
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!((world.queued().len(), of_type(&world, "outbox").len()), (1, 0));
    assert_eq!(sweep(&world).await, done(0));
}

/// Invariant 32.
#[tokio::test]
async fn due_letter_is_requested_again_until_it_is_sent() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.notify_members().await;
    drop(world.queued());
    let requested = || {
        let mails = world.queued().into_iter();
        mails.filter(|message| message["kind"] == "notification_mail").collect::<Vec<_>>()
    };
    // It is noon on 21 November.
    world.wait(SignedDuration::from_hours(20) - SignedDuration::from_secs(1));
    sweep(&world).await;
    assert_eq!(requested(), Vec::<Value>::new());
    for minutes in [0, 10, 10] {
        world.wait(SignedDuration::from_mins(minutes) + SignedDuration::from_secs(1));
        let wanted = json!({"kind": "notification_mail", "workspace": id, "member": ANA.id(), "version": 1});
        assert_eq!((sweep(&world).await, requested()), (done(1), vec![wanted]));
        assert_eq!((sweep(&world).await, requested()), (done(0), vec![]), "it has ten minutes to be sent");
    }
}

#[tokio::test]
async fn notice_that_the_stream_missed_reaches_the_inbox() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    assert_eq!((of_type(&world, "notice").len(), of_type(&world, "notification").len()), (1, 0));
    world.wait(SignedDuration::from_secs(59));
    sweep(&world).await;
    assert_eq!(of_type(&world, "notice").len(), 1, "the stream has a minute");
    world.wait(SignedDuration::from_secs(2));
    sweep(&world).await;
    sweep(&world).await;
    assert_eq!((of_type(&world, "notice").len(), of_type(&world, "notification").len()), (0, 1));
}

/// Invariant 29.
#[tokio::test]
async fn due_delivery_is_enqueued_until_it_begins() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    // On the plan free the webhook would reach the limit, which would notify as well.
    world.subscribe(id, plan("pro")).await;
    assert!(world.send(&router(&world), Request::event("integrations/set-up").within(id)).await.status.is_success());
    world.receivers.plan(Behaviour::Status(500));
    let (event, at) = (world.store().ambient().fresh(), world.clock.now());
    let what = domain::integrations::delivery::NewEvent {
        id: event,
        occurrence: Occurrence::RuntimeFailed { generation: 1, reason: None },
        at,
    };
    workers::integrations::deliver_event(&world.delivery_deps(), id, what, "test").await.unwrap();
    drop(world.queued());
    assert_eq!(sweep(&world).await, done(0), "the delivery is due in five seconds");
    world.wait(SignedDuration::from_hours(48));
    assert_eq!((sweep(&world).await, sweep(&world).await), (done(1), done(1)));
    let delivery = DeliveryId::of(event, "webhook");
    let wanted = json!({"kind": "delivery", "workspace": id, "integration": "webhook", "delivery": delivery});
    assert_eq!(world.queued(), [wanted.clone(), wanted]);
    workers::integrations::retry_delivery(&world.delivery_deps(), id, IntegrationType::Webhook, delivery, "test")
        .await
        .unwrap();
    assert_eq!((sweep(&world).await, world.receivers.take().len()), (done(0), 2));
}

/// Invariant 29.
#[tokio::test]
async fn expired_invitation_frees_seat_and_address() {
    let world = World::default();
    let id = invited(&world, &[BEN]).await;
    world.wait(WEEK - SignedDuration::from_mins(1) - SignedDuration::from_millis(1));
    assert_eq!(sweep(&world).await, done(0), "it can still be accepted");
    world.wait(SignedDuration::from_millis(1));
    assert_eq!(sweep(&world).await, done(1));
    assert_snapshot!(world.changes());
    assert_eq!(sweep(&world).await, done(0));
    world.invitation(id, &ANA, &BEN, Role::Member).await;
}

/// Invariant 34.
#[tokio::test(start_paused = true)]
async fn unreferenced_secret_is_deleted_despite_sweeper_crashes() {
    let calls = ["Query", "BatchGetItem", "TransactWriteItems", "DeleteSecret", "DeleteItem"];
    for fault in [Fault::LoseRequest, Fault::LoseReply] {
        for operation in calls {
            let world = World::default();
            orphaned(&world).await;
            assert_eq!(sweep(&world).await, done(0), "its creator may still be running");
            world.wait(QUARTER);
            // Enough faults for the three attempts of every bucket.
            (0..24).for_each(|_| world.plan(operation, fault));
            let until = world.clock.now() + QUARTER;
            let first = sweeper(&world).sweep("sweep", until).await;
            assert!(first.is_err() || first.is_ok_and(|swept| swept.failed == 1), "{fault:?} of {operation}");
            world.forget_plans();
            sweep(&world).await;
            assert_eq!((world.secrets().len(), of_type(&world, "orphan").len()), (0, 0), "{fault:?} of {operation}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_taken_at_the_last_moment_is_left() {
    let world = World::default();
    let id = orphaned(&world).await;
    world.wait(QUARTER);
    // The sweeper cannot distinguish this from the note's deletion, and waits no longer.
    world.after_all("BatchGetItem", id, "SECRET#", "fate", json!({"S": "taken"}));
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!(world.secrets().len(), 1);
}

#[tokio::test]
async fn items_postponed_since_the_index_read_are_left() {
    let world = World::default();
    let id = invited(&world, &[BEN]).await;
    // The checkpoint of the audit log is due on the first day.
    let day = SignedDuration::from_hours(24);
    world.wait(day);
    assert_eq!(sweep(&world).await, done(0));
    world.wait(WEEK - day);
    let later = (world.clock.now() + WEEK).as_millisecond().to_string();
    // The invitation is resent between the read of the index and the read of the item, in any bucket.
    for bucket in due::buckets() {
        world.overwrite_all(id, "INVITE#", "due_at", json!({"N": "1"}));
        world.after_all("Query", id, "INVITE#", "due_at", json!({"N": later}));
        assert_eq!(world.store().due(bucket, world.clock.now(), None).await.unwrap().items, []);
    }
    world.overwrite_all(id, "INVITE#", "due_at", json!({"N": "1"}));
    // The invitation is resent between the read of the item and the change.
    world.after_all("BatchGetItem", id, "INVITE#", "due_at", json!({"N": later}));
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!((of_type(&world, "invitation").len(), of_type(&world, "address").len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn failing_item_blocks_no_other() {
    let world = World::default();
    let corrupt = invited(&world, &[CLEO]).await;
    orphaned(&world).await;
    let id = invited(&world, &[BEN]).await;
    world.subscribe(id, plan("pro")).await;
    world.overwrite(id, "SUBSCRIPTION", "_type", json!({"S": "of_the_future"}));
    world.wait(SignedDuration::from_hours(31 * 24));
    world.overwrite_all(corrupt, "INVITE#", "_v", json!({"N": "9"}));
    (0..3).for_each(|_| world.plan("DeleteSecret", Fault::ServerError));
    assert_eq!(
        sweep(&world).await,
        SweepSummary { done: 1, failed: 1, corrupt: 1, foreign: 1, ..SweepSummary::default() }
    );
    assert_eq!((of_type(&world, "invitation").len(), world.secrets().len()), (1, 1), "Ben's is released");
    assert_eq!(sweep(&world).await, SweepSummary { done: 1, corrupt: 1, foreign: 1, ..SweepSummary::default() });
    assert_eq!(world.secrets().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn unreadable_bucket_is_reported_and_blocks_no_other() {
    let world = World::default();
    world.invitation(world.workspace_of(&ANA).await, &ANA, &BEN, Role::Member).await;
    world.wait(SignedDuration::from_mins(1));
    for _ in 0..24 {
        world.plan("Query", Fault::ServerError);
    }
    let until = world.clock.now() + QUARTER;
    let error = sweeper(&world).sweep("sweep", until).await.unwrap_err();
    assert_eq!(error.to_string(), "the due items could not be read");
    assert_eq!(sweep(&world).await, done(1));
}

/// Invariant 1.
#[tokio::test(start_paused = true)]
async fn parallel_sweepers_release_each_seat_once() {
    for seed in 0..30 {
        let world = World::seeded(seed);
        let id = invited(&world, &[BEN, CLEO]).await;
        world.wait(WEEK);
        let guest = |n: usize| {
            let email: &'static str = ["dan@example.com", "eve@example.com", "fay@example.com"][n];
            Person { subject: "guest", email, name: "Guest", verified: true }
        };
        world.set_fault_chances(Chances::HIGH);
        let invites = (0..3).map(|n| world.try_invite(id, &ANA, guest(n), Role::Viewer));
        let until = world.clock.now() + QUARTER;
        let (one, other) = (sweeper(&world), sweeper(&world));
        let (_, _, invited) = tokio::join!(one.sweep("one", until), other.sweep("other", until), join_all(invites));
        world.clear_fault_chances();
        // Leftovers of the faults: e-mails, and seats of expired invitations.
        world.wait(SignedDuration::from_mins(2));
        sweep(&world).await;
        sweep(&world).await;
        let made = invited.iter().filter(|made| **made).count();
        let (invitations, addresses) = (of_type(&world, "invitation").len(), of_type(&world, "address").len());
        let seats = of_type(&world, "workspace").first().unwrap()["seat_count"].as_u64().unwrap();
        assert!(made <= 2 && invitations >= made, "seed {seed}: {made} made");
        assert_eq!((addresses, seats), (invitations + 1, invitations as u64 + 1), "seed {seed}");
        let released: usize = world
            .items()
            .values()
            .map(|item| match item["action"].as_str() {
                Some("invitation.released") => 1,
                Some("invitation.created") => {
                    let after: Value = serde_json::from_str(item["after"].as_str().unwrap()).unwrap();
                    after["released_invitations"].as_array().map_or(0, Vec::len)
                }
                _ => 0,
            })
            .sum();
        assert_eq!(released, 2, "seed {seed}: each release is recorded once");
        assert_eq!(of_type(&world, "outbox").len(), 0, "seed {seed}");
    }
}

/// Creates an enterprise of Ana's in which Ben, as an owner, has invited this many owners, and is an admin now.
async fn demoted_after(world: &World, invitations: usize) -> WorkspaceId {
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("enterprise")).await;
    world.join(id, &ANA, &BEN, Role::Owner).await;
    for n in 0..invitations {
        let email: &'static str = Box::leak(format!("guest{n}@example.com").into_boxed_str());
        let guest = Person { subject: "guest", email, name: "Guest", verified: true };
        assert!(world.try_invite(id, &BEN, guest, Role::Owner).await);
    }
    team::change_role(&world.store(), &ANA.caller(), id, (BEN.id(), Role::Admin)).await.unwrap();
    id
}

#[tokio::test]
async fn oversized_revocation_is_finished_in_the_next_minute() {
    let world = World::default();
    let id = demoted_after(&world, 90).await;
    assert_eq!(of_type(&world, "invitation").len(), 50, "forty fit into the transaction");
    world.assert_counters_consistent("demoted");
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!((of_type(&world, "invitation").len(), of_type(&world, "revocation").len()), (0, 0));
    world.assert_counters_consistent("swept");
    let records = world.items().into_values().filter(|item| item["action"] == "invitation.revoked");
    let on_behalf: Vec<_> = records.map(|record| record["actor"].clone()).collect();
    assert_eq!(on_behalf, vec![json!(ANA.id()); 50]);
    assert_eq!(sweep(&world).await, done(0));
    world.invitation(id, &BEN, &CLEO, Role::Admin).await;
}

/// Invariant 30.
#[tokio::test]
async fn invitation_made_during_a_demotion_is_revoked_if_forbidden() {
    let world = World::default();
    let id = demoted_after(&world, 0).await;
    world.invitation(id, &BEN, &CLEO, Role::Admin).await;
    let dan = Person { email: "dan@example.com", ..CLEO };
    world.invitation(id, &BEN, &dan, Role::Viewer).await;
    world.overwrite_all(id, "INVITE#", "role", json!({"S": "owner"}));
    let (bens, _) = world.invitation(id, &BEN, &Person { email: "eve@example.com", ..CLEO }, Role::Admin).await;
    world.invitation(id, &ANA, &Person { email: "fay@example.com", ..CLEO }, Role::Owner).await;
    assert_eq!(sweep(&world).await, done(1));
    let left = of_type(&world, "invitation");
    let left: BTreeSet<_> = left.iter().map(|item| item["email"].as_str().unwrap()).collect();
    assert_eq!(left, BTreeSet::from(["eve@example.com", "fay@example.com"]), "{bens}");
    world.assert_counters_consistent("swept");
}

#[tokio::test(start_paused = true)]
async fn a_revocation_is_finished_wherever_the_sweeper_ends() {
    for fault in [Fault::LoseRequest, Fault::LoseReply, Fault::Conflict] {
        for after in [0, 1, 7, 10] {
            let world = World::default();
            demoted_after(&world, 50).await;
            (0..after).for_each(|_| world.plan("TransactWriteItems", Fault::Pass));
            (0..40).for_each(|_| world.plan("TransactWriteItems", fault));
            sweep(&world).await;
            world.forget_plans();
            world.assert_counters_consistent(format!("{fault:?} after {after}"));
            sweep(&world).await;
            assert_eq!((of_type(&world, "invitation").len(), of_type(&world, "revocation").len()), (0, 0));
            world.assert_counters_consistent(format!("{fault:?} after {after}, done"));
        }
    }
}

#[tokio::test]
async fn a_revocation_is_finished_wherever_the_process_ends() {
    let mut ended = 0;
    for moment in [Moment::Before, Moment::After] {
        for call in 0..30 {
            let world = World::default();
            let id = demoted_after(&world, 0).await;
            for email in ["dan@example.com", "eve@example.com", "fay@example.com"] {
                world.invitation(id, &BEN, &Person { email, ..CLEO }, Role::Admin).await;
            }
            world.overwrite_all(id, "INVITE#", "role", json!({"S": "owner"}));
            let until = world.clock.now() + SignedDuration::from_secs(35);
            ended += u32::from(world.crashing(call, moment, sweeper(&world).sweep("sweep", until)).await.is_none());
            world.assert_counters_consistent(format!("{moment:?} {call}"));
            sweep(&world).await;
            assert_eq!((of_type(&world, "invitation").len(), of_type(&world, "revocation").len()), (0, 0));
            world.assert_counters_consistent(format!("{moment:?} {call}, done"));
        }
    }
    assert!(ended > 20, "{ended} ended midway");
}

#[tokio::test]
async fn inviter_with_a_restored_role_keeps_their_invitations() {
    let world = World::default();
    let id = demoted_after(&world, 50).await;
    team::change_role(&world.store(), &ANA.caller(), id, (BEN.id(), Role::Owner)).await.unwrap();
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!((of_type(&world, "invitation").len(), of_type(&world, "revocation").len()), (10, 0));
    // Ben gets the role back while the sweeper runs.
    let world = World::default();
    let id = demoted_after(&world, 50).await;
    world.after("TransactWriteItems", id, format!("MEMBER#{}", BEN.id()), "role", json!({"S": "owner"}));
    assert_eq!(sweep(&world).await, SweepSummary { failed: 1, ..SweepSummary::default() });
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!((of_type(&world, "invitation").len(), of_type(&world, "revocation").len()), (9, 0));
}

#[tokio::test]
async fn newer_revocation_note_is_not_deleted() {
    let world = World::default();
    let id = demoted_after(&world, 41).await;
    let note = format!("REVOKE#{}", BEN.id());
    world.after("TransactWriteItems", id, note, "id", json!({"S": "rev_01K9ZX3V8Q4M7N2P5R6S8T9W0Z"}));
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!(of_type(&world, "revocation").len(), 1, "Ben was demoted again in the meantime");
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!(of_type(&world, "revocation").len(), 0);
}

#[tokio::test]
async fn two_resends_at_once_are_two_versions() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.after("BatchGetItem", id, format!("INVITE#{invitation}"), "version", json!({"N": "2"}));
    team::resend_invitation(&world.store(), &ANA.caller(), id, invitation, None).await.unwrap();
    let sent = of_type(&world, "invitation").remove(0);
    assert_eq!(sent["version"], json!(3), "the other's mail is sent with the second");
}

// On a paused clock no call times out because the machine is busy.
/// Invariant 29.
#[tokio::test(start_paused = true)]
async fn two_days_of_waiting_are_caught_up_with_in_pages() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("enterprise")).await;
    for n in 0..300 {
        let email: &'static str = Box::leak(format!("guest{n}@example.com").into_boxed_str());
        let guest = Person { subject: "guest", email, name: "Guest", verified: true };
        assert!(world.try_invite(id, &ANA, guest, Role::Viewer).await);
        if n % 100 == 99 {
            // The budget of an hour.
            world.wait(SignedDuration::from_hours(1));
        }
    }
    world.wait(WEEK + SignedDuration::from_hours(48));
    drop(world.queued());
    assert_eq!(sweeper(&world).sweep("sweep", world.clock.now()).await.unwrap(), done(0), "there is no time left");
    assert_eq!(sweep(&world).await, done(600));
    assert_eq!((world.queued().len(), of_type(&world, "invitation").len()), (300, 0));
    assert_eq!(of_type(&world, "workspace").first().unwrap()["seat_count"], json!(1));
}

/// Creates a world in which a workspace of Ana's has 300 unrelayed invitations, and one of Ben's a later one. All are in one
/// bucket, so that each is behind the earlier ones.
async fn crowded() -> (World, WorkspaceId, WorkspaceId) {
    let world = World::default();
    let crowd = world.workspace_of(&ANA).await;
    world.subscribe(crowd, plan("enterprise")).await;
    for n in 0..300 {
        let email: &'static str = Box::leak(format!("guest{n}@example.com").into_boxed_str());
        let guest = Person { subject: "guest", email, name: "Guest", verified: true };
        assert!(world.try_invite(crowd, &ANA, guest, Role::Viewer).await);
        if n % 100 == 99 {
            world.wait(SignedDuration::from_hours(1));
        }
    }
    let other = world.workspace_of(&BEN).await;
    world.invitation(other, &BEN, &CLEO, Role::Member).await;
    world.wait(SignedDuration::from_mins(1));
    for (key, item) in world.items() {
        if item.get("_type").is_some_and(|kind| kind == "outbox") {
            world.overwrite_at(&key, "due_bucket", json!({"S": "DUE#0"}));
        }
    }
    (world, crowd, other)
}

fn groups(messages: &[QueuedMessage]) -> Vec<String> {
    messages.iter().map(|message| message.group.clone().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_due_things_leaves_a_share_in_front() {
    let (world, crowd, other) = crowded().await;
    assert_eq!(sweep(&world).await, done(301), "the crowd's are done, too");
    let messages = world.messages();
    let at = groups(&messages).iter().position(|group| *group == other.to_string()).unwrap();
    assert!(at <= SHARE, "{at} are in front");
    assert_eq!(messages[at].delay, 0);
    let visible = messages[..at].iter().filter(|message| message.delay == 0).count();
    assert!(visible <= 3, "{visible} can be received first");
    assert_eq!(messages.iter().filter(|message| message.group == Some(crowd.to_string())).count(), 300);
    assert_eq!(of_type(&world, "outbox").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn items_beyond_the_time_limit_stay_due() {
    let (world, _, other) = crowded().await;
    let until = world.clock.now() + SignedDuration::from_secs(35);
    let sweeper = sweeper(&world);
    let mut first = Vec::new();
    let time_passes = async {
        // Until more than the first shares are handled.
        while first.len() <= SHARE + 1 {
            tokio::task::yield_now().await;
            first.extend(world.messages());
        }
        world.wait(QUARTER);
    };
    let (swept, ()) = tokio::join!(sweeper.sweep("sweep", until), time_passes);
    let swept = swept.unwrap();
    assert!(groups(&first).contains(&other.to_string()));
    assert!(swept.done < 100, "{swept:?}: nothing begins after the time is up");
    assert_eq!(of_type(&world, "outbox").len() as u64, 301 - swept.done);
    assert_eq!(sweep(&world).await, done(301 - swept.done));
    assert_eq!(of_type(&world, "outbox").len(), 0);
}

#[tokio::test]
async fn messages_without_a_near_turn_wait_in_the_table() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    while world.store().take_turn(id, Queue::Mail, DUE_WITHIN).await.unwrap().is_some() {}
    world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.wait(SignedDuration::from_mins(1));
    // The minute has freed a turn, which another message takes before the sweeper.
    while world.store().take_turn(id, Queue::Mail, DUE_WITHIN).await.unwrap().is_some() {}
    assert_eq!(sweep(&world).await, SweepSummary { waiting: 1, ..SweepSummary::default() });
    assert_eq!((world.queued().len(), of_type(&world, "outbox").len()), (0, 1));
    world.wait(SPACING);
    assert_eq!(sweep(&world).await, done(1));
    assert_eq!(world.messages()[0].delay, DUE_WITHIN.as_secs().unsigned_abs());
    assert_eq!(of_type(&world, "outbox").len(), 0);
}

#[tokio::test]
async fn a_delivery_whose_turn_comes_later_is_asked_for_once() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("pro")).await;
    assert!(world.send(&router(&world), Request::event("integrations/set-up").within(id)).await.status.is_success());
    let mut events = Vec::new();
    for _ in 0..5 {
        world.receivers.plan(Behaviour::Status(500));
        let (event, at) = (world.store().ambient().fresh(), world.clock.now());
        let what = domain::integrations::delivery::NewEvent {
            id: event,
            occurrence: Occurrence::RuntimeFailed { generation: 1, reason: None },
            at,
        };
        workers::integrations::deliver_event(&world.delivery_deps(), id, what, "test").await.unwrap();
        events.push(event);
    }
    world.wait(SignedDuration::from_hours(1));
    drop((world.queued(), world.receivers.take()));
    assert_eq!(sweep(&world).await, done(5));
    let mut messages = world.messages();
    messages.sort_by_key(|message| message.delay);
    assert_eq!(messages.iter().map(|message| message.delay).collect::<Vec<_>>(), [0, 0, 0, 1, 2]);
    let attempt = async |message: &QueuedMessage| {
        let id_of = |name: &str| message.body[name].as_str().unwrap().parse().unwrap();
        let kind = IntegrationType::Webhook;
        workers::integrations::retry_delivery(&world.delivery_deps(), id, kind, id_of("delivery"), "test")
            .await
            .unwrap();
    };
    for message in &messages[..3] {
        attempt(message).await;
    }
    assert_eq!((sweep(&world).await, world.queued().len()), (done(0), 0), "the other two are not asked for again");
    attempt(&messages[3]).await;
    assert_eq!(world.receivers.take().len(), 3, "its turn is later");
    world.wait(SignedDuration::from_secs(2));
    for message in &messages[3..] {
        attempt(message).await;
    }
    assert_eq!(world.receivers.take().len(), 2);
}
