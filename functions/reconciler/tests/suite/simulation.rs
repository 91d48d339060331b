//! A simulation of runtimes in an order decided by a seed: commands, changes of plan and standing, faults of ECS and of the
//! table, deaths of tasks, crashes of the reconciler between any two calls, late and repeated events, reports, idleness. Every
//! run settles in the last wanted state, with one task of the right size and no other.
//!
//! `BERTH_RUNS` is the number of seeds, `BERTH_SEED` the first one.

use domain::{
    ids::WorkspaceId,
    plans::size::Size,
    runtime::heartbeat::Figures,
    runtime::record::{RuntimeCommand, RuntimeStatus},
};
use jiff::SignedDuration;
use shared::runtime::{RuntimeView, command_runtime, read_runtime};
use testkit::{ANA, Chances, Moment, Refusal, RunningTask, World, plan};
use workers::runtime::{ReconcileOutcome, patrol_cluster, reconcile_runtime, record_report, stop_if_idle};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The purchase that decides the size of the runtime.
#[derive(Debug, Clone, Copy)]
enum Bought {
    Plan(&'static str),
    Contract(Size),
}

const BOUGHT: [Bought; 5] = [
    Bought::Plan("starter"),
    Bought::Plan("pro"),
    Bought::Plan("business"),
    Bought::Contract(Size { cpu_units: 8192, memory_mib: 16_384 }),
    Bought::Contract(Size { cpu_units: 1024, memory_mib: 8192 }),
];

impl Bought {
    async fn by(self, world: &World, workspace: WorkspaceId) {
        match self {
            Self::Plan("free") => {}
            Self::Plan(name) => world.subscribe(workspace, plan(name)).await,
            Self::Contract(size) => world.set_contract(workspace, size).await,
        }
    }

    fn size(self) -> Size {
        match self {
            Self::Plan(name) => plan(name).size.unwrap(),
            Self::Contract(size) => size,
        }
    }

    fn is_shown(self, view: &RuntimeView) -> bool {
        let Size { cpu_units, memory_mib } = self.size();
        (view.resources.cpu_units, view.resources.ram_limit_mb) == (Some(cpu_units), Some(memory_mib))
    }
}

const CODES: [&str; 5] =
    ["EssentialContainerExited", "TaskFailedToStart", "SpotInterruption", "TerminationNotice", "UserInitiated"];

struct Run {
    world: World,
    workspace: WorkspaceId,
    random: fastrand::Rng,
    /// The current plan or contract, which decides the size of the runtime.
    bought: Bought,
    /// The time for which a new task is not listed. Once listed, a task stays so.
    shown_after: SignedDuration,
}

impl Run {
    async fn new(seed: u64) -> Self {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        let mut random = fastrand::Rng::with_seed(seed);
        let shown_after = SECOND * random.i32(0..4);
        world.slow_cluster(SignedDuration::ZERO, SignedDuration::ZERO, shown_after);
        Self { world, workspace, random, bought: Bought::Plan("free"), shown_after }
    }

    async fn run_reconciler(&self) -> bool {
        matches!(
            Box::pin(reconcile_runtime(&self.world.reconciler_deps(), self.workspace)).await,
            Ok(ReconcileOutcome::Settled)
        )
    }

    async fn give(&self, given: RuntimeCommand) {
        let Self { world, workspace, .. } = self;
        // Under faults a command is repeated; so is one that is refused because it comes too soon after others.
        while command_runtime(&world.store(), world.free_containers(), &ANA.caller(), *workspace, given, None)
            .await
            .is_err()
        {
            world.wait(SECOND);
        }
    }

