//! Stopping what has had nothing to do for as long as its plan allows.

use domain::ids::WorkspaceId;
use store::{self, Known, Rested, Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// A runtime could not be stopped now.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Others keep changing it.
    #[error("the runtime is being changed by others")]
    ChangedMeanwhile,
}

/// Stops the runtime of `workspace`, whose heartbeat is due, if it is idle; has the heartbeat due again, or forgets it,
/// otherwise. Nobody's command does this, so there is no audit record: the runtime tells the reason.
///
/// # Errors
/// [`RestError`]; it is due again.
pub async fn rest(store: &Store, workspace: WorkspaceId) -> Result<(), RestError> {
    let scope = SystemScope::of(workspace);
    let Known { tended, heartbeat } = store.known_of_container(&scope).await?;
    let Some(heartbeat) = heartbeat else { return Ok(()) };
    let now = store.ambient().now();
    // A suspension stops the container without a change of the wish, so that the end of the suspension starts it again.
    let stopped = !tended.live || tended.suspended;
    let recorded = if stopped || !tended.runtime.is_launch(heartbeat.attempt) {
        store.rest_heartbeat(&scope, &heartbeat, Rested::Forgotten).await?
    } else {
        // By the plan that is in force now, which need not be the one that the report was due by.
        match heartbeat.idle_at(tended.billing.standing(now).plan) {
            Some(idle_at) if idle_at <= now => {
                store.rest_runtime(&scope, &tended, &tended.runtime.rested(now), &heartbeat).await?
            }
            due => store.rest_heartbeat(&scope, &heartbeat, Rested::Due(due)).await?,
        }
    };
    match recorded {
        Recorded::Yes => Ok(()),
        Recorded::ChangedMeanwhile => Err(RestError::ChangedMeanwhile),
    }
}
