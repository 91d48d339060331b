//! The planner in every observable state.

use super::*;
use crate::{
    billing::subscription::Standing,
    ids::UserId,
    plans::samples::{plan, plans, shape},
    runtime::record::RuntimeCommand,
};
use crate::{
    plans::plan::Plan,
    runtime::record::{Runtime, RuntimeState, RuntimeStatus, Serving, TaskArn, WantedState, Wish},
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn start() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn placement() -> LaunchTarget {
    LaunchTarget { task_definition: "definition".to_owned(), subnet: "subnet".to_owned() }
}

/// The state of a test: the record, the tasks of ECS, and the clock.
#[derive(Debug, Clone)]
struct World {
    runtime: Runtime,
    tasks: Vec<Task>,
    now: Timestamp,
}

impl World {
    /// The tasks that ECS shows: those not stopped, and the ones named by the record.
    fn shown(&self) -> Vec<Task> {
        let named = self.runtime.tasks();
        let shown = |task: &&Task| task.can_be_stopped() || named.contains(&&task.arn);
        self.tasks.iter().filter(shown).cloned().collect()
    }

    fn steps(&self, standing: &Standing) -> Vec<Step> {
        steps(self.runtime.wanted(standing), &self.runtime, &self.shown(), self.now)
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Record(next) => {
                assert_eq!(next.version, self.runtime.version + 1);
                self.runtime = *next;
            }
            Step::Launch(shape) => {
                self.check_launch_overlaps_only_a_handover();
                self.runtime = self.runtime.launching(shape, placement());
            }
            Step::Run => {
                let attempt = self.runtime.launch.as_ref().unwrap().attempt;
                let known = self.tasks.iter().find(|task| task.attempt == Some(attempt));
                let arn = known.map_or_else(|| TaskArn(format!("arn/{}", self.tasks.len())), |task| task.arn.clone());
                if known.is_none() {
                    self.tasks.push(Task { arn: arn.clone(), attempt: Some(attempt), phase: Phase::Pending });
                }
                self.runtime = self.runtime.launched(arn);
            }
            Step::Stop(arn) => {
                for task in self.tasks.iter_mut().filter(|task| task.arn == arn && task.can_be_stopped()) {
                    task.phase = Phase::Stopping;
                }
            }
        }
    }

    /// Lets ECS act.
    fn tick(&mut self) {
        self.now += SignedDuration::from_secs(5);
        for task in &mut self.tasks {
            task.phase = match task.phase {
                Phase::Pending => Phase::Running { started_at: self.now },
                Phase::Stopping => Phase::Stopped(TaskEnd::Requested),
                still @ (Phase::Running { .. } | Phase::Stopped(_)) => still,
            };
        }
    }

    fn settle(&mut self, standing: &Standing) {
        for _ in 0..300 {
            let steps = self.steps(standing);
            // Nothing is left but to ask again for stops, so ECS acts.
            if steps.iter().all(|step| matches!(step, Step::Stop(_))) {
                self.tick();
            }
            steps.into_iter().for_each(|step| self.apply(step));
            self.check_generations();
        }
    }

    fn alive(&self) -> Vec<&Task> {
        self.tasks.iter().filter(|task| !task.is_stopped()).collect()
    }

    /// Checks that two tasks overlap only while one hands over to the other.
    fn check_launch_overlaps_only_a_handover(&self) {
        let from = self.runtime.state.serving().map(|serving| &serving.task);
        let shown = self.shown();
        assert!(shown.iter().all(|task| task.is_stopped() || Some(&task.arn) == from), "{self:?}");
    }

    /// Checks that no generation has two live tasks that this code launched.
    fn check_generations(&self) {
        let mut generations: Vec<_> =
            self.alive().iter().filter_map(|task| Some(task.attempt?.generation)).filter(|of| *of > FOREIGN).collect();
        let all = generations.len();
        generations.sort_unstable();
        generations.dedup();
        assert_eq!(generations.len(), all, "two tasks of one generation: {:?}", self.tasks);
    }
}

/// Tasks up to this generation are created by the test, not by the planner.
const FOREIGN: u32 = 100;

fn any_phase() -> impl Strategy<Value = Phase> {
    prop::sample::select(vec![
        Phase::Pending,
        Phase::Running { started_at: start() },
        Phase::Stopping,
        Phase::Stopped(TaskEnd::Requested),
        Phase::Stopped(TaskEnd::Exited),
        Phase::Stopped(TaskEnd::HostLost),
        Phase::Stopped(TaskEnd::Unstartable),
    ])
}

