//! A test is sent once for each idempotency key: it is reserved before anything is sent.

use axum::Router;
use domain::{bounds::budget::Budget, command::RESERVED, ids::WorkspaceId};
use futures::future::join_all;
use integrations::IntegrationDeps;
use jiff::SignedDuration;
use serde_json::json;
use testkit::{ANA, Behaviour, Moment, Request, World};

async fn acme(world: World) -> (World, Router, WorkspaceId) {
    let (store, secrets) = (world.store(), world.integration_secrets());
    let router =
        integrations::router(IntegrationDeps { store, secrets, courier: world.courier() }, world.claim_rules());
    let id = world.workspace_of(&ANA).await;
    let set_up = Request::event("integrations/set-up").within(id);
    assert_eq!(world.send(&router, set_up).await.status.as_u16(), 200);
    (world, router, id)
}

/// A test under one idempotency key.
fn test(id: WorkspaceId) -> Request {
    Request::new("POST", "/integrations/webhook/test").within(id).header("idempotency-key", "one")
}

/// Invariant 21.
#[tokio::test(start_paused = true)]
async fn parallel_tests_under_one_key_are_sent_once() {
    for seed in 0..20 {
        let (world, router, id) = acme(World::seeded(seed)).await;
        let answers = join_all((0..15).map(|_| world.send(&router, test(id)))).await;
        assert_eq!(world.receivers.take().len(), 1, "seed {seed}");
        let first = answers.iter().find(|answer| answer.status.as_u16() == 200).unwrap();
        for answer in &answers {
            match answer.status.as_u16() {
                200 => assert_eq!(answer.body, first.body, "seed {seed}"),
                status => assert_eq!((status, answer.code()), (409, "command_under_way"), "seed {seed}: {answer}"),
            }
        }
        let again = world.send(&router, test(id)).await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &first.body), "seed {seed}");
        assert_eq!(world.receivers.take(), [], "seed {seed}");
    }
}

/// Repetitions of a test do nothing, so that they take nothing of the budget.
#[tokio::test(start_paused = true)]
async fn repeated_tests_take_no_budget() {
    let (world, router, id) = acme(World::default()).await;
    join_all((0..40).map(|_| world.send(&router, test(id)))).await;
    let other = Request::new("POST", "/integrations/webhook/test").within(id);
    let others = join_all((1..Budget::Tests.most()).map(|_| world.send(&router, other.clone()))).await;
    assert!(others.iter().all(|answer| answer.status.as_u16() == 200));
}

/// Invariant 21.
#[tokio::test(start_paused = true)]
async fn a_test_in_progress_is_a_conflict() {
    let (world, router, id) = acme(World::default()).await;
    world.receivers.plan(Behaviour::Hang);
    let second = async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let other = test(id).json(json!({}));
        (world.send(&router, test(id)).await, world.send(&router, other).await)
    };
    let (first, (second, other)) = tokio::join!(world.send(&router, test(id)), second);
    assert_eq!((second.status.as_u16(), second.code()), (409, "command_under_way"), "{second}");
    assert_eq!((other.status.as_u16(), other.code()), (422, "idempotency_key_reused"), "{other}");
    assert_eq!((first.status.as_u16(), &first.body["class"]), (200, &json!("timeout")), "{first}");
    assert_eq!(world.receivers.take().len(), 1);
}

/// Ends the process at each call. Nobody has to wait longer than the reservation lasts.
///
/// Invariant 21.
#[tokio::test(start_paused = true)]
async fn a_crash_holds_the_key_for_a_minute_at_most() {
    let (mut calls, mut over, mut held) = (0, false, 0);
    while !over {
        over = true;
        for moment in [Moment::Before, Moment::After] {
            let (world, router, id) = acme(World::default()).await;
            let ended = world.crashing(calls, moment, world.send(&router, test(id))).await;
            over &= ended.is_some();
            let case = format!("call {calls}, {moment:?}");
            let sent = world.receivers.take().len();
            let next = world.send(&router, test(id)).await;
            match next.status.as_u16() {
                200 => assert!(world.receivers.take().len() + sent <= 1, "{case}: it is sent once"),
                status => {
                    assert_eq!((status, next.code()), (409, "command_under_way"), "{case}: {next}");
                    assert_eq!(world.receivers.take(), [], "{case}");
                    held += 1;
                    world.wait(RESERVED - SignedDuration::from_secs(1));
                    assert_eq!(world.send(&router, test(id)).await.status.as_u16(), 409, "{case}");
                    world.wait(SignedDuration::from_secs(1));
                    let later = world.send(&router, test(id)).await;
                    assert_eq!((later.status.as_u16(), &later.body["ok"]), (200, &json!(true)), "{case}: {later}");
                }
            }
        }
        calls += 1;
    }
    assert!(held >= 2, "the process ended while it held the key in {held} cases");
}

/// Only effects are remembered.
#[tokio::test]
async fn a_refused_test_releases_its_key() {
    let (world, router, id) = acme(World::default()).await;
    world.send(&router, Request::event("integrations/remove").within(id)).await;
    for _ in 0..2 {
        let refused = world.send(&router, test(id)).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "integration_secret_missing"), "{refused}");
    }
    world.suspend(id, "Spam").await;
    assert_eq!(world.send(&router, test(id)).await.code(), "workspace_suspended");
    world.unsuspend(id).await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    assert_eq!(world.send(&router, test(id)).await.status.as_u16(), 200);
    assert_eq!(world.receivers.take().len(), 1);
}

/// A request that outlives its reservation does not overwrite the one that has it now.
///
/// Invariant 21.
#[tokio::test]
async fn a_holder_that_timed_out_records_nothing() {
    let (world, router, id) = acme(World::default()).await;
    world.send(&router, test(id)).await;
    let (key, record) = world.items().into_iter().find(|(_, item)| item["_type"] == "command").unwrap();
    // The cached secret has expired, so that the secret is read between the reservation and the record.
    world.wait(SignedDuration::from_hours(49));
    world.after_at("GetSecretValue", key.clone(), "holder", json!({"S": "another"}));
    let late = world.send(&router, test(id)).await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "command_under_way"), "{late}");
    let kept = &world.items()[&key];
    assert_eq!((&kept["holder"], &kept["answer"]), (&json!("another"), &json!(null)), "was {record}");
}
