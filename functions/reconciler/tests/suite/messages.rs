//! The reconciler's messages: each is handled separately, and retried until its workspace is settled.

use aws_lambda_events::event::sqs::SqsEvent;
use domain::{billing::account::Billing, ids::WorkspaceId, plans::size::Size, runtime::record::RuntimeCommand};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::runtime::command_runtime;
use testkit::{ANA, Fault, Request, RunningTask, World, plan};

/// Creates a world with a workspace whose runtime is to start.
async fn started() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    (world, workspace)
}

/// Handles a batch of these bodies and returns the numbers of those that are retried.
async fn handle(world: &World, bodies: &[Value]) -> Vec<String> {
    let event: SqsEvent = serde_json::from_value(Request::batch("reconciler/reconcile", bodies)).unwrap();
    let response = reconciler::handle(&world.reconciler_deps(), event).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

fn asked(workspace: WorkspaceId) -> Value {
    json!({"kind": "reconcile", "workspace": workspace, "generation": 1})
}

fn changed(started_by: impl ToString, version: u64, status: &str) -> Value {
    let task = "arn:aws:ecs:us-east-1:000000000000:task/berth/00000000000000000000000000000001";
    json!({"kind": "task_changed", "task": task, "version": version, "started_by": started_by.to_string(), "status": status})
}

fn status(world: &World, workspace: WorkspaceId) -> String {
    let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
    item["state"]["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_message_comes_again_until_ecs_has_done_its_part() {
    let (world, workspace) = started().await;
    world.slow_cluster(SignedDuration::from_secs(30), SignedDuration::ZERO, SignedDuration::ZERO);
    assert_eq!(handle(&world, &[asked(workspace)]).await, ["0"]);
    assert_eq!((world.tasks().len(), status(&world, workspace).as_str()), (1, "starting"));
    world.wait(SignedDuration::from_secs(31));
    assert_eq!(handle(&world, &[asked(workspace)]).await, Vec::<String>::new());
    assert_eq!((world.tasks().len(), status(&world, workspace).as_str()), (1, "running"));
}

/// Returns the events for integrations, in order of time.
fn notified(world: &World) -> Vec<String> {
    let items = world.items();
    let events = items.values().filter(|item| item["message"]["kind"] == "event");
    events.map(|item| item["message"]["occurrence"]["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn start_stop_and_failure_notify_integrations_once_each() {
    let (world, workspace) = started().await;
    for _ in 0..3 {
        handle(&world, &[asked(workspace), changed(workspace, 2, "RUNNING")]).await;
    }
    assert_eq!(notified(&world), ["runtime.started"]);
    world.wait(SignedDuration::from_secs(1));
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Stop, None)
        .await
        .unwrap();
    for _ in 0..2 {
        handle(&world, &[asked(workspace)]).await;
    }
    assert_eq!(notified(&world), ["runtime.started", "runtime.stopped"]);
    world.wait(SignedDuration::from_secs(1));
    world.slow_cluster(SignedDuration::from_hours(1), SignedDuration::ZERO, SignedDuration::ZERO);
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    handle(&world, &[asked(workspace)]).await;
    world.wait(SignedDuration::from_mins(10));
    handle(&world, &[asked(workspace)]).await;
    assert_eq!((status(&world, workspace).as_str(), notified(&world).len()), ("failed", 3));
    assert_eq!(notified(&world).last().unwrap(), "runtime.failed");
    let notices = world.items().into_values().filter(|item| item["_type"] == "notice");
    let notices: Vec<_> = notices.map(|item| item["happening"]["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(notices, notified(&world), "members are notified of the same");
}

/// Invariant 17.
#[tokio::test]
async fn late_or_repeated_events_change_nothing() {
    let (world, workspace) = started().await;
    let said = |version, status| changed(workspace, version, status);
    assert_eq!(handle(&world, &[asked(workspace), said(2, "RUNNING")]).await, Vec::<String>::new());
    world.changes();
    let late = [said(1, "PENDING"), said(1, "PROVISIONING"), said(9, "STOPPED"), said(2, "RUNNING"), asked(workspace)];
    assert_eq!(handle(&world, &late).await, Vec::<String>::new());
    world.assert_nothing_written();
    assert_eq!(world.tasks().len(), 1);
}

#[tokio::test]
async fn an_event_of_a_task_that_died_starts_another() {
    let (world, workspace) = started().await;
    handle(&world, &[asked(workspace)]).await;
    world.end_task(&world.tasks()[0].arn, "SpotInterruption");
    assert_eq!(handle(&world, &[changed(workspace, 4, "STOPPED")]).await, Vec::<String>::new());
    let alive: Vec<_> = world.tasks().into_iter().filter(testkit::RunningTask::is_alive).collect();
    assert_eq!((alive.len(), alive[0].environment["BERTH_ATTEMPT"].as_str()), (1, "2"));
}

#[tokio::test]
async fn tasks_of_others_are_ignored() {
    let world = World::default();
    let samples: SqsEvent = serde_json::from_value(Request::sample("reconciler/foreign-task")).unwrap();
    assert_eq!(reconciler::handle(&world.reconciler_deps(), samples).await.batch_item_failures.len(), 0);
    assert!(world.calls().is_empty());
}

#[tokio::test]
async fn each_hour_the_cluster_is_looked_through() {
    let (world, workspace) = started().await;
    handle(&world, &[asked(workspace)]).await;
    world.overwrite(workspace, "META", "live", json!({"BOOL": false}));
    let samples: SqsEvent = serde_json::from_value(Request::sample("reconciler/look-around")).unwrap();
    assert_eq!(reconciler::handle(&world.reconciler_deps(), samples).await.batch_item_failures.len(), 0);
    assert!(!world.tasks()[0].is_alive());
    (0..9).for_each(|_| world.plan("ListTasks", Fault::LoseRequest));
    assert_eq!(handle(&world, &[json!({"kind": "look_around"})]).await, ["0"], "the message is retried");
}

/// Invariant 27.
#[tokio::test]
async fn a_poison_message_fails_alone() {
    let (world, workspace) = started().await;
    let mail = json!({"kind": "invitation_mail", "workspace": workspace, "invitation": "inv_00000000000000000000000000", "version": 1});
    let poison = [json!({}), json!({"kind": "bribe"}), json!([1]), json!("x"), mail];
    let bodies: Vec<_> = poison.into_iter().chain([asked(workspace)]).collect();
    assert_eq!(handle(&world, &bodies).await, ["0", "1", "2", "3", "4"]);
    assert_eq!(status(&world, workspace), "running");
    let samples: SqsEvent = serde_json::from_value(Request::sample("reconciler/poison")).unwrap();
    assert_eq!(reconciler::handle(&world.reconciler_deps(), samples).await.batch_item_failures.len(), 1);
}

#[tokio::test]
async fn samples_name_an_unknown_workspace_and_do_nothing() {
    for sample in ["reconciler/reconcile", "reconciler/task-changed"] {
        let world = World::default();
        let event: SqsEvent = serde_json::from_value(Request::sample(sample)).unwrap();
        assert_eq!(reconciler::handle(&world.reconciler_deps(), event).await.batch_item_failures.len(), 0, "{sample}");
        assert!(world.tasks().is_empty());
        world.assert_nothing_written();
    }
}

#[tokio::test(start_paused = true)]
async fn failed_messages_are_retried() {
    for operation in ["RunTask", "ListTasks", "DescribeTasks", "BatchGetItem", "TransactWriteItems"] {
        for fault in [Fault::ServerError, Fault::TimeOut, Fault::Throttle, Fault::LoseReply] {
            let (world, workspace) = started().await;
            (0..3).for_each(|_| world.plan(operation, fault));
            let first = handle(&world, &[asked(workspace)]).await;
            // The record shows the effect of a transaction with a lost reply.
            assert!(first == ["0"] || fault == Fault::LoseReply, "{operation} {fault:?}: {first:?}");
            (0..9).for_each(|_| world.plan("ListTasks", Fault::LoseRequest));
            while !handle(&world, &[asked(workspace)]).await.is_empty() {}
            assert_eq!(
                (world.tasks().len(), status(&world, workspace).as_str()),
                (1, "running"),
                "{operation} {fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_task_is_tagged_with_its_workspace_and_its_launch() {
    let (world, workspace) = started().await;
    handle(&world, &[asked(workspace)]).await;
    let tags = world.tasks()[0].tags.clone();
    let of = |name: &str| tags.get(&format!("berth:{name}")).cloned();
    let wanted = [Some(workspace.to_string()), Some("1".to_owned()), Some("1".to_owned())];
    assert_eq!(["workspace", "generation", "attempt"].map(of), wanted);
}

/// Invariant 18.
#[tokio::test]
async fn contract_sizes_take_over_like_plan_sizes() {
    let (world, workspace) = started().await;
    handle(&world, &[asked(workspace)]).await;
    for (cpu_units, memory_mib) in [(8192, 16_384), (4096, 8192), (512, 4096)] {
        let size = Size { cpu_units, memory_mib };
        world.set_contract(workspace, size).await;
        assert_eq!(handle(&world, &[asked(workspace)]).await, Vec::<String>::new());
        let alive: Vec<_> = world.tasks().into_iter().filter(RunningTask::is_alive).collect();
        let view = shared::runtime::read_runtime(&world.store(), &ANA.caller(), workspace).await.unwrap();
        let shown = (view.resources.cpu_units, view.resources.ram_limit_mb);
        assert_eq!((alive.len(), alive[0].size, shown), (1, size, (Some(cpu_units), Some(memory_mib))));
        // The containers of the task divide its size.
        let plugins = json!({"name": "plugins", "cpu": cpu_units - 64, "memory": memory_mib - 192});
        assert_eq!(alive[0].other_containers, [plugins]);
        assert_eq!((status(&world, workspace).as_str(), view.plan_size), ("running", plan("enterprise").name));
    }
    // Back to the free plan.
    world.store().set_billing(workspace, &Billing::default()).await.unwrap();
    handle(&world, &[asked(workspace)]).await;
    let alive: Vec<_> = world.tasks().into_iter().filter(RunningTask::is_alive).collect();
    assert_eq!((alive.len(), alive[0].size), (1, plan("free").size.unwrap()));
}

/// Returns the calls to ECS since the last use of this function.
fn asked_of_ecs(world: &World) -> String {
    let calls = world.calls();
    let of = |name: &str| calls.get(name).map(|times| format!("{name} {times}"));
    let said: Vec<_> = ["RunTask", "StopTask", "ListTasks", "DescribeTasks"].into_iter().filter_map(of).collect();
    said.join(", ")
}

/// docs/architecture/runtime.md has the same table.
#[tokio::test]
async fn each_transition_takes_so_many_calls_of_ecs() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/architecture/runtime.md")).unwrap();
    let (world, workspace) = started().await;
    let _ = world.calls();
    let mut table = String::new();
    let mut took = |transition: &str| table += &format!("| {transition} | {} |\n", asked_of_ecs(&world));
    handle(&world, &[asked(workspace)]).await;
    took("start");
    handle(&world, &[asked(workspace)]).await;
    took("nothing to do");
    world.subscribe(workspace, plan("pro")).await;
    handle(&world, &[asked(workspace)]).await;
    took("another size");
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Stop, None)
        .await
        .unwrap();
    handle(&world, &[asked(workspace)]).await;
    took("stop");
    assert!(page.contains(&table), "docs/architecture/runtime.md should have this table:\n{table}");
}

#[tokio::test]
async fn a_suspension_stops_the_task_and_its_end_starts_it_again() {
    let (world, workspace) = started().await;
    handle(&world, &[asked(workspace)]).await;
    assert_eq!((world.tasks().len(), status(&world, workspace).as_str()), (1, "running"));

    world.suspend(workspace, "Spam").await;
    // No message that names the workspace starts it, except its own.
    let all = [asked(workspace), changed(workspace, 3, "RUNNING"), json!({"kind": "look_around"})];
    for _ in 0..2 {
        assert_eq!(handle(&world, &all).await, Vec::<String>::new());
    }
    assert_eq!((alive(&world), status(&world, workspace).as_str()), (0, "stopped"));
    let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
    assert_eq!((&item["last_stop_reason"], &item["wish"]), (&json!("suspended"), &json!("running")));

    world.unsuspend(workspace).await;
    handle(&world, &[asked(workspace)]).await;
    assert_eq!((alive(&world), status(&world, workspace).as_str()), (1, "running"));
}

/// The hourly pass finds a task that runs although its workspace is suspended, even if the message was lost.
#[tokio::test]
async fn the_look_around_stops_tasks_of_the_suspended() {
    let (world, workspace) = started().await;
    handle(&world, &[asked(workspace)]).await;
    world.suspend(workspace, "Spam").await;
    handle(&world, &[json!({"kind": "look_around"})]).await;
    assert_eq!(alive(&world), 0);
}

/// The suspension comes after the reconciler has read the head and before it calls ECS. The suspension's own message stops the
/// task.
#[tokio::test]
async fn a_start_that_overlaps_a_suspension_is_undone() {
    let (world, workspace) = started().await;
    world.suspend_after("RunTask", workspace);
    for _ in 0..2 {
        handle(&world, &[asked(workspace)]).await;
    }
    assert_eq!((alive(&world), status(&world, workspace).as_str()), (0, "stopped"));
}

fn alive(world: &World) -> usize {
    world.tasks().iter().filter(|task| task.is_alive()).count()
}