fn any_state() -> impl Strategy<Value = RuntimeState> {
    let (deadline, since) = (start() + SignedDuration::from_secs(100), start());
    let attempt = LaunchNumber { generation: 99, number: 7 };
    let from = |name: &str| {
        let (task, shape) = (TaskArn("arn/0".to_owned()), shape(name));
        Box::new(Serving { task, attempt, shape, started_at: start() })
    };
    prop::sample::select(vec![
        RuntimeState::Stopped,
        RuntimeState::Starting { deadline },
        RuntimeState::Running { started_at: start() },
        RuntimeState::Stopping { deadline },
        RuntimeState::Resizing { deadline, from: from("free") },
        RuntimeState::Kept { from: from("free"), since, retry_at: Some(deadline) },
        RuntimeState::Kept { from: from("pro"), since, retry_at: None },
        RuntimeState::Failed { at: start() },
    ])
}

fn any_outcome() -> impl Strategy<Value = LaunchOutcome> {
    let task = |number: usize| TaskArn(format!("arn/{number}"));
    prop_oneof![
        Just(LaunchOutcome::Unknown),
        Just(LaunchOutcome::NoCapacity { retry_at: start() + SignedDuration::from_secs(20) }),
        Just(LaunchOutcome::Refused),
        (0..4_usize).prop_map(move |number| LaunchOutcome::Task { task: task(number) }),
        (0..4_usize).prop_map(move |number| LaunchOutcome::Ended { task: task(number) }),
    ]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    prop::sample::select(plans().iter().collect::<Vec<_>>())
}

/// A plan, or a contract with a size of its own.
fn any_standing() -> impl Strategy<Value = Standing> {
    let agreed = |cpu_units, memory_mib| {
        let terms = serde_json::json!({"runtime": {"cpu_units": cpu_units, "memory_mib": memory_mib}});
        Standing::under_contract(plans(), serde_json::from_value(terms).unwrap())
    };
    prop_oneof![
        any_plan().prop_map(|plan| Standing::paid(plans(), plan)),
        Just(agreed(8192, 16_384)),
        Just(agreed(512, 4096))
    ]
}

prop_compose! {
    fn any_world()(
        state in any_state(),
        running: bool,
        launch in proptest::option::of((98..=100_u32, any_plan(), any_outcome())),
        phases in prop::collection::vec((proptest::option::of(98..=100_u32), any_phase()), 0..4),
        early_ends in 0..3_u32,
    ) -> World {
        let launch = launch.map(|(generation, plan, outcome)| {
            let attempt = LaunchNumber { generation, number: 1 };
            Launch { attempt, shape: shape(plan.name.as_str()), placement: placement(), outcome, refusals: 0 }
        });
        let tasks = phases.into_iter().enumerate().map(|(number, (generation, phase))| Task {
            arn: TaskArn(format!("arn/{number}")),
            attempt: generation.map(|generation| LaunchNumber { generation, number: 1 }),
            phase,
        });
        let wish = if running { Wish::Running } else { Wish::Stopped };
        let runtime = Runtime { version: 1, wish, generation: 100, state, launch, early_ends, ..Runtime::default() };
        World { runtime, tasks: tasks.collect(), now: start() }
    }
}

/// A task that was not launched for this generation.
fn stray(phase: Phase) -> Task {
    Task { arn: TaskArn("arn/stray".to_owned()), attempt: Some(LaunchNumber { generation: 2, number: 9 }), phase }
}

/// Invariant 14.
#[test]
fn a_launch_waits_until_strays_have_stopped() {
    let state = RuntimeState::Starting { deadline: start() + SignedDuration::from_secs(100) };
    let runtime = Runtime { version: 1, wish: Wish::Running, generation: 3, state, ..Runtime::default() };
    let taken = |phase| steps(WantedState::Running(shape("pro")), &runtime, &[stray(phase)], start());
    for alive in [Phase::Pending, Phase::Running { started_at: start() }] {
        assert_eq!(taken(alive), [Step::Stop(TaskArn("arn/stray".to_owned()))], "{alive:?}");
    }
    assert_eq!(taken(Phase::Stopping), []);
    assert_eq!(taken(Phase::Stopped(TaskEnd::Exited)), [Step::Launch(shape("pro"))]);
}

