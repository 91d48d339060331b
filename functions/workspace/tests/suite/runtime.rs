//! The routes of a workspace's runtime: answers, writes and access.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use http::StatusCode;
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Request, World, plan};
use workers::runtime::reconcile_runtime;
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

async fn send(world: &World, workspace: WorkspaceId, event: &str) -> Answer {
    world.send(&router(world), Request::event(&format!("workspace/{event}")).within(workspace)).await
}

async fn founded() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.changes();
    (world, workspace)
}

async fn reconcile_once(world: &World, workspace: WorkspaceId) {
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
}

#[tokio::test]
async fn starting_writes_the_runtime_its_audit_record_and_a_message() {
    let (world, workspace) = founded().await;
    world.subscribe(workspace, plan("pro")).await;
    world.changes();
    let answer = send(&world, workspace, "start").await;
    assert_eq!(answer.usage.round_trips, 2);
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
}

#[tokio::test]
async fn never_started_runtime_is_stopped_with_the_plans_size() {
    let (world, workspace) = founded().await;
    let answer = send(&world, workspace, "status").await;
    assert_eq!(answer.usage.round_trips, 1);
    assert_snapshot!(answer);
    world.assert_nothing_written();
}

#[tokio::test]
async fn a_poll_of_the_status_is_one_read_and_no_write() {
    let (world, workspace) = founded().await;
    // The presence of a member who reads is noted again after an hour.
    world.wait(SignedDuration::from_hours(2));
    let _ = world.calls();
    let polled = send(&world, workspace, "status").await;
    assert_eq!((polled.status, polled.usage.round_trips), (StatusCode::OK, 1));
    assert_eq!(world.calls(), [("BatchGetItem".to_owned(), 1)].into());
    world.assert_nothing_written();
    send(&world, workspace, "read").await;
    assert_eq!(world.calls(), [("BatchGetItem".to_owned(), 1), ("UpdateItem".to_owned(), 1)].into());
}

#[tokio::test]
async fn the_status_follows_a_start_a_restart_and_a_stop() {
    let (world, workspace) = founded().await;
    send(&world, workspace, "start").await;
    reconcile_once(&world, workspace).await;
    world.wait(SignedDuration::from_secs(90));
    assert_snapshot!(send(&world, workspace, "status").await);
    let restart = Request::event("workspace/restart").header("idempotency-key", "again").within(workspace);
    let restarted = world.send(&router(&world), restart).await;
    assert_eq!((&restarted.body["status"], &restarted.body["generation"]), (&json!("starting"), &json!(2)));
    reconcile_once(&world, workspace).await;
    let stop = Request::event("workspace/stop").header("idempotency-key", "enough").within(workspace);
    let stopped = world.send(&router(&world), stop).await;
    assert_eq!((stopped.status, &stopped.body["status"]), (StatusCode::ACCEPTED, &json!("stopping")));
    reconcile_once(&world, workspace).await;
    let seen = send(&world, workspace, "status").await;
    assert_eq!(
        (&seen.body["status"], &seen.body["last_stop_reason"]),
        (&json!("stopped"), &json!("stopped by a member"))
    );
    assert!(world.tasks().iter().all(|task| !task.is_alive()));
}

#[tokio::test]
async fn list_of_workspaces_shows_their_runtime_status() {
    let (world, workspace) = founded().await;
    let listed = async || world.send(&router(&world), Request::event("workspace/list")).await;
    assert_eq!(listed().await.body["workspaces"][0]["runtime_status"], "stopped");
    send(&world, workspace, "start").await;
    let answer = listed().await;
    assert_eq!((&answer.body["workspaces"][0]["runtime_status"], answer.usage.round_trips), (&json!("starting"), 2));
}

#[tokio::test]
async fn command_without_effect_succeeds_quietly() {
    let (world, workspace) = founded().await;
    let quiet = async |event: &str, status: &str| {
        world.changes();
        let request = Request::event(&format!("workspace/{event}")).header("idempotency-key", status).within(workspace);
        let answer = world.send(&router(&world), request).await;
        assert_eq!((answer.status, &answer.body["status"]), (StatusCode::ACCEPTED, &json!(status)), "{event}");
        world.assert_nothing_written();
    };
    quiet("stop", "stopped").await;
    send(&world, workspace, "start").await;
    quiet("start", "starting").await;
    reconcile_once(&world, workspace).await;
    world.slow_cluster(SignedDuration::ZERO, SignedDuration::from_secs(9), SignedDuration::ZERO);
    let stop = Request::event("workspace/stop").header("idempotency-key", "first").within(workspace);
    world.send(&router(&world), stop).await;
    quiet("stop", "stopping").await;
}