    /// Takes one random step.
    async fn step(&mut self) {
        let (world, workspace) = (self.world.clone(), self.workspace);
        match self.random.u8(0..16) {
            0..3 => {
                let commands =
                    [RuntimeCommand::Start, RuntimeCommand::Start, RuntimeCommand::Restart, RuntimeCommand::Stop];
                let given = *self.random.choice(&commands).unwrap();
                self.give(given).await;
            }
            3 => {
                self.bought = *self.random.choice(&BOUGHT).unwrap();
                self.bought.by(&world, workspace).await;
            }
            4 => {
                let all = [Refusal::NoCapacity, Refusal::NoCapacityError, Refusal::Invalid];
                (0..self.random.u8(1..4)).for_each(|_| world.refuse_task(*self.random.choice(&all).unwrap()));
            }
            5 => {
                let tasks = world.tasks();
                if let Some(task) = self.random.choice(&tasks) {
                    world.end_task(&task.arn, self.random.choice(&CODES).unwrap());
                }
            }
            6 => {
                let seconds = |random: &mut fastrand::Rng, most| SECOND * random.i32(0..most);
                let [run, stop] = [40, 20].map(|most| seconds(&mut self.random, most));
                world.slow_cluster(run, stop, self.shown_after);
            }
            7..10 => {
                let moment = *self.random.choice(&[Moment::Before, Moment::After]).unwrap();
                let (call, with) = (self.random.u32(0..12), world.reconciler_deps());
                let _ = world.crashing(call, moment, Box::pin(reconcile_runtime(&with, workspace))).await;
            }
            10 => {
                world.set_fault_chances(Chances::HIGH);
                self.run_reconciler().await;
                world.clear_fault_chances();
            }
            11 => {
                // A report of any container that ever existed.
                let tasks = world.tasks();
                if let Some(task) = self.random.choice(&tasks) {
                    let (figures, active) = (Figures::new(100, 5.0).unwrap(), self.random.bool());
                    let token = &task.environment["BERTH_RUNTIME_TOKEN"];
                    let _ = record_report(&world.store(), &world.runtime_key(), token, figures, active).await;
                }
            }
            12 => drop(stop_if_idle(&world.store(), workspace).await),
            // An event, possibly late or repeated.
            _ => drop(self.run_reconciler().await),
        }
        let wait = *self.random.choice(&[0, 0, 1, 5, 30, 200, 2_000]).unwrap();
        world.wait(SECOND * wait);
    }

    /// Ends the faults, gives a last command, and lets time pass.
    async fn end(mut self, context: &str) {
        let world = self.world.clone();
        world.forget_refusals();
        world.slow_cluster(SECOND * 5, SECOND * 2, self.shown_after);
        // Periods may have ended in the meantime.
        self.bought.by(&world, self.workspace).await;
        // Overdue deadlines are handled, as the sweeper does within two minutes.
        for _ in 0..3 {
            self.run_reconciler().await;
            world.wait(SECOND * 10);
        }
        let wanted =
            *self.random.choice(&[RuntimeCommand::Start, RuntimeCommand::Restart, RuntimeCommand::Stop]).unwrap();
        self.give(wanted).await;
        for round in 0.. {
            assert!(round < 300, "{context}: the runtime never settles: {:#?}", world.tasks());
            world.wait(SECOND * 10);
            let settled = self.run_reconciler().await;
            let view = read_runtime(&world.store(), &ANA.caller(), self.workspace).await.unwrap();
            // A runtime that keeps another size retries by itself.
            if settled && (wanted == RuntimeCommand::Stop || self.bought.is_shown(&view)) {
                break;
            }
        }
        world.wait(SECOND * 10);
        let view = read_runtime(&world.store(), &ANA.caller(), self.workspace).await.unwrap();
        let alive: Vec<_> = world.tasks().into_iter().filter(RunningTask::is_alive).collect();
        if wanted == RuntimeCommand::Stop {
            assert_eq!((view.status, alive.as_slice()), (RuntimeStatus::Stopped, [].as_slice()), "{context}");
        } else {
            let [task] = alive.as_slice() else { panic!("{context}: {view:?} {alive:#?}") };
            assert_eq!((view.status, task.size), (RuntimeStatus::Running, self.bought.size()), "{context}");
            assert!(task.arn.ends_with(view.container_id.as_deref().unwrap()), "{context}");
        }
        assert!(world.most_alive() <= 1, "{context}: two concurrent tasks of one generation");
        assert_eq!(patrol_cluster(&world.reconciler_deps()).await.unwrap().unwanted, 0, "{context}: an orphan");
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Invariant 14.
#[tokio::test(start_paused = true)]
async fn to_18_every_run_settles_as_last_wanted() {
    let first = number("BERTH_SEED", 0);
    for seed in first..first + number("BERTH_RUNS", 300) {
        let mut run = Run::new(seed).await;
        for _ in 0..run.random.u8(3..25) {
            run.step().await;
        }
        run.end(&format!("BERTH_SEED={seed}")).await;
    }
}
