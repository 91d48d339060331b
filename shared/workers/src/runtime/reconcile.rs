//! Making a runtime what is wanted of it.
//!
//! Each round reads the record, what the workspace pays for and what ECS shows, and takes the steps from one to the other.
//! A round may end anywhere, and several may run at once: what is written requires the version that was read, a launch is
//! recorded before it is asked for, and asked for under a token of its own.

use domain::{
    ids::WorkspaceId,
    runtime::reconcile::{Step, steps},
    runtime::record::{Runtime, TaskArn},
    runtime::token::Bearer,
};
use ecs::{self, Ran, Tasks};
use jiff::Timestamp;
use secrets::{self, RuntimeKey};
use store::{self, Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// The most rounds of one call. A start takes six, each change of somebody else one more.
const ROUNDS: usize = 24;

/// What it takes to make runtimes what is wanted.
#[derive(Debug, Clone)]
pub struct Reconciling {
    /// The table.
    pub store: Store,
    /// ECS.
    pub tasks: Tasks,
    /// What signs the tokens that tasks report with.
    pub key: RuntimeKey,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Things are as wanted.
    Settled,
    /// ECS must do something first; it is worth looking again.
    Waiting,
}

/// Why a runtime could not be looked after; it is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// ECS failed.
    #[error(transparent)]
    Ecs(#[from] ecs::Error),
    /// There is no key to sign a task's token with.
    #[error("a task's token cannot be signed")]
    Key(#[from] secrets::Error),
    /// A plan has no task definition, or there is no subnet.
    #[error("a task cannot be placed")]
    Unplaceable,
}

/// Makes the runtime of `workspace` what is wanted of it, as far as that can be done now.
///
/// # Errors
/// [`ReconcileError`].
pub async fn reconcile(with: &Reconciling, workspace: WorkspaceId) -> Result<Outcome, ReconcileError> {
    let mut round = Round { with, scope: SystemScope::of(workspace), asked_to_stop: Vec::new() };
    for _ in 0..ROUNDS {
        if let Some(outcome) = round.take().await? {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Waiting)
}

struct Round<'a> {
    with: &'a Reconciling,
    scope: SystemScope,
    /// Tasks that were asked to stop in this call: once is enough.
    asked_to_stop: Vec<TaskArn>,
}

impl Round<'_> {
    /// Reads, and takes the steps that follow; `None` if there may be more.
    async fn take(&mut self) -> Result<Option<Outcome>, ReconcileError> {
        let Self { with: Reconciling { store, tasks, .. }, scope, .. } = self;
        let tended = store.tended(scope).await?;
        let runtime = &tended.runtime;
        let shown = tasks.of(scope.workspace(), &runtime.tasks()).await?;
        let now = store.ambient().now();
        let steps = steps(tended.wanted(now), runtime, &shown, now);
        if steps.iter().all(|step| self.was_done(step)) {
            let settled = steps.is_empty() && runtime.is_settled();
            return Ok(Some(if settled { Outcome::Settled } else { Outcome::Waiting }));
        }
        for step in steps {
            if !self.was_done(&step) {
                self.run(runtime, step, now).await?;
            }
        }
        Ok(None)
    }

    fn was_done(&self, step: &Step) -> bool {
        match step {
            Step::Stop(task) => self.asked_to_stop.contains(task),
            Step::Run | Step::Launch(_) | Step::Record(_) => false,
        }
    }

    async fn run(&mut self, runtime: &Runtime, step: Step, now: Timestamp) -> Result<(), ReconcileError> {
        let Reconciling { store, tasks, key } = self.with;
        let next = match step {
            Step::Stop(task) => {
                tasks.stop(&task).await?;
                self.asked_to_stop.push(task);
                return Ok(());
            }
            Step::Record(next) => *next,
            Step::Launch(shape) => {
                let tries = runtime.launch.as_ref().map_or(0, |launch| launch.refusals);
                let placement = tasks.placement(shape.plan, tries).ok_or(ReconcileError::Unplaceable)?;
                runtime.launching(shape, placement)
            }
            Step::Run => {
                let Some(launch) = &runtime.launch else { return Ok(()) };
                let workspace = self.scope.workspace();
                let token = key.sign(Bearer { workspace, attempt: launch.attempt }, now).await?;
                match tasks.run(workspace, launch, token).await? {
                    Ran::Task(task) => runtime.launched(task),
                    Ran::Refused(refused) => runtime.refused(refused, tasks.subnets(), now),
                }
            }
        };
        // Whoever came first has changed what follows; the next round reads it.
        let (Recorded::Yes | Recorded::ChangedMeanwhile) =
            store.record_runtime(&self.scope, runtime, &next, now).await?;
        Ok(())
    }
}
