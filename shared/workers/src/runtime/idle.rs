//! Stops runtimes that have been idle for as long as their plan allows.

use domain::ids::WorkspaceId;
use store::{self, ContainerFacts, HeartbeatStep, Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// The reason a runtime could not be stopped. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum IdleStopError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A concurrent change came first.
    #[error("the runtime is being changed by other requests")]
    ChangedMeanwhile,
}

/// Stops the runtime of `workspace`, whose heartbeat is due, if the runtime is idle. Otherwise sets the next due time
/// of the heartbeat, or deletes the heartbeat. No user caused the stop, so there is no audit record: the runtime's stop
/// reason records it.
///
/// # Errors
/// [`IdleStopError`] if the table fails or a concurrent change came first; the heartbeat remains due.
pub async fn stop_if_idle(store: &Store, workspace: WorkspaceId) -> Result<(), IdleStopError> {
    let scope = SystemScope::of(workspace);
    let ContainerFacts { runtime_facts: facts, heartbeat } = store.container_facts(&scope).await?;
    let Some(heartbeat) = heartbeat else { return Ok(()) };
    let now = store.ambient().now();
    // A suspension stops the container but keeps the wanted state, so that the container starts again when the
    // suspension ends.
    let stopped = !facts.live || facts.suspended;
    let recorded = if stopped || !facts.runtime.is_launch(heartbeat.attempt) {
        store.update_heartbeat(&scope, &heartbeat, HeartbeatStep::Delete).await?
    } else {
        // The plan may have changed since the heartbeat was recorded.
        match heartbeat.idle_at(facts.billing.standing(now).plan) {
            Some(idle_at) if idle_at <= now => {
                store.stop_idle_runtime(&scope, &facts, &facts.runtime.stopped_for_idling(now), &heartbeat).await?
            }
            due => store.update_heartbeat(&scope, &heartbeat, HeartbeatStep::Due(due)).await?,
        }
    };
    match recorded {
        Recorded::Yes => Ok(()),
        Recorded::ChangedMeanwhile => Err(IdleStopError::ChangedMeanwhile),
    }
}
