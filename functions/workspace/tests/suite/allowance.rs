//! The limits of free workspaces and free containers per person.

use axum::Router;
use domain::{
    identity::access::Role,
    ids::WorkspaceId,
    workspace::allowance::{FreeContainerLimit, FreeWorkspaceLimit},
};
use futures::future::join_all;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::team;
use testkit::{ANA, Answer, BEN, Person, Request, World, plan};
use workers::runtime::reconcile_runtime;
use workspace::WorkspaceDeps;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn limited(world: &World, free_workspaces: usize, free_containers: usize) -> Router {
    let (free_workspaces, free_containers) = (FreeWorkspaceLimit(free_workspaces), FreeContainerLimit(free_containers));
    workspace::router(WorkspaceDeps { store: world.store(), free_workspaces, free_containers }, world.claim_rules())
}

fn router(world: &World) -> Router {
    limited(world, world.free_workspaces().0, world.free_containers().0)
}

fn creation(person: &Person) -> Request {
    Request::new("POST", "/workspaces").by(person).json(json!({"name": "Acme"}))
}

async fn create(world: &World, person: &Person) -> Answer {
    world.send(&router(world), creation(person)).await
}

/// Creates as many workspaces as a person may hold for free.
async fn full(world: &World, person: &Person) -> Vec<WorkspaceId> {
    let mut held = Vec::new();
    for _ in 0..world.free_workspaces().0 {
        let answer = create(world, person).await;
        assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::CREATED, 2), "{answer}");
        held.push(answer.body["id"].as_str().unwrap().parse().unwrap());
    }
    world.changes();
    held
}

#[track_caller]
fn assert_refused(world: &World, answer: &Answer, code: &str, limit: usize) {
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYMENT_REQUIRED, code), "{answer}");
    let facts = ["limit", "used", "upgrade_to"].map(|name| answer.body[name].clone());
    assert_eq!(facts, [json!(limit), json!(limit), json!("starter")], "{answer}");
    world.assert_nothing_written();
}

/// Returns the list `name` of a person's allowance.
fn list(world: &World, person: &Person, name: &str) -> Value {
    world.items()[&(format!("USER#{}", person.id()), "ALLOWANCE".to_owned())][name].clone()
}

#[tokio::test]
async fn a_fourth_free_workspace_is_refused() {
    let world = World::default();
    let held = full(&world, &ANA).await;
    let answer = create(&world, &ANA).await;
    assert_refused(&world, &answer, "free_workspace_limit_reached", 3);
    assert_eq!(answer.usage.round_trips, 2, "the listed workspaces are read once");
    assert_eq!(list(&world, &ANA, "free_workspaces"), json!(held));
    assert_eq!(create(&world, &BEN).await.status, StatusCode::CREATED, "the limit is per person");
}

#[tokio::test]
async fn a_paid_workspace_frees_its_place() {
    let world = World::default();
    let held = full(&world, &ANA).await;
    world.subscribe(held[1], plan("pro")).await;
    let answer = create(&world, &ANA).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::CREATED, 3), "{answer}");
    assert_eq!(list(&world, &ANA, "free_workspaces"), json!([held[0], held[2], answer.body["id"]]));
    world.changes();
    assert_refused(&world, &create(&world, &ANA).await, "free_workspace_limit_reached", 3);
}

#[tokio::test]
async fn a_deleted_workspace_frees_its_place() {
    let world = World::default();
    let held = full(&world, &ANA).await;
    let deleted = world.send(&router(&world), Request::new("DELETE", "/workspace").within(held[0])).await;
    assert_eq!(deleted.status, StatusCode::ACCEPTED, "{deleted}");
    assert_eq!(create(&world, &ANA).await.status, StatusCode::CREATED);
    world.changes();
    assert_refused(&world, &create(&world, &ANA).await, "free_workspace_limit_reached", 3);
}

#[tokio::test]
async fn a_workspace_handed_over_frees_its_place() {
    let world = World::default();
    let held = full(&world, &ANA).await;
    world.join(held[2], &ANA, &BEN, Role::Admin).await;
    let (store, limit) = (world.store(), world.free_workspaces());
    team::transfer_ownership(&store, limit, &ANA.caller(), held[2], BEN.id(), None).await.unwrap();
    let answer = create(&world, &ANA).await;
    assert_eq!(
        (answer.status, answer.usage.round_trips),
        (StatusCode::CREATED, 2),
        "the workspace left the list immediately"
    );
    world.changes();
    assert_refused(&world, &create(&world, &ANA).await, "free_workspace_limit_reached", 3);
}