proptest! {
    #[test]
    fn steps_reach_the_wanted_state_and_end(
        mut world in any_world(),
        standing in any_standing(),
        may_run: bool,
    ) {
        let standing = Standing { may_run, ..standing };
        world.settle(&standing);
        prop_assert_eq!(world.steps(&standing), vec![]);
        prop_assert!(world.runtime.is_settled(), "{:?}", world);
        match world.runtime.wanted(&standing) {
            WantedState::Running(shape) => {
                prop_assert_eq!(world.alive().len(), 1, "{:?}", world);
                prop_assert_eq!(world.runtime.shape(), Some(shape));
                prop_assert_eq!(world.runtime.state.status(), RuntimeStatus::Running);
            }
            WantedState::Stopped(_) => {
                prop_assert_eq!(world.alive(), Vec::<&Task>::new());
                let status = world.runtime.state.status();
                prop_assert!(matches!(status, RuntimeStatus::Stopped | RuntimeStatus::Failed), "{:?}", world);
            }
        }
    }

    /// The runtime settles in the wanted state after any sequence of commands, plan changes, task ends and repeated
    /// launches.
    ///
    /// Invariant 14.
    #[test]
    fn a_generation_has_at_most_one_task(
        events in prop::collection::vec((0..6_u8, any_standing(), 0..4_u8), 1..30),
    ) {
        let mut world = World {
            runtime: Runtime { generation: FOREIGN, ..Runtime::default() }, tasks: Vec::new(), now: start(),
        };
        let mut standing = Standing::paid(plans(), plan("pro"));
        for (event, other, rounds) in events {
            match event {
                0..=2 => {
                    let command = [RuntimeCommand::Start, RuntimeCommand::Stop, RuntimeCommand::Restart][usize::from(event)];
                    if let Ok(Some(next)) = world.runtime.commanded(command, &standing, UserId::NIL, world.now) {
                        world.runtime = next;
                    }
                }
                3 => standing = Standing { may_run: standing.may_run, ..other },
                4 => standing.may_run = !standing.may_run,
                _ => if let Some(task) = world.tasks.iter_mut().rfind(|task| !task.is_stopped()) {
                    task.phase = Phase::Stopped(TaskEnd::Exited);
                },
            }
            for _ in 0..rounds {
                let steps = world.steps(&standing);
                if steps.is_empty() { world.tick() }
                // Simulates a crash after the first step.
                steps.into_iter().take(1).for_each(|step| world.apply(step));
                world.check_generations();
            }
        }
        world.settle(&standing);
        prop_assert_eq!(world.steps(&standing), vec![]);
        match world.runtime.wanted(&standing) {
            WantedState::Running(shape) => {
                prop_assert_eq!((world.alive().len(), world.runtime.shape()), (1, Some(shape)), "{:?}", world);
            }
            WantedState::Stopped(_) => prop_assert_eq!(world.alive(), Vec::<&Task>::new()),
        }
    }

    /// A task that ECS shows in an older phase, twice, or not at all moves nothing back.
    ///
    /// Invariant 17.
    #[test]
    fn old_observations_never_move_a_runtime_back(late in any_phase(), repeated in 1..3_usize) {
        let standing = Standing::paid(plans(), plan("pro"));
        let mut world = World { runtime: Runtime::default(), tasks: Vec::new(), now: start() };
        let command = world.runtime.commanded(RuntimeCommand::Start, &standing, UserId::NIL, world.now);
        world.runtime = command.unwrap().unwrap();
        world.settle(&standing);
        let running = world.runtime.clone();
        let mut shown = world.tasks[0].clone();
        shown.phase = late;
        let steps = steps(running.wanted(&standing), &running, &vec![shown; repeated], world.now);
        match late {
            Phase::Pending | Phase::Running { .. } | Phase::Stopping => prop_assert_eq!(steps, vec![]),
            // The end of this task is new information.
            Phase::Stopped(_) => prop_assert_ne!(steps, vec![]),
        }
    }

    /// Invariant 16.
    #[test]
    fn no_transition_outlives_its_deadline(mut world in any_world(), plan in any_plan(), may_run: bool) {
        let standing = Standing { may_run, ..Standing::paid(plans(), plan) };
        // ECS never acts.
        for _ in 0..40 {
            for _ in 0..20 {
                let steps = world.steps(&standing);
                steps.into_iter().filter(|step| matches!(step, Step::Record(_))).for_each(|step| world.apply(step));
            }
            let overdue = world.runtime.state.deadline().is_some_and(|deadline| deadline <= world.now);
            prop_assert!(!overdue, "{:?}", world);
            world.now += SignedDuration::from_secs(45);
        }
        // A change of size is retried for as long as another task serves.
        prop_assert!(world.runtime.state.serving().is_some() || world.runtime.state.deadline().is_none(), "{:?}", world);
    }
}
