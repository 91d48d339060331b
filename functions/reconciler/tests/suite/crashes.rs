//! Runtimes under faults: crashes between any two calls, lost answers, refusals, and races of commands and reconcilers.

use domain::{
    billing::subscription::Standing,
    ids::WorkspaceId,
    plans::plan::Plan,
    runtime::reconcile::{self, Launch, LaunchNumber, LaunchTarget},
    runtime::record::{RuntimeCommand, RuntimeStatus},
};
use jiff::SignedDuration;
use serde_json::Value;
use shared::runtime::{RuntimeView, command_runtime, read_runtime};
use testkit::{ANA, Chances, Fault, Moment, PLANS, Refusal, RunningTask, World, plan};
use workers::runtime::{PatrolSummary, ReconcileOutcome, patrol_cluster, reconcile_runtime};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

async fn give(world: &World, workspace: WorkspaceId, given: RuntimeCommand) {
    // Under faults a command is repeated; so is one that is refused because it comes too soon after others.
    while command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, given, None).await.is_err()
    {
        world.wait(SECOND);
    }
}

async fn seen(world: &World, workspace: WorkspaceId) -> RuntimeView {
    read_runtime(&world.store(), &ANA.caller(), workspace).await.unwrap()
}

/// Reconciles `workspace` until it is settled, as the queue does.
async fn settle(world: &World, workspace: WorkspaceId) {
    for _ in 0..60 {
        if matches!(
            Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await,
            Ok(ReconcileOutcome::Settled)
        ) {
            return;
        }
        world.wait(SECOND * 10);
    }
    panic!("the runtime never settles: {:#?} {:#?}", world.items(), world.tasks());
}

fn alive(world: &World) -> Vec<RunningTask> {
    world.tasks().into_iter().filter(RunningTask::is_alive).collect()
}

/// Returns the task definition of the size of `plan`.
fn definition(plan: Plan) -> String {
    let size = plan.size.unwrap();
    format!("runtime-{}-{}", size.cpu_units, size.memory_mib)
}

#[track_caller]
fn assert_one(world: &World, plan: Plan, context: &str) {
    let alive = alive(world);
    assert_eq!(alive.len(), 1, "{context}: {alive:#?}");
    assert_eq!(alive[0].task_definition, definition(plan), "{context}");
    assert_eq!(Some(alive[0].size), plan.size, "{context}");
    assert_eq!(world.most_alive(), 1, "{context}: two concurrent tasks of one generation");
}

fn attempts(world: &World) -> Vec<(String, String)> {
    let number = |task: &RunningTask, name: &str| task.environment[name].clone();
    world.tasks().iter().map(|task| (number(task, "BERTH_GENERATION"), number(task, "BERTH_ATTEMPT"))).collect()
}

/// Starts a runtime with `plan` and reconciles it in a process that ends at the `call`-th call. The bool is true if it ended.
async fn start_crashing(call: u32, moment: Moment, plan: Plan) -> (World, WorkspaceId, bool) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.subscribe(workspace, plan).await;
    world.slow_cluster(SECOND * 20, SECOND * 5, SECOND * 2);
    give(&world, workspace, RuntimeCommand::Start).await;
    let with = world.reconciler_deps();
    let done = world.crashing(call, moment, Box::pin(reconcile_runtime(&with, workspace))).await;
    (world, workspace, done.is_none())
}

/// Invariants 14 and 18.
#[tokio::test]
async fn crashed_start_leaves_one_correct_task() {
    for moment in [Moment::Before, Moment::After] {
        let mut call = 0;
        loop {
            let (world, workspace, crashed) = start_crashing(call, moment, plan("pro")).await;
            settle(&world, workspace).await;
            assert_one(&world, plan("pro"), &format!("{moment:?} call {call}"));
            assert_eq!(attempts(&world), [("1".to_owned(), "1".to_owned())], "{moment:?} call {call}: one launch");
            let view = seen(&world, workspace).await;
            assert_eq!((view.status, view.plan_size), (RuntimeStatus::Running, plan("pro").name));
            if !crashed {
                break;
            }
            call += 1;
        }
        assert!(call >= 10, "{moment:?}: a start takes more than {call} calls");
    }
}