/// A workspace with a second owner counts for its creator, as long as the creator is an owner.
#[tokio::test]
async fn a_workspace_that_was_left_frees_its_place() {
    let world = World::default();
    let held = full(&world, &ANA).await;
    world.join(held[0], &ANA, &BEN, Role::Owner).await;
    world.changes();
    assert_refused(&world, &create(&world, &ANA).await, "free_workspace_limit_reached", 3);
    team::leave_workspace(&world.store(), &ANA.caller(), held[0], None).await.unwrap();
    assert_eq!(create(&world, &ANA).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_personal_workspace_does_not_count() {
    let world = World::default();
    let acme = world.workspace_of(&ANA).await;
    world.join(acme, &ANA, &BEN, Role::Viewer).await;
    team::leave_workspace(&world.store(), &BEN.caller(), acme, None).await.unwrap();
    let personal = world.items().into_values().find(|item| item["personal"] == true).unwrap();
    assert_eq!(personal["held_by"], json!(BEN.id()));
    full(&world, &BEN).await;
    assert_refused(&world, &create(&world, &BEN).await, "free_workspace_limit_reached", 3);
}

#[tokio::test(start_paused = true)]
async fn creates_at_once_at_the_limit_make_one() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        for _ in 1..world.free_workspaces().0 {
            create(&world, &ANA).await;
        }
        let answers = join_all((0..4).map(|_| create(&world, &ANA))).await;
        let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        let refused = answers.iter().filter(|answer| answer.code() == "free_workspace_limit_reached").count();
        assert_eq!((made, refused), (1, 3), "seed {seed}: {answers:?}");
        world.assert_counters_consistent(format!("seed {seed}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeated_create_counts_once() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        let router = router(&world);
        let repeat = || world.send(&router, creation(&ANA).header("idempotency-key", "once"));
        let (first, second) = tokio::join!(repeat(), repeat());
        let third = repeat().await;
        assert_eq!((&first.body, &second.body), (&third.body, &third.body), "seed {seed}");
        assert_eq!(list(&world, &ANA, "free_workspaces"), json!([third.body["id"]]), "seed {seed}");
    }
}

#[tokio::test]
async fn the_settings_are_the_limits() {
    let world = World::default();
    let answer = world.send(&limited(&world, 0, 0), creation(&ANA)).await;
    assert_refused(&world, &answer, "free_workspace_limit_reached", 0);
    let router = limited(&world, 5, 0);
    for _ in 0..5 {
        assert_eq!(world.send(&router, creation(&ANA)).await.status, StatusCode::CREATED);
    }
    world.changes();
    assert_refused(&world, &world.send(&router, creation(&ANA)).await, "free_workspace_limit_reached", 5);
    let acme = world.workspace_of(&BEN).await;
    world.changes();
    let start = Request::new("POST", "/workspace/start").by(&BEN).within(acme);
    assert_refused(&world, &world.send(&router, start).await, "free_container_limit_reached", 0);
}

async fn give(world: &World, person: &Person, workspace: WorkspaceId, command: &str) -> Answer {
    let request = Request::new("POST", &format!("/workspace/{command}")).by(person).within(workspace);
    world.send(&router(world), request).await
}

#[track_caller]
fn assert_accepted(answer: &Answer, round_trips: u32) {
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::ACCEPTED, round_trips), "{answer}");
}

async fn settle(world: &World, workspace: WorkspaceId) {
    for _ in 0..4 {
        let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
        world.wait(SECOND * 10);
    }
}

/// Creates two workspaces of Ana's, the first with a running container.
async fn running() -> (World, [WorkspaceId; 2]) {
    let world = World::default();
    let held = [world.workspace_of(&ANA).await, world.workspace_of(&ANA).await];
    assert_accepted(&give(&world, &ANA, held[0], "start").await, 2);
    settle(&world, held[0]).await;
    world.changes();
    (world, held)
}

