//! Looking through the whole cluster for tasks that no record knows: what a crash, a lost record or a deletion left behind.

use super::reconcile::{ReconcileError, Reconciling, reconcile};
use domain::{
    ids::WorkspaceId,
    runtime::record::{Runtime, State, TaskArn},
};
use store::runtime::runtimes::Tended;
use system_scope::SystemScope;

/// What came of a look through the cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Patrolled {
    /// Tasks of workspaces that were seen.
    pub seen: u64,
    /// Those that no record wanted: their workspaces were looked after.
    pub unwanted: u64,
    /// Those of them that could not be looked after; the next pass finds them again.
    pub failed: u64,
}

/// Looks after each workspace that has a task which its record does not know, or does not want. What others started in this
/// cluster is left alone.
///
/// # Errors
/// [`ReconcileError`] if the cluster could not be looked through.
pub async fn patrol(with: &Reconciling) -> Result<Patrolled, ReconcileError> {
    let (mut patrolled, mut next) = (Patrolled::default(), None);
    loop {
        let (page, after) = with.tasks.all(next).await?;
        for found in page {
            let Ok(workspace) = found.started_by.parse::<WorkspaceId>() else { continue };
            patrolled.seen += 1;
            let Tended { live, suspended, runtime, .. } = with.store.tended(&SystemScope::of(workspace)).await?;
            if live && !suspended && is_wanted(&runtime, &found.task.arn) {
                continue;
            }
            patrolled.unwanted += 1;
            // One that cannot be looked after holds up no other.
            if let Err(error) = Box::pin(reconcile(with, workspace)).await {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%workspace, task = found.task.arn.id(), %error, cause, "an unwanted task is left");
                patrolled.failed += 1;
            }
        }
        next = after;
        if next.is_none() {
            return Ok(patrolled);
        }
    }
}

/// Whether `runtime` knows the task and has it run, or on its way.
fn is_wanted(runtime: &Runtime, task: &TaskArn) -> bool {
    let runs = match runtime.state {
        State::Starting { .. } | State::Running { .. } | State::Resizing { .. } | State::Kept { .. } => true,
        State::Stopped | State::Stopping { .. } | State::Failed { .. } => false,
    };
    runs && runtime.tasks().contains(&task)
}