/// Invariant 15.
#[tokio::test]
async fn stop_after_a_crash_leaves_no_task() {
    for moment in [Moment::Before, Moment::After] {
        let mut call = 0;
        loop {
            let (world, workspace, crashed) = start_crashing(call, moment, plan("free")).await;
            give(&world, workspace, RuntimeCommand::Stop).await;
            let with = world.reconciler_deps();
            for again in 0..40 {
                // The stop crashes as well, a little later each time.
                let work = Box::pin(reconcile_runtime(&with, workspace));
                let _ = world.crashing(again, moment, work).await;
                world.wait(SECOND);
            }
            settle(&world, workspace).await;
            assert_eq!(alive(&world), [], "{moment:?} call {call}");
            assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Stopped);
            if !crashed {
                break;
            }
            call += 1;
        }
    }
}

/// Invariant 15.
#[tokio::test]
async fn stop_waits_for_the_outcome_of_the_launch() {
    // ECS has started the task, but its answer was lost, and the task is not listed yet.
    let (world, workspace, _) = start_crashing(6, Moment::After, plan("free")).await;
    give(&world, workspace, RuntimeCommand::Stop).await;
    settle(&world, workspace).await;
    world.wait(SECOND * 60);
    assert_eq!((world.tasks().len(), alive(&world)), (1, vec![]));
}

/// Invariant 15.
#[tokio::test]
async fn unwanted_task_is_stopped() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    settle(&world, workspace).await;
    // The workspace's deletion was requested.
    world.overwrite(workspace, "META", "live", serde_json::json!({"BOOL": false}));
    settle(&world, workspace).await;
    assert_eq!(alive(&world), []);
}

/// Starts a task for `workspace` that no record knows.
async fn start_unknown_task(world: &World, workspace: WorkspaceId) {
    let placement = LaunchTarget { task_definition: definition(plan("free")), subnet: "subnet-a".to_owned() };
    let attempt = LaunchNumber { generation: 9, number: 1 };
    let launch = Launch {
        attempt,
        shape: Standing::unpaid(PLANS).shape().unwrap(),
        placement,
        outcome: reconcile::LaunchOutcome::Unknown,
        refusals: 0,
    };
    world.reconciler_deps().tasks.run(workspace, &launch, "token".to_owned()).await.unwrap();
}

/// Invariants 14 and 15.
#[tokio::test]
async fn hourly_pass_stops_only_unwanted_tasks() {
    let world = World::default();
    let [kept, twofold, stopped, deleted] = [(); 4].map(|()| world.clone());
    let [kept, twofold, stopped, deleted] = [
        kept.workspace_of(&ANA).await,
        twofold.workspace_of(&ANA).await,
        stopped.workspace_of(&ANA).await,
        deleted.workspace_of(&ANA).await,
    ];
    for workspace in [kept, twofold, deleted] {
        // A person may run one free container.
        world.subscribe(workspace, plan("pro")).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        settle(&world, workspace).await;
    }
    world.overwrite(deleted, "META", "live", serde_json::json!({"BOOL": false}));
    let absent = "ws_01JADE000000000000000000ZZ".parse().unwrap();
    for workspace in [twofold, stopped, absent] {
        start_unknown_task(&world, workspace).await;
    }
    assert_eq!(alive(&world).len(), 6);
    let patrolled = patrol_cluster(&world.reconciler_deps()).await.unwrap();
    assert_eq!(patrolled, PatrolSummary { seen: 6, unwanted: 4, failed: 0 });
    let left: Vec<_> =
        alive(&world).into_iter().map(|task| (task.started_by, task.environment["BERTH_GENERATION"].clone())).collect();
    assert_eq!(left, [(kept.to_string(), "1".to_owned()), (twofold.to_string(), "1".to_owned())]);
    assert_eq!(
        patrol_cluster(&world.reconciler_deps()).await.unwrap(),
        PatrolSummary { seen: 2, ..PatrolSummary::default() }
    );
}

/// Invariant 14.
#[tokio::test]
async fn unknown_task_is_found_and_stopped() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    settle(&world, workspace).await;
    // The record was lost with its launch, but the task still runs.
    world.overwrite(workspace, "RUNTIME", "launch", serde_json::json!({"NULL": true}));
    world.overwrite(workspace, "RUNTIME", "generation", serde_json::json!({"N": "7"}));
    world.overwrite(
        workspace,
        "RUNTIME",
        "state",
        serde_json::json!({"M": {
            "status": {"S": "starting"}, "deadline": {"S": "2026-11-21T12:09:00Z"},
        }}),
    );
    settle(&world, workspace).await;
    assert_one(&world, plan("free"), "after the unknown task");
    assert_eq!(attempts(&world).last(), Some(&("7".to_owned(), "1".to_owned())));
}

