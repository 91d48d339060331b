//! The reports of containers: authorization, storage, their view in the status, and the stop of idle runtimes.

use super::{MINUTE, container_router, give, reconcile_once, running, token};
use domain::{
    ids::WorkspaceId,
    runtime::heartbeat::MIN_INTERVAL,
    runtime::record::{RuntimeCommand, RuntimeStatus},
};
use insta::assert_snapshot;
use jiff::SignedDuration;
use runtime_api::MAX_BODY;
use serde_json::{Value, json};
use shared::runtime::{RuntimeView, command_runtime, read_runtime};
use testkit::{ANA, Answer, Chances, Fault, Request, RunningTask, World, plan};
use workers::runtime::{ReconcileOutcome, reconcile_runtime, stop_if_idle};

async fn seen(world: &World, workspace: WorkspaceId) -> RuntimeView {
    read_runtime(&world.store(), &ANA.caller(), workspace).await.unwrap()
}

/// Starts the runtime, which is running, and returns the answer.
async fn start(world: &World, workspace: WorkspaceId) -> Value {
    let (store, limit) = (world.store(), world.free_containers());
    let command = command_runtime(&store, limit, &ANA.caller(), workspace, RuntimeCommand::Start, None).await.unwrap();
    serde_json::to_value(command).unwrap()
}

async fn send(world: &World, token: &str, body: Value) -> Answer {
    let request = Request::event("runtime-api/heartbeat").header("authorization", format!("Bearer {token}"));
    world.send(&container_router(world), request.json(body)).await
}

fn figures(active: bool) -> Value {
    json!({"ram_used_mb": 312, "cpu_percent": 12.5, "active": active})
}

async fn report(world: &World, active: bool) {
    assert_eq!(send(world, &token(world), figures(active)).await.status.as_u16(), 204);
}

fn heartbeat(world: &World, workspace: WorkspaceId) -> Option<Value> {
    world.items().get(&(format!("WS#{workspace}"), "HEARTBEAT".to_owned())).cloned()
}

#[tokio::test]
async fn a_report_is_one_item_of_its_own_and_the_status_shows_it() {
    let (world, workspace) = running(plan("free")).await;
    let answer = send(&world, &token(&world), figures(true)).await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (204, 2));
    assert_snapshot!(world.changes());
    let view = seen(&world, workspace).await;
    assert_eq!((view.resources.ram_used_mb, view.resources.cpu_percent), (Some(312), Some(12.5)));
    let checked = start(&world, workspace).await;
    let mut expected = serde_json::to_value(&view).unwrap();
    expected["checking"] = json!(true);
    assert_eq!(checked, expected, "a command that changes nothing shows the same");
    world.wait(MINUTE * 2);
    assert_eq!(seen(&world, workspace).await.resources.ram_used_mb, None, "the report is too old to be shown");
}

#[tokio::test]
async fn reports_of_older_launches_are_refused_and_not_shown() {
    let (world, workspace) = running(plan("free")).await;
    report(&world, true).await;
    let old = token(&world);
    give(&world, workspace, RuntimeCommand::Restart).await;
    assert_eq!(seen(&world, workspace).await.resources.ram_used_mb, None);
    let answer = send(&world, &old, figures(true)).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (401, "runtime_token_invalid"));
    world.assert_nothing_written();
    report(&world, false).await;
    assert_eq!(seen(&world, workspace).await.resources.ram_used_mb, Some(312));
    // Another launch of the same generation is another container as well.
    let old = token(&world);
    world.end_task(&world.tasks()[1].arn, "SpotInterruption");
    reconcile_once(&world, workspace).await;
    world.changes();
    assert_eq!(send(&world, &old, figures(true)).await.status.as_u16(), 401);
    world.assert_nothing_written();
}

#[tokio::test]
async fn request_without_a_valid_token_writes_nothing() {
    let (world, workspace) = running(plan("free")).await;
    let other = world.workspace_of(&ANA).await;
    world.changes();
    let ours = token(&world);
    let forged = ours.replace(&workspace.to_string(), &other.to_string());
    let next = ours.replacen(".1.1.", ".1.2.", 1);
    for token in ["", "x", &forged, &next, &ours[..ours.len() - 1]] {
        let answer = send(&world, token, figures(true)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "runtime_token_invalid"), "{token}");
    }
    let none = Request::event("runtime-api/heartbeat").header("authorization", format!("Basic {ours}"));
    assert_eq!(world.send(&container_router(&world), none).await.status.as_u16(), 401);
    assert_eq!(
        world.send(&container_router(&world), Request::event("runtime-api/heartbeat")).await.status.as_u16(),
        401
    );
    world.assert_nothing_written();
}

