//! Runtimes without any event: containers whose end was not reported, and containers that never report.

use super::sweep::{done, sweep, sweeper};
use domain::{
    ids::WorkspaceId,
    plans::plan::Plan,
    runtime::heartbeat::Figures,
    runtime::record::{CHECK, RuntimeCommand, RuntimeStatus, TaskArn},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::runtime::{RuntimeView, command_runtime, read_runtime};
use sweeper::Sweeper;
use testkit::{ANA, PLANS, RunningTask, World, plan};
use workers::runtime::{ImageReports, ReconcileOutcome, patrol_cluster, reconcile_runtime, record_report};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Creates a workspace whose container runs.
async fn running(world: &World, plan: Plan) -> WorkspaceId {
    let workspace = world.workspace_of(&ANA).await;
    if plan != PLANS.unpaid() {
        world.subscribe(workspace, plan).await;
    }
    let (store, limit) = (world.store(), world.free_containers());
    command_runtime(&store, limit, &ANA.caller(), workspace, RuntimeCommand::Start, None).await.unwrap();
    reconcile_once(world, workspace).await;
    assert_eq!(seen(world, workspace).await.status, RuntimeStatus::Running);
    drop(world.queued());
    workspace
}

async fn reconcile_once(world: &World, workspace: WorkspaceId) {
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
}

async fn seen(world: &World, workspace: WorkspaceId) -> RuntimeView {
    read_runtime(&world.store(), &ANA.caller(), workspace).await.unwrap()
}

async fn report(world: &World) {
    let task = world.tasks().pop().unwrap();
    let figures = Figures::new(100, 1.0).unwrap();
    let token = &task.environment["BERTH_RUNTIME_TOKEN"];
    record_report(&world.store(), &world.runtime_key(), token, figures, true).await.unwrap();
}

fn alive(world: &World) -> Vec<String> {
    world.tasks().into_iter().filter(RunningTask::is_alive).map(|task| task.arn).collect()
}

fn runtime(world: &World, workspace: WorkspaceId) -> Value {
    world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())].clone()
}

/// Runs the sweeper and the reconciler once a minute, for `minutes`.
async fn pass(world: &World, sweeper: &Sweeper, minutes: i32) {
    for _ in 0..minutes {
        world.wait(MINUTE);
        sweeper.sweep("sweep", world.clock.now() + MINUTE).await.unwrap();
        for message in world.queued().into_iter().filter(|message| message["kind"] == "reconcile") {
            let workspace = message["workspace"].as_str().unwrap().parse().unwrap();
            // A message that fails is received again.
            let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await;
        }
    }
}

/// The check falls into the time in which the task is stopping, and the event of its end is lost.
///
/// Invariant 40.
#[tokio::test]
async fn a_stopping_container_is_looked_at_again() {
    let world = World::default();
    let workspace = running(&world, plan("pro")).await;
    let before = alive(&world);
    world.slow_cluster(SignedDuration::ZERO, MINUTE, SignedDuration::ZERO);
    world.wait(CHECK);
    world.reconciler_deps().tasks.stop(&TaskArn(before[0].clone())).await.unwrap();
    let outcome = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    assert_eq!(outcome, ReconcileOutcome::Waiting);
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
    world.wait(MINUTE * 2);
    reconcile_once(&world, workspace).await;
    assert_eq!((alive(&world).len(), alive(&world) == before), (1, false), "another task runs");
}

/// Invariant 40.
#[tokio::test]
async fn a_lost_end_is_found_within_two_minutes_of_the_check() {
    let world = World::default();
    let workspace = running(&world, plan("pro")).await;
    let before = alive(&world);
    world.end_task(&before[0], "SpotInterruption");
    world.wait(CHECK - MINUTE * 2);
    assert_eq!((sweep(&world).await.failed, alive(&world)), (0, vec![]), "nobody has noticed");
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
    pass(&world, &sweeper(&world), 4).await;
    assert_eq!((alive(&world).len(), alive(&world) == before), (1, false), "another task runs");
    let view = seen(&world, workspace).await;
    assert_eq!(view.last_stop_reason, Some("its host was taken out of service"));
}

/// A check that finds nothing costs one message and one write, and the next is an hour later.
///
/// Invariant 40.
#[tokio::test]
async fn a_healthy_runtime_is_checked_once_an_hour() {
    let world = World::default();
    let workspace = running(&world, plan("pro")).await;
    world.wait(CHECK - SignedDuration::from_millis(1));
    sweep(&world).await;
    drop(world.queued());
    world.changes();
    assert_eq!(sweep(&world).await, done(0));
    world.wait(SignedDuration::from_millis(1));
    assert_eq!((sweep(&world).await, sweep(&world).await), (done(1), done(1)), "it is due until it was checked");
    let message = json!({"kind": "reconcile", "workspace": workspace, "generation": 1});
    assert_eq!(world.queued(), [message.clone(), message]);
    world.assert_nothing_written();
    assert!(seen(&world, workspace).await.checking);
    reconcile_once(&world, workspace).await;
    assert_eq!((sweep(&world).await, seen(&world, workspace).await.checking), (done(0), false));
    world.changes();
    reconcile_once(&world, workspace).await;
    world.assert_nothing_written();
}

