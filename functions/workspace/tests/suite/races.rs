//! `workspace` under faults: lost answers, conflicts and concurrent requests.

use axum::Router;
use http::StatusCode;
use serde_json::json;
use testkit::{ANA, Chances, Fault, Request, World};
use workspace::WorkspaceDeps;

fn router(world: &World) -> Router {
    workspace::router(
        WorkspaceDeps {
            store: world.store(),
            free_workspaces: world.free_workspaces(),
            free_containers: world.free_containers(),
        },
        world.claim_rules(),
    )
}

fn heads(world: &World) -> usize {
    world.items().values().filter(|item| item["_type"] == "workspace").count()
}

/// Invariant 33.
#[tokio::test]
async fn a_lost_answer_founds_one_workspace() {
    let world = World::default();
    world.plan("TransactWriteItems", Fault::LoseReply);
    let answer = world.send(&router(&world), Request::event("workspace/create")).await;
    assert_eq!((answer.status, heads(&world)), (StatusCode::CREATED, 1));
    assert_eq!(world.calls()["TransactWriteItems"], 2);
}

/// Invariant 33.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_and_then_a_conflict_found_one_workspace() {
    let world = World::seeded(1);
    world.plan("TransactWriteItems", Fault::LoseReply);
    world.plan("TransactWriteItems", Fault::Conflict);
    let answer = world.send(&router(&world), Request::event("workspace/create")).await;
    assert_eq!((answer.status, heads(&world)), (StatusCode::CREATED, 1));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_hangs_is_given_up() {
    let world = World::seeded(1);
    (0..3).for_each(|_| world.plan("BatchGetItem", Fault::Hang));
    let answer = world.send(&router(&world), Request::event("workspace/read")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(start_paused = true)]
async fn conflicts_are_retried_and_endless_ones_reported() {
    let world = World::seeded(1);
    (0..3).for_each(|_| world.plan("TransactWriteItems", Fault::Conflict));
    let answer = world.send(&router(&world), Request::event("workspace/create")).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::CREATED, 5));
    (0..100).for_each(|_| world.plan("TransactWriteItems", Fault::Conflict));
    let again = Request::event("workspace/create").header("idempotency-key", "another");
    let answer = world.send(&router(&world), again).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "contended"));
    assert_eq!(heads(&world), 1);
}

/// Invariant 21.
#[tokio::test(start_paused = true)]
async fn parallel_repeats_have_one_effect_and_answer() {
    for seed in 0..50 {
        let world = World::seeded(seed);
        world.set_fault_chances(Chances { throttle: 0.0, ..Chances::HIGH });
        let router = router(&world);
        let sends = (0..5).map(|_| world.send(&router, Request::event("workspace/create")));
        let answers = futures::future::join_all(sends).await;
        let mut given: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).collect();
        given.dedup_by_key(|answer| answer.body.to_string());
        assert!(given.len() <= 1, "seed {seed}: different answers");
        let allowed = [StatusCode::CREATED, StatusCode::SERVICE_UNAVAILABLE];
        assert!(answers.iter().all(|answer| allowed.contains(&answer.status)), "seed {seed}: {answers:?}");
        assert!(heads(&world) <= 1, "seed {seed}: {} workspaces", heads(&world));
        world.clear_fault_chances();
        let last = world.send(&router, Request::event("workspace/create")).await;
        assert_eq!((last.status, heads(&world)), (StatusCode::CREATED, 1), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn parallel_updates_of_different_fields_are_all_kept() {
    for seed in 0..50 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let put = |body| world.send(&router, Request::new("PUT", "/workspace").within(id).json(body));
        let (name, zone) = tokio::join!(put(json!({"name": "Apex"})), put(json!({"timezone": "Asia/Tokyo"})));
        assert_eq!((name.status, zone.status), (StatusCode::OK, StatusCode::OK), "seed {seed}: {name}");
        let read = world.send(&router, Request::new("GET", "/workspace").within(id)).await;
        assert_eq!((&read.body["name"], &read.body["timezone"]), (&json!("Apex"), &json!("Asia/Tokyo")), "seed {seed}");
        assert_eq!(read.headers["etag"], "\"3\"", "seed {seed}");
        let updates = world.items().values().filter(|item| item["action"] == "workspace.updated").count();
        assert_eq!(updates, 2, "seed {seed}");
    }
}