#[tokio::test]
async fn impossible_reports_are_refused() {
    let (world, _) = running(plan("free")).await;
    let wrong = async |body: Value| {
        let answer = send(&world, &token(&world), body).await;
        assert_eq!(answer.status.as_u16(), 400);
        answer.wrong_fields().join(" ")
    };
    assert_eq!(
        wrong(json!({"ram_used_mb": -1, "cpu_percent": "x", "load": 1})).await,
        "cpu_percent load ram_used_mb active"
    );
    assert_eq!(wrong(json!({"ram_used_mb": 999_999, "cpu_percent": 1, "active": true})).await, "ram_used_mb");
    assert_eq!(wrong(json!({"ram_used_mb": 1, "cpu_percent": -0.5, "active": true})).await, "cpu_percent");
    let long = json!({"ram_used_mb": 1, "cpu_percent": 1, "active": true, "x": "y".repeat(MAX_BODY)});
    assert_eq!(send(&world, &token(&world), long).await.status.as_u16(), 413);
    world.assert_nothing_written();
}

#[tokio::test]
async fn rotated_key_keeps_running_containers_authorized() {
    let (world, _) = running(plan("free")).await;
    world.rotate_runtime_key("the next runtime key of the test world, as long as the first one");
    report(&world, true).await;
}

#[tokio::test]
async fn key_rotated_during_a_launch_makes_no_second_task() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.slow_cluster(SignedDuration::ZERO, SignedDuration::ZERO, MINUTE);
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    (0..3).for_each(|_| world.plan("RunTask", Fault::LoseReply));
    assert!(Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.is_err());
    world.rotate_runtime_key("the next runtime key of the test world, as long as the first one");
    reconcile_once(&world, workspace).await;
    world.wait(MINUTE);
    assert_eq!((reconcile_once(&world, workspace).await, world.tasks().len()), (ReconcileOutcome::Settled, 1));
    report(&world, true).await;
}

#[tokio::test]
async fn idle_runtime_stops_after_its_plans_time_with_a_reason() {
    let (world, workspace) = running(plan("free")).await;
    report(&world, true).await;
    world.wait(MINUTE * 29);
    report(&world, false).await;
    stop_if_idle(&world.store(), workspace).await.unwrap();
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running, "a minute too early");
    world.wait(MINUTE);
    let records = audit(&world);
    stop_if_idle(&world.store(), workspace).await.unwrap();
    assert_eq!(heartbeat(&world, workspace), None, "nothing is due any more");
    reconcile_once(&world, workspace).await;
    let view = seen(&world, workspace).await;
    let reason = "stopped because it was idle; start it again when you need it";
    assert_eq!((view.status, view.last_stop_reason), (RuntimeStatus::Stopped, Some(reason)));
    assert!(!world.tasks().iter().any(RunningTask::is_alive));
    assert_eq!(audit(&world), records, "an idle stop has no audit record");
    give(&world, workspace, RuntimeCommand::Start).await;
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
}

#[tokio::test]
async fn a_polled_status_keeps_no_container_awake() {
    let (world, workspace) = running(plan("free")).await;
    report(&world, true).await;
    for minute in 1..30 {
        world.wait(MINUTE);
        if minute == 29 {
            report(&world, false).await;
        }
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
    }
    world.wait(MINUTE);
    stop_if_idle(&world.store(), workspace).await.unwrap();
    reconcile_once(&world, workspace).await;
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Stopped);
}

fn audit(world: &World) -> usize {
    world.items().keys().filter(|(pk, _)| pk.ends_with("#AUDIT")).count()
}

#[tokio::test]
async fn active_or_never_idle_runtimes_keep_running() {
    let (world, workspace) = running(plan("free")).await;
    report(&world, true).await;
    world.wait(MINUTE * 20);
    report(&world, true).await;
    world.wait(MINUTE * 20);
    stop_if_idle(&world.store(), workspace).await.unwrap();
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
    // The workspace has bought a plan since the last report.
    world.subscribe(workspace, plan("pro")).await;
    world.wait(MINUTE * 60);
    stop_if_idle(&world.store(), workspace).await.unwrap();
    assert_eq!(heartbeat(&world, workspace).unwrap()["due_at"], Value::Null, "it is never due");
    assert_ne!(seen(&world, workspace).await.status, RuntimeStatus::Stopping);
}

#[tokio::test]
async fn a_report_of_a_container_that_is_gone_stops_nothing() {
    let (world, workspace) = running(plan("free")).await;
    report(&world, false).await;
    world.wait(MINUTE * 29);
    give(&world, workspace, RuntimeCommand::Restart).await;
    world.wait(MINUTE * 2);
    stop_if_idle(&world.store(), workspace).await.unwrap();
    assert_eq!((heartbeat(&world, workspace), seen(&world, workspace).await.status), (None, RuntimeStatus::Running));
}

/// A report between the read and the decision is seen.
#[tokio::test]
async fn work_that_comes_at_the_last_moment_keeps_the_runtime() {
    for (item, version) in [("HEARTBEAT", "7"), ("RUNTIME", "70")] {
        let (world, workspace) = running(plan("free")).await;
        report(&world, false).await;
        world.wait(MINUTE * 31);
        world.after("BatchGetItem", workspace, item, "version", json!({"N": version}));
        assert!(stop_if_idle(&world.store(), workspace).await.is_err());
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running, "{item}");
    }
}