#[tokio::test]
async fn a_second_free_container_is_refused() {
    let (world, [first, second]) = running().await;
    for command in ["start", "restart"] {
        let answer = give(&world, &ANA, second, command).await;
        assert_refused(&world, &answer, "free_container_limit_reached", 1);
        assert_eq!(answer.usage.round_trips, 2);
    }
    assert_accepted(&give(&world, &ANA, first, "restart").await, 2);
    assert_eq!(list(&world, &ANA, "free_containers"), json!([first]));
}

#[tokio::test]
async fn a_stopped_container_frees_its_place() {
    let (world, [first, second]) = running().await;
    world.slow_cluster(SECOND, SECOND * 5, SignedDuration::ZERO);
    assert_accepted(&give(&world, &ANA, first, "stop").await, 2);
    world.changes();
    let answer = give(&world, &ANA, second, "start").await;
    assert_refused(&world, &answer, "free_container_limit_reached", 1);
    settle(&world, first).await;
    assert_accepted(&give(&world, &ANA, second, "start").await, 3);
    assert_eq!(list(&world, &ANA, "free_containers"), json!([second]));
}

#[tokio::test]
async fn the_container_of_a_deleted_workspace_frees_its_place() {
    let (world, [first, second]) = running().await;
    world.send(&router(&world), Request::new("DELETE", "/workspace").within(first)).await;
    assert_accepted(&give(&world, &ANA, second, "start").await, 3);
}

#[tokio::test]
async fn paid_containers_run_next_to_a_free_one() {
    let (world, [first, second]) = running().await;
    world.subscribe(second, plan("pro")).await;
    assert_accepted(&give(&world, &ANA, second, "start").await, 2);
    assert_eq!(list(&world, &ANA, "free_containers"), json!([first]));
    let third = world.workspace_of(&ANA).await;
    world.changes();
    let answer = give(&world, &ANA, third, "start").await;
    assert_refused(&world, &answer, "free_container_limit_reached", 1);
    // Once the first workspace is paid for, its place is free, and its container keeps running.
    world.subscribe(first, plan("pro")).await;
    assert_accepted(&give(&world, &ANA, third, "start").await, 3);
    assert_eq!(list(&world, &ANA, "free_containers"), json!([third]));
}

#[tokio::test]
async fn a_container_counts_for_the_member_who_started_it() {
    let (world, [first, _]) = running().await;
    world.join(first, &ANA, &BEN, Role::Member).await;
    let bens = world.workspace_of(&BEN).await;
    assert_accepted(&give(&world, &BEN, bens, "start").await, 2);
    // The container runs already, so neither command starts another one.
    assert_accepted(&give(&world, &BEN, first, "start").await, 2);
    assert_accepted(&give(&world, &BEN, first, "restart").await, 2);
    assert_eq!(list(&world, &BEN, "free_containers"), json!([bens]));
    assert_eq!(list(&world, &ANA, "free_containers"), json!([first]));
}

#[tokio::test]
async fn a_lost_seat_frees_the_place_of_its_container() {
    let world = World::default();
    let acme = world.workspace_of(&ANA).await;
    let bens = world.workspace_of(&BEN).await;
    world.join(acme, &ANA, &BEN, Role::Member).await;
    assert_accepted(&give(&world, &BEN, acme, "start").await, 2);
    settle(&world, acme).await;
    world.changes();
    assert_refused(&world, &give(&world, &BEN, bens, "start").await, "free_container_limit_reached", 1);
    team::remove_member(&world.store(), &ANA.caller(), acme, BEN.id()).await.unwrap();
    assert_accepted(&give(&world, &BEN, bens, "start").await, 3);
}

#[tokio::test(start_paused = true)]
async fn starts_at_once_at_the_limit_start_one() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        let held = [world.workspace_of(&ANA).await, world.workspace_of(&ANA).await, world.workspace_of(&ANA).await];
        let answers = join_all(held.map(|workspace| give(&world, &ANA, workspace, "start"))).await;
        let started = answers.iter().filter(|answer| answer.status == StatusCode::ACCEPTED).count();
        let refused = answers.iter().filter(|answer| answer.code() == "free_container_limit_reached").count();
        assert_eq!((started, refused), (1, 2), "seed {seed}: {answers:?}");
    }
}