/// The record may be wrong: the answer says so, and the reconciler looks at once.
///
/// Invariant 40.
#[tokio::test]
async fn start_of_a_running_runtime_has_it_checked() {
    let (world, workspace) = founded().await;
    send(&world, workspace, "start").await;
    reconcile_once(&world, workspace).await;
    world.end_task(&world.tasks()[0].arn, "EssentialContainerExited");
    let _ = world.calls();
    let again = async |key: &str| {
        let start = Request::event("workspace/start").header("idempotency-key", key).within(workspace);
        world.send(&router(&world), start).await
    };
    let answer = again("again").await;
    let shown = |answer: &Answer| ["status", "generation", "checking"].map(|name| answer.body[name].clone());
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::ACCEPTED, 2));
    assert_eq!(shown(&answer), [json!("running"), json!(1), json!(true)]);
    assert!(!world.calls().contains_key("ListTasks"), "ECS is not called in a request");
    let messages = world.items().into_values().filter(|item| item["message"]["kind"] == "reconcile");
    assert_eq!(messages.count(), 2, "one of each command");
    world.changes();
    let third = again("third").await;
    assert_eq!((third.usage.round_trips, shown(&third)), (1, shown(&answer)), "a check is pending already");
    world.assert_nothing_written();
    reconcile_once(&world, workspace).await;
    let healed = send(&world, workspace, "status").await;
    assert_eq!(shown(&healed), [json!("running"), json!(1), json!(false)]);
    let alive: Vec<_> = world.tasks().into_iter().filter(testkit::RunningTask::is_alive).collect();
    assert_eq!((alive.len(), alive[0].environment["BERTH_ATTEMPT"].as_str()), (1, "2"));
}

/// Invariant 21.
#[tokio::test]
async fn the_same_key_restarts_once() {
    let (world, workspace) = founded().await;
    let first = send(&world, workspace, "restart").await;
    world.changes();
    let second = send(&world, workspace, "restart").await;
    assert_eq!((second.status, &second.body, second.usage.round_trips), (first.status, &first.body, 1));
    world.assert_nothing_written();
}

#[tokio::test]
async fn unpaid_workspace_may_stop_but_not_start() {
    let (world, workspace) = founded().await;
    world.subscribe(workspace, plan("pro")).await;
    send(&world, workspace, "start").await;
    reconcile_once(&world, workspace).await;
    // No payment for the next period was seen for longer than the stored period is trusted.
    world.wait(SignedDuration::from_hours(24 * 38));
    world.changes();
    assert_snapshot!(send(&world, workspace, "restart").await);
    world.assert_nothing_written();
    reconcile_once(&world, workspace).await;
    let seen = send(&world, workspace, "status").await;
    assert_eq!(
        (&seen.body["status"], &seen.body["last_stop_reason"]),
        (&json!("stopped"), &json!("stopped because an invoice is unpaid; it starts again once that is paid"),)
    );
    world.subscribe(workspace, plan("pro")).await;
    reconcile_once(&world, workspace).await;
    assert_eq!(send(&world, workspace, "status").await.body["status"], "running", "payment starts what was wanted");
}

#[tokio::test]
async fn viewers_look_and_members_command_and_strangers_see_nothing() {
    let (world, workspace) = founded().await;
    world.join(workspace, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    for (method, path) in [("POST", "start"), ("POST", "stop"), ("POST", "restart"), ("GET", "status")] {
        let request = |person| Request::new(method, &format!("/workspace/{path}")).by(person).within(workspace);
        let bens = world.send(&router(&world), request(&BEN)).await;
        let expected =
            if method == "GET" { (StatusCode::OK, Value::Null) } else { (StatusCode::FORBIDDEN, json!("member")) };
        assert_eq!((bens.status, bens.body["required_role"].clone()), expected, "{path}");
        let cleos = world.send(&router(&world), request(&CLEO)).await;
        assert_eq!((cleos.status, cleos.code()), (StatusCode::NOT_FOUND, "workspace_not_found"), "{path}");
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn command_without_a_workspace_is_refused() {
    let (world, _) = founded().await;
    let answer = world.send(&router(&world), Request::event("workspace/start-without-workspace")).await;
    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["X-Workspace-ID"]));
    world.assert_nothing_written();
}

#[tokio::test]
async fn change_between_read_and_write_is_decided_again() {
    let (world, workspace) = founded().await;
    send(&world, workspace, "start").await;
    // The reconciler writes first.
    world.after("BatchGetItem", workspace, "RUNTIME", "version", json!({"N": "5"}));
    let stop = Request::event("workspace/stop").header("idempotency-key", "stop").within(workspace);
    let answer = world.send(&router(&world), stop).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::ACCEPTED, 4));
    let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
    assert_eq!((&item["version"], &item["state"]["status"]), (&json!(6), &json!("stopping")));
}