#[tokio::test]
async fn deleted_workspace_accepts_no_report() {
    let (world, workspace) = running(plan("free")).await;
    world.overwrite(workspace, "META", "live", json!({"BOOL": false}));
    world.changes();
    assert_eq!(send(&world, &token(&world), figures(true)).await.status.as_u16(), 401);
    world.assert_nothing_written();
}

#[tokio::test(start_paused = true)]
async fn reports_at_once_with_commands_lose_nothing_that_was_active() {
    for seed in 0..40 {
        let world = World::seeded(seed);
        let workspace = world.workspace_of(&ANA).await;
        command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
            .await
            .unwrap();
        reconcile_once(&world, workspace).await;
        let token = token(&world);
        send(&world, &token, figures(false)).await;
        world.wait(MINUTE);
        world.set_fault_chances(Chances::HIGH);
        let (one, two) = tokio::join!(send(&world, &token, figures(true)), send(&world, &token, figures(false)));
        world.clear_fault_chances();
        assert!(two.status.as_u16() == 204 || two.status.as_u16() >= 409, "seed {seed}: {}", two.status);
        if one.status.as_u16() == 204 {
            let item = heartbeat(&world, workspace).unwrap();
            assert_eq!(item["active_at"], "2026-11-21T12:01:00Z", "seed {seed}: {item:#}");
        }
    }
}

/// The idle timer is due while the suspension has stopped the container. The members' wanted state is kept.
#[tokio::test]
async fn a_suspended_runtime_does_not_become_idle() {
    let (world, workspace) = running(plan("free")).await;
    report(&world, true).await;
    world.suspend(workspace, "Spam").await;
    world.wait(MINUTE * 30);
    stop_if_idle(&world.store(), workspace).await.unwrap();
    assert_eq!(heartbeat(&world, workspace), None, "it is not due again");
    reconcile_once(&world, workspace).await;
    let view = seen(&world, workspace).await;
    let reason = "stopped because the workspace is suspended; contact support";
    assert_eq!((view.status, view.last_stop_reason), (RuntimeStatus::Stopped, Some(reason)));
    world.unsuspend(workspace).await;
    reconcile_once(&world, workspace).await;
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
}

#[tokio::test]
async fn a_container_reports_once_in_fifteen_seconds() {
    let (world, workspace) = running(plan("free")).await;
    let (token, began) = (token(&world), world.clock.now());
    report(&world, true).await;
    world.changes();
    for n in 0..60 {
        let answer = send(&world, &token, figures(true)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (429, "heartbeat_too_soon"), "{n}");
        assert_eq!(answer.usage.round_trips, 1, "the read refuses it");
        world.assert_nothing_written();
        world.wait(SignedDuration::from_millis(150));
    }
    let answer = send(&world, &token, figures(true)).await;
    assert_eq!(answer.headers["retry-after"], "6", "{answer}");
    assert_eq!(answer.body["resets_at"], (began + MIN_INTERVAL).to_string(), "{answer}");
    world.wait(MIN_INTERVAL - world.clock.now().duration_since(began));
    report(&world, true).await;
    // The container of the next launch is another container.
    give(&world, workspace, RuntimeCommand::Restart).await;
    report(&world, true).await;
}

#[tokio::test]
async fn one_of_two_parallel_reports_is_kept() {
    let (world, workspace) = running(plan("free")).await;
    for _ in 0..2 {
        let token = token(&world);
        let sent = tokio::join!(send(&world, &token, figures(true)), send(&world, &token, figures(true)));
        let mut answers = [sent.0.status.as_u16(), sent.1.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [204, 429]);
        world.wait(MIN_INTERVAL);
    }
    assert_eq!(heartbeat(&world, workspace).unwrap()["version"], 2);
}

#[tokio::test]
async fn forged_tokens_cost_no_read_of_the_table() {
    let (world, workspace) = running(plan("free")).await;
    let router = container_router(&world);
    let ours = token(&world);
    drop(world.calls());
    for n in 0..200 {
        let forged = format!("{}{n:04}", &ours[..ours.len() - 4]);
        for sample in ["heartbeat", "consume", "release"] {
            let request = Request::event(&format!("runtime-api/{sample}"));
            let answer = world.send(&router, request.header("authorization", format!("Bearer {forged}"))).await;
            assert_eq!(answer.status.as_u16(), 401, "{answer}");
        }
    }
    // The key is read once, then both of its versions once in half a minute, for any number of forged tokens.
    assert_eq!(world.calls().into_iter().collect::<Vec<_>>(), [("GetSecretValue".to_owned(), 3)]);
    assert!(heartbeat(&world, workspace).is_none());
}