/// Invariant 14.
#[tokio::test(start_paused = true)]
async fn races_settle_with_the_last_wanted_task() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        let workspace = world.workspace_of(&ANA).await;
        world.slow_cluster(SECOND * 3, SECOND, SECOND / 2);
        world.set_fault_chances(Chances::HIGH);
        let commands = [
            RuntimeCommand::Start,
            RuntimeCommand::Restart,
            RuntimeCommand::Stop,
            RuntimeCommand::Start,
            RuntimeCommand::Restart,
        ];
        let with = world.reconciler_deps();
        for given in commands {
            let run = || Box::pin(reconcile_runtime(&with, workspace));
            let (_, _, _) = tokio::join!(give(&world, workspace, given), run(), run());
            world.wait(SECOND);
        }
        world.clear_fault_chances();
        settle(&world, workspace).await;
        assert_one(&world, plan("free"), &format!("seed {seed}"));
        // A stop during a start, with two reconcilers, is not lost.
        give(&world, workspace, RuntimeCommand::Restart).await;
        let run = || Box::pin(reconcile_runtime(&with, workspace));
        let (_, _, _) = tokio::join!(run(), run(), give(&world, workspace, RuntimeCommand::Stop));
        settle(&world, workspace).await;
        assert_eq!(alive(&world), [], "seed {seed}");
    }
}

#[tokio::test]
async fn decision_on_an_outdated_record_is_not_written() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    // A stop arrives while ECS is called.
    world.after("ListTasks", workspace, "RUNTIME", "version", serde_json::json!({"N": "7"}));
    world.after("ListTasks", workspace, "RUNTIME", "wish", serde_json::json!({"S": "stopped"}));
    let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await;
    let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
    assert_eq!(item["wish"], "stopped", "{item:#}");
    assert!(item["version"].as_u64().unwrap() >= 7, "{item:#}");
    settle(&world, workspace).await;
    assert_eq!(world.tasks(), []);
}

