//! Brings a runtime to its wanted state.
//!
//! Each round reads the record, the billing and the tasks in ECS, and takes the steps from the observed to the wanted
//! state. A round may be interrupted anywhere, and several may run concurrently: every write requires the version that
//! was read, and a launch is recorded before it is requested, with its own client token.

use domain::{
    ids::WorkspaceId,
    runtime::reconcile::{Phase, Step, steps},
    runtime::record::TaskArn,
    runtime::token::Bearer,
};
use ecs::{self, RunTaskOutcome, Tasks};
use jiff::Timestamp;
use secrets::{self, RuntimeKey};
use store::{
    self, Store,
    runtime::runtimes::{Recorded, RuntimeFacts},
};
use system_scope::SystemScope;

/// Maximum number of rounds per call. A start takes six, and each concurrent change one more.
const ROUNDS: usize = 24;

/// Dependencies of the reconciler.
#[derive(Debug, Clone)]
pub struct ReconcilerDeps {
    /// The table.
    pub store: Store,
    /// ECS.
    pub tasks: Tasks,
    /// Key that signs the tokens with which tasks report.
    pub key: RuntimeKey,
}

/// The outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReconcileOutcome {
    /// The runtime is in the wanted state.
    Settled,
    /// ECS has work to finish first. The caller should reconcile again later.
    Waiting,
}

/// The reason a runtime could not be reconciled. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// ECS failed.
    #[error(transparent)]
    Ecs(#[from] ecs::Error),
    /// The key that signs tokens could not be read.
    #[error("a task's token cannot be signed")]
    Key(#[from] secrets::Error),
    /// The plan has no task definition, or no subnet is configured.
    #[error("a task cannot be placed: its plan has no task definition, or no subnet is configured")]
    Unplaceable,
}

/// Brings the runtime of `workspace` towards its wanted state, as far as possible now.
///
/// # Errors
/// [`ReconcileError`] if a dependency fails or the task cannot be placed.
pub async fn reconcile_runtime(
    with: &ReconcilerDeps,
    workspace: WorkspaceId,
) -> Result<ReconcileOutcome, ReconcileError> {
    let mut round = Round { with, scope: SystemScope::of(workspace), asked_to_stop: Vec::new() };
    for _ in 0..ROUNDS {
        if let Some(outcome) = round.take().await? {
            return Ok(outcome);
        }
    }
    Ok(ReconcileOutcome::Waiting)
}

struct Round<'a> {
    with: &'a ReconcilerDeps,
    scope: SystemScope,
    /// Tasks that this call has already asked ECS to stop.
    asked_to_stop: Vec<TaskArn>,
}

impl Round<'_> {
    /// Reads the state and takes the next steps. Returns `None` if there may be further steps.
    async fn take(&mut self) -> Result<Option<ReconcileOutcome>, ReconcileError> {
        let Self { with: ReconcilerDeps { store, tasks, .. }, scope, .. } = self;
        let facts = store.runtime_facts(scope).await?;
        let runtime = &facts.runtime;
        let shown = tasks.tasks_of(scope.workspace(), &runtime.tasks()).await?;
        let now = store.ambient().now();
        let steps = steps(facts.wanted(now), runtime, &shown, now);
        if steps.iter().all(|step| self.was_done(step)) {
            let settled = steps.is_empty() && runtime.is_settled();
            if settled && runtime.needs_check(now) {
                // One that is stopping is looked at again.
                let named = runtime.tasks();
                if !shown.iter().any(|task| matches!(task.phase, Phase::Running { .. }) && named.contains(&&task.arn)) {
                    return Ok(Some(ReconcileOutcome::Waiting));
                }
                let next = runtime.next().checked(facts.billing.standing(facts.plans, now).plan, now);
                match store.record_runtime(&self.scope, runtime, &next, now).await? {
                    Recorded::Yes => {}
                    Recorded::ChangedMeanwhile => return Ok(None),
                }
            }
            return Ok(Some(if settled { ReconcileOutcome::Settled } else { ReconcileOutcome::Waiting }));
        }
        for step in steps {
            if !self.was_done(&step) {
                self.run(&facts, step, now).await?;
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

    async fn run(&mut self, facts: &RuntimeFacts, step: Step, now: Timestamp) -> Result<(), ReconcileError> {
        let ReconcilerDeps { store, tasks, key } = self.with;
        let RuntimeFacts { runtime, billing, .. } = facts;
        let next = match step {
            Step::Stop(task) => {
                tasks.stop(&task).await?;
                self.asked_to_stop.push(task);
                return Ok(());
            }
            Step::Record(next) => *next,
            Step::Launch(shape) => {
                let tries = runtime.launch.as_ref().map_or(0, |launch| launch.refusals);
                let placement = shape.size.and_then(|size| tasks.launch_target(size, tries));
                let placement = placement.ok_or(ReconcileError::Unplaceable)?;
                runtime.launching(shape, placement)
            }
            Step::Run => {
                let Some(launch) = &runtime.launch else { return Ok(()) };
                let workspace = self.scope.workspace();
                let token = key.sign(Bearer { workspace, attempt: launch.attempt }, now).await?;
                match tasks.run(workspace, launch, token).await? {
                    RunTaskOutcome::Task(task) => runtime.launched(task),
                    RunTaskOutcome::Refused(refused) => runtime.refused(refused, tasks.subnets(), now),
                }
            }
        };
        let next = next.checked(billing.standing(facts.plans, now).plan, now);
        // If a concurrent change came first, the next round reads it.
        let (Recorded::Yes | Recorded::ChangedMeanwhile) =
            store.record_runtime(&self.scope, runtime, &next, now).await?;
        Ok(())
    }
}