/// The records of many workspaces are due at the same time, and one of them cannot be read.
///
/// Invariant 40.
#[tokio::test]
async fn checks_of_one_runtime_delay_no_other() {
    let world = World::default();
    let mut workspaces = Vec::new();
    for _ in 0..12 {
        workspaces.push(running(&world, plan("pro")).await);
        // The commands of one person are limited.
        world.wait(SignedDuration::from_secs(5));
    }
    alive(&world).iter().for_each(|task| world.end_task(task, "SpotInterruption"));
    world.overwrite(workspaces[0], "RUNTIME", "_v", json!({"N": "9"}));
    world.wait(CHECK);
    pass(&world, &sweeper(&world), 2).await;
    assert_eq!(alive(&world).len(), workspaces.len() - 1);
}

/// Records of older versions have no time of a check.
///
/// Invariant 40.
#[tokio::test]
async fn the_hourly_pass_gives_older_records_a_check() {
    let world = World::default();
    let workspace = running(&world, plan("pro")).await;
    let never = i64::MAX.to_string();
    world.overwrite(workspace, "RUNTIME", "check_at", json!({"NULL": true}));
    world.overwrite(workspace, "RUNTIME", "due_at", json!({"N": never}));
    drop(world.calls());
    let patrolled = patrol_cluster(&world.reconciler_deps()).await.unwrap();
    assert_eq!((patrolled.seen, patrolled.unwanted), (1, 0));
    assert_eq!(world.calls().get("DescribeTasks"), Some(&1), "the pass has seen the task");
    let due = (world.clock.now() + CHECK).as_millisecond();
    assert_eq!(runtime(&world, workspace)["due_at"], due, "{:#}", runtime(&world, workspace));
}

/// Invariant 40.
#[tokio::test]
async fn a_container_that_stops_reporting_is_looked_at() {
    for plan in [plan("free"), plan("pro")] {
        let world = World::default();
        let workspace = running(&world, plan).await;
        report(&world).await;
        world.end_task(&alive(&world)[0], "EssentialContainerExited");
        pass(&world, &sweeper(&world), 9).await;
        assert_eq!((alive(&world).len(), world.tasks().len()), (1, 2), "{plan:?}");
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running);
    }
}

/// A container that runs but cannot report is asked for once, and then once an hour.
#[tokio::test]
async fn a_silent_container_that_runs_is_left_alone() {
    let world = World::default();
    running(&world, plan("pro")).await;
    report(&world).await;
    pass(&world, &sweeper(&world), 10).await;
    let _ = world.calls();
    pass(&world, &sweeper(&world), 40).await;
    assert_eq!(world.calls().get("ListTasks"), None);
    assert_eq!((alive(&world).len(), world.tasks().len()), (1, 1));
}

/// Invariant 41.
#[tokio::test]
async fn a_container_that_never_reports_stops_as_idle() {
    for (plan, minutes) in [(plan("free"), 30), (plan("starter"), 12 * 60)] {
        let world = World::default();
        let workspace = running(&world, plan).await;
        pass(&world, &sweeper(&world), minutes - 1).await;
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running, "{plan:?}: a minute too early");
        pass(&world, &sweeper(&world), 3).await;
        let view = seen(&world, workspace).await;
        let reason = "stopped because it was idle; start it again when you need it";
        assert_eq!((view.status, view.last_stop_reason), (RuntimeStatus::Stopped, Some(reason)), "{plan:?}");
        assert_eq!(alive(&world), [""; 0]);
    }
}

/// Invariant 41.
#[tokio::test]
async fn silence_is_tolerated_where_it_is_declared_or_paid_for() {
    for (image, plan) in [(ImageReports::Never, plan("free")), (ImageReports::Expected, plan("pro"))] {
        let world = World::default();
        let workspace = running(&world, plan).await;
        pass(&world, &Sweeper { image, ..sweeper(&world) }, 150).await;
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running, "{image:?} {plan:?}");
        assert_eq!((alive(&world).len(), world.tasks().len()), (1, 1));
    }
}

/// The first report, a command or a payment arrives after the facts were read.
#[tokio::test]
async fn a_change_at_the_last_moment_keeps_the_silent_runtime() {
    for (item, version) in [("RUNTIME", "70"), ("SUBSCRIPTION", "70"), ("HEARTBEAT", "1")] {
        let world = World::default();
        let workspace = running(&world, plan("free")).await;
        if item == "SUBSCRIPTION" {
            let billing = domain::billing::account::Billing::default();
            world.store().set_billing(workspace, &billing).await.unwrap();
        }
        if item == "HEARTBEAT" {
            // The report of an earlier launch.
            report(&world).await;
            world.overwrite(
                workspace,
                "HEARTBEAT",
                "attempt",
                json!({"M": {"generation": {"N": "0"}, "number": {"N": "1"}}}),
            );
            world.overwrite(workspace, "HEARTBEAT", "version", json!({"N": "7"}));
        }
        world.wait(MINUTE * 31);
        world.after("BatchGetItem", workspace, item, "version", json!({"N": version}));
        let stop = workers::runtime::stop_if_silent(&world.store(), ImageReports::Expected, workspace).await;
        assert!(stop.is_err(), "{item}");
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running, "{item}");
    }
}

/// A suspended workspace keeps what its members want.
#[tokio::test]
async fn silence_of_a_suspended_workspace_is_no_idleness() {
    let world = World::default();
    let workspace = running(&world, plan("free")).await;
    world.suspend(workspace, "Spam").await;
    pass(&world, &sweeper(&world), 40).await;
    assert_eq!((runtime(&world, workspace)["wish"].clone(), alive(&world)), (json!("running"), vec![]));
}