#[tokio::test]
async fn a_restart_waits_for_the_end_of_the_old_task() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    settle(&world, workspace).await;
    world.slow_cluster(SECOND * 5, SECOND * 30, SECOND);
    give(&world, workspace, RuntimeCommand::Restart).await;
    for _ in 0..12 {
        let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await;
        assert_eq!(alive(&world).len(), 1, "{:#?}", world.tasks());
        world.wait(SECOND * 5);
    }
    settle(&world, workspace).await;
    assert_eq!(attempts(&world), [("1".to_owned(), "1".to_owned()), ("2".to_owned(), "1".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn lost_launch_answer_is_retried_under_the_same_attempt() {
    let world = World::seeded(1);
    let workspace = world.workspace_of(&ANA).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    // Lost so often that the SDK gives up.
    (0..3).for_each(|_| world.plan("RunTask", Fault::LoseReply));
    assert!(Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.is_err());
    settle(&world, workspace).await;
    assert_one(&world, plan("free"), "after lost answers");
    assert_eq!(world.tasks().len(), 1);
}

#[tokio::test]
async fn without_capacity_tries_the_next_subnet_and_then_waits() {
    for refusal in [Refusal::NoCapacity, Refusal::NoCapacityError] {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        world.refuse_task(refusal);
        settle(&world, workspace).await;
        assert_eq!(
            (alive(&world)[0].subnet.as_str(), attempts(&world)),
            ("subnet-b", vec![("1".to_owned(), "2".to_owned())])
        );
        give(&world, workspace, RuntimeCommand::Restart).await;
        (0..2).for_each(|_| world.refuse_task(refusal));
        let outcome = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
        assert_eq!(
            (outcome, seen(&world, workspace).await.status),
            (ReconcileOutcome::Waiting, RuntimeStatus::Starting)
        );
        settle(&world, workspace).await;
        assert_one(&world, plan("free"), "once there is capacity");
    }
}

/// A fault that prevents the end of a start.
type Spoil = fn(&World);

/// Invariant 16.
#[tokio::test]
async fn stuck_start_fails_with_a_reason_and_can_retry() {
    let cases: [(&str, Spoil); 3] = [
        ("there was no free capacity; start it again later", |world| {
            (0..99).for_each(|_| world.refuse_task(Refusal::NoCapacity));
        }),
        ("it did not start in time; start it again", |world| {
            world.slow_cluster(SECOND * 3600, SECOND, SignedDuration::ZERO);
        }),
        ("it cannot be started because of an error on our side; contact support", |world| {
            world.refuse_task(Refusal::Invalid);
        }),
    ];
    for (words, spoil) in cases {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        spoil(&world);
        for _ in 0..62 {
            let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await;
            world.wait(SECOND * 10);
        }
        let view = seen(&world, workspace).await;
        assert_eq!((view.status, view.last_stop_reason, view.deadline), (RuntimeStatus::Failed, Some(words), None));
        settle(&world, workspace).await;
        assert_eq!(alive(&world), [], "{words}: a start that failed leaves no task");
        if !words.contains("capacity") {
            world.slow_cluster(SECOND, SECOND, SignedDuration::ZERO);
            give(&world, workspace, RuntimeCommand::Start).await;
            settle(&world, workspace).await;
            assert_one(&world, plan("free"), words);
        }
    }
}

#[tokio::test]
async fn missed_end_of_a_task_delays_no_stop_or_restart() {
    for (given, wanted) in
        [(RuntimeCommand::Stop, RuntimeStatus::Stopped), (RuntimeCommand::Restart, RuntimeStatus::Running)]
    {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        settle(&world, workspace).await;
        world.end_task(&alive(&world)[0].arn, "SpotInterruption");
        // No reconciler runs for longer than ECS lists an ended task.
        world.wait(SECOND * 4000);
        give(&world, workspace, given).await;
        settle(&world, workspace).await;
        assert_eq!(seen(&world, workspace).await.status, wanted, "{given:?}");
    }
}

#[tokio::test]
async fn a_task_that_dies_young_is_started_again_and_then_given_up() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    for died in 0..3 {
        settle(&world, workspace).await;
        assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Running, "after {died} deaths");
        world.end_task(&alive(&world)[0].arn, "EssentialContainerExited");
    }
    settle(&world, workspace).await;
    let view = seen(&world, workspace).await;
    assert_eq!((view.status, view.last_stop_reason), (RuntimeStatus::Failed, Some("its process ended by itself")));
    assert_eq!(alive(&world), []);
}

#[tokio::test]
async fn a_dead_task_of_a_living_token_is_not_taken_for_a_running_one() {
    let (world, workspace, _) = start_crashing(6, Moment::After, plan("free")).await;
    let Some(first) = world.tasks().first().cloned() else { panic!("the launch was asked for: {:?}", world.calls()) };
    world.end_task(&first.arn, "TaskFailedToStart");
    world.wait(SECOND);
    settle(&world, workspace).await;
    assert_one(&world, plan("free"), "after the dead one");
    assert_ne!(alive(&world)[0].arn, first.arn);
}

#[tokio::test]
async fn a_deployment_between_two_tries_is_no_second_task() {
    let (world, workspace, _) = start_crashing(6, Moment::After, plan("free")).await;
    assert_eq!(world.tasks().len(), 1);
    // The recorded launch is requested again. Another subnet under the same token is a conflict that names the task.
    let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
    assert_eq!(item["launch"]["outcome"]["is"], Value::from("unknown"));
    world.overwrite(
        workspace,
        "RUNTIME",
        "launch",
        serde_json::json!({"M": {
            "attempt": {"M": {"generation": {"N": "1"}, "number": {"N": "1"}}},
            "plan": {"S": "free"},
            "placement": {"M": {"task_definition": {"S": "runtime-free"}, "subnet": {"S": "subnet-z"}}},
            "outcome": {"M": {"is": {"S": "unknown"}}},
            "refusals": {"N": "0"},
        }}),
    );
    // The task is not listed yet: only the conflict names it.
    let outcome = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    assert_eq!(outcome, ReconcileOutcome::Waiting);
    settle(&world, workspace).await;
    assert_one(&world, plan("free"), "after a conflict");
    assert_eq!(world.tasks().len(), 1);
}

/// Creates a workspace that runs with the size of pro and has just bought business.
async fn outgrown() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.subscribe(workspace, plan("pro")).await;
    give(&world, workspace, RuntimeCommand::Start).await;
    settle(&world, workspace).await;
    world.subscribe(workspace, plan("business")).await;
    (world, workspace)
}

/// Reconciles `workspace` twice a minute for `minutes`, and asserts that a task runs at every moment.
async fn reconcile_for(world: &World, workspace: WorkspaceId, minutes: i32) {
    for _ in 0..2 * minutes {
        let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await;
        assert!(alive(world).iter().any(|task| task.status == "RUNNING"), "{:#?}", world.tasks());
        world.wait(SECOND * 30);
    }
}

