//! Searches the whole cluster for tasks that no record wants, left behind by a crash, a lost record or a deletion.

use super::reconcile::{ReconcileError, ReconcilerDeps, reconcile_runtime};
use domain::{
    ids::WorkspaceId,
    runtime::record::{Runtime, RuntimeState, TaskArn},
};
use store::runtime::runtimes::RuntimeFacts;
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
            let RuntimeFacts { live, suspended, runtime, .. } =
                with.store.runtime_facts(&SystemScope::of(workspace)).await?;
            if live && !suspended && is_wanted(&runtime, &found.task.arn) {
                // A record from before checks is due from now on.
                if runtime.due().is_some() {
                    continue;
                }
            } else {
                patrolled.unwanted += 1;
            }
            // A failure does not stop the pass.
            if let Err(error) = Box::pin(reconcile_runtime(with, workspace)).await {
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
