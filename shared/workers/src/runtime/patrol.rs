//! Searches the whole cluster for tasks that no record wants, left behind by a crash, a lost record or a deletion.

use super::reconcile::{ReconcileError, ReconcilerDeps, reconcile_runtime};
use domain::{
    ids::WorkspaceId,
    runtime::record::{Runtime, RuntimeState, TaskArn},
};
use store::runtime::runtimes::{Recorded, RuntimeFacts};
use system_scope::SystemScope;

/// Result of one pass over the cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatrolSummary {
    /// Number of workspace tasks found.
    pub seen: u64,
    /// Number of tasks that no record wants. Their workspaces were reconciled.
    pub unwanted: u64,
    /// Number of tasks whose workspace could not be reconciled. The next pass finds them again.
    pub failed: u64,
}

/// Reconciles each workspace that has a task which its record does not know or does not want. Other tasks in the
/// cluster are left alone.
///
/// # Errors
/// [`ReconcileError`] if the tasks of the cluster cannot be listed or a record cannot be read.
pub async fn patrol_cluster(with: &ReconcilerDeps) -> Result<PatrolSummary, ReconcileError> {
    let (mut patrolled, mut next) = (PatrolSummary::default(), None);
    loop {
        let (page, after) = with.tasks.list_tasks(next).await?;
        for found in page {
            let Ok(workspace) = found.started_by.parse::<WorkspaceId>() else { continue };
            patrolled.seen += 1;
            let scope = SystemScope::of(workspace);
            let facts = with.store.runtime_facts(&scope).await?;
            let handled = if facts.live && !facts.suspended && is_wanted(&facts.runtime, &found.task.arn) {
                if facts.runtime.due().is_some() {
                    continue;
                }
                begin_checks(with, &scope, &facts).await
            } else {
                patrolled.unwanted += 1;
                Box::pin(reconcile_runtime(with, workspace)).await.map(drop)
            };
            // A failure does not stop the pass.
            if let Err(error) = handled {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%workspace, task = found.task.arn.id(), %error, cause, "the workspace of a task was not reconciled; the next patrol will retry");
                patrolled.failed += 1;
            }
        }
        next = after;
        if next.is_none() {
            return Ok(patrolled);
        }
    }
}

/// Makes a record from before checks due. Its task has just been seen, so that the first check is an hour later.
async fn begin_checks(with: &ReconcilerDeps, scope: &SystemScope, facts: &RuntimeFacts) -> Result<(), ReconcileError> {
    let now = with.store.ambient().now();
    let next = facts.runtime.next().checked(facts.billing.standing(facts.plans, now).plan, now);
    // Another change has made it due.
    let (Recorded::Yes | Recorded::ChangedMeanwhile) =
        with.store.record_runtime(scope, &facts.runtime, &next, now).await?;
    Ok(())
}

/// Returns true if `runtime` knows the task and wants it to run.
fn is_wanted(runtime: &Runtime, task: &TaskArn) -> bool {
    let runs = match runtime.state {
        RuntimeState::Starting { .. }
        | RuntimeState::Running { .. }
        | RuntimeState::Resizing { .. }
        | RuntimeState::Kept { .. } => true,
        RuntimeState::Stopped | RuntimeState::Stopping { .. } | RuntimeState::Failed { .. } => false,
    };
    runs && runtime.tasks().contains(&task)
}