/// Invariant 16.
#[tokio::test]
async fn failed_resize_keeps_the_task_and_retries() {
    let late = "a container of the new size did not start; it keeps running in its current size, and the change is retried soon";
    let none = "there was no free capacity for the new size; it keeps running in its current size, and the change is retried soon";
    let cases: [(&str, Spoil); 3] = [
        (none, |world| (0..99).for_each(|_| world.refuse_task(Refusal::NoCapacity))),
        (late, |world| world.slow_cluster(SECOND * 3600, SECOND, SignedDuration::ZERO)),
        (late, |world| (0..99).for_each(|_| world.refuse_task(Refusal::Invalid))),
    ];
    for (words, spoil) in cases {
        let (world, workspace) = outgrown().await;
        let before = seen(&world, workspace).await;
        spoil(&world);
        reconcile_for(&world, workspace, 18).await;
        let view = seen(&world, workspace).await;
        assert_eq!(
            (view.status, view.plan_size, view.last_stop_reason),
            (RuntimeStatus::Running, plan("pro").name, Some(words))
        );
        assert_eq!(view.container_id, before.container_id, "{words}");
        assert!(view.uptime >= Some(17 * 60), "{words}: {:?}", view.uptime);
        assert_one(&world, plan("pro"), words);
        // The runtime is due at the time of the next try.
        let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
        assert!(item["due_at"].is_number(), "{item:#}");
        world.forget_refusals();
        world.slow_cluster(SECOND, SECOND, SignedDuration::ZERO);
        reconcile_for(&world, workspace, 16).await;
        settle(&world, workspace).await;
        world.wait(SECOND * 5);
        assert_one(&world, plan("business"), words);
        assert_eq!(seen(&world, workspace).await.last_stop_reason, Some("restarted in another size"));
    }
}

#[tokio::test]
async fn kept_runtime_restarts_in_the_wanted_size() {
    let (world, workspace) = outgrown().await;
    world.refuse_task(Refusal::Invalid);
    settle(&world, workspace).await;
    assert_eq!(seen(&world, workspace).await.plan_size, plan("pro").name);
    world.end_task(&alive(&world)[0].arn, "SpotInterruption");
    settle(&world, workspace).await;
    assert_one(&world, plan("business"), "after the death");
    let (world, workspace) = outgrown().await;
    world.refuse_task(Refusal::Invalid);
    settle(&world, workspace).await;
    give(&world, workspace, RuntimeCommand::Stop).await;
    settle(&world, workspace).await;
    assert_eq!(alive(&world), []);
}

#[tokio::test]
async fn return_to_the_kept_plan_leaves_the_task_alone() {
    let (world, workspace) = outgrown().await;
    world.refuse_task(Refusal::Invalid);
    settle(&world, workspace).await;
    world.subscribe(workspace, plan("pro")).await;
    settle(&world, workspace).await;
    let item = &world.items()[&(format!("WS#{workspace}"), "RUNTIME".to_owned())];
    assert_eq!(
        (&item["state"]["status"], item["state"]["retry_at"].is_null()),
        (&Value::from("kept"), true),
        "{item:#}"
    );
    assert_eq!(world.tasks().len(), 1);
    world.subscribe(workspace, plan("starter")).await;
    settle(&world, workspace).await;
    world.wait(SECOND * 5);
    assert_one(&world, plan("starter"), "a third plan");
}

#[tokio::test]
async fn a_host_that_is_taken_away_is_no_fault_of_the_task() {
    for code in ["SpotInterruption", "TerminationNotice", "InfrastructureHealth"] {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        settle(&world, workspace).await;
        world.wait(SECOND * 400);
        world.end_task(&alive(&world)[0].arn, code);
        settle(&world, workspace).await;
        let view = seen(&world, workspace).await;
        let words = "its host was taken out of service";
        assert_eq!((view.status, view.last_stop_reason), (RuntimeStatus::Running, Some(words)), "{code}");
        assert_one(&world, plan("free"), code);
    }
}

#[tokio::test]
async fn a_plan_of_another_size_takes_over_once_its_task_runs() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.slow_cluster(SECOND * 30, SECOND, SignedDuration::ZERO);
    give(&world, workspace, RuntimeCommand::Start).await;
    settle(&world, workspace).await;
    world.subscribe(workspace, plan("business")).await;
    let outcome = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    assert_eq!(
        (outcome, alive(&world).len()),
        (ReconcileOutcome::Waiting, 2),
        "the old one runs until the new one does"
    );
    assert_eq!(seen(&world, workspace).await.status, RuntimeStatus::Resizing);
    world.wait(SECOND * 31);
    settle(&world, workspace).await;
    world.wait(SECOND * 5);
    assert_one(&world, plan("business"), "resized");
    assert_eq!(seen(&world, workspace).await.plan_size, plan("business").name);
}
