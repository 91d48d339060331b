//! Stops runtimes that have been idle for as long as their plan allows, and finds those that have gone silent.
//!
//! Only a report shows activity, so a container that never reports counts as idle since its start, unless its image is
//! known never to report.

use domain::ids::WorkspaceId;
use platform::config::{ConfigError, Environment};
use store::{self, ContainerFacts, HeartbeatStep, Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// Name of the setting that declares an image silent.
const REPORTS: &str = "RUNTIME_IMAGE_REPORTS";

/// The operator's statement about the image of the containers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImageReports {
    /// Its containers report. One that never does is idle.
    #[default]
    Expected,
    /// Its containers never report. They run until they are stopped.
    Never,
}

/// Result of a look at a runtime that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Its container never reported for as long as its plan allows idleness, and is being stopped.
    Stopped,
    /// It is reconciled as any other.
    Tolerated,
}

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

impl ImageReports {
    /// Reads the statement from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if it is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        match environment.optional(REPORTS).as_deref() {
            None | Some("true") => Ok(Self::Expected),
            Some("false") => Ok(Self::Never),
            Some(_) => Err(ConfigError::Invalid { name: REPORTS, problem: "must be true or false".to_owned() }),
        }
    }
}

/// Handles the heartbeat of `workspace`, which is due: stops the runtime if it is idle, and triggers its reconciler if its
/// container has missed reports, since the event of its end may be lost. Otherwise sets the next due time of the
/// heartbeat, or deletes the heartbeat. No user caused the stop, so there is no audit record: the runtime's stop reason
/// records it.
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
        let plan = facts.billing.standing(facts.plans, now).plan;
        match heartbeat.idle_at(plan) {
            Some(idle_at) if idle_at <= now => {
                let next = facts.runtime.stopped_for_idling(now);
                store.stop_idle_runtime(&scope, &facts, &next, Some(&heartbeat)).await?
            }
            // Later silence is found by the runtime's own checks.
            idle_at if heartbeat.silent_at() <= now => store.report_silence(&scope, &heartbeat, idle_at).await?,
            Some(_) | None => {
                let due = HeartbeatStep::Due(Some(heartbeat.due(plan)));
                store.update_heartbeat(&scope, &heartbeat, due).await?
            }
        }
    };
    done(recorded)
}

/// Stops the runtime of `workspace`, which is due, if its container has run for as long as its plan allows idleness
/// without ever reporting.
///
/// # Errors
/// [`IdleStopError`] if the table fails or a concurrent change came first; the runtime remains due.
pub async fn stop_if_silent(
    store: &Store,
    image: ImageReports,
    workspace: WorkspaceId,
) -> Result<Silence, IdleStopError> {
    match image {
        ImageReports::Expected => {}
        ImageReports::Never => return Ok(Silence::Tolerated),
    }
    let scope = SystemScope::of(workspace);
    let ContainerFacts { runtime_facts: facts, heartbeat } = store.container_facts(&scope).await?;
    let now = store.ambient().now();
    let silent_at = facts.runtime.silent_at(facts.billing.standing(facts.plans, now).plan, heartbeat.as_ref());
    if !facts.live || facts.suspended || silent_at.is_none_or(|at| now < at) {
        return Ok(Silence::Tolerated);
    }
    let next = facts.runtime.stopped_for_idling(now);
    done(store.stop_idle_runtime(&scope, &facts, &next, heartbeat.as_ref()).await?)?;
    Ok(Silence::Stopped)
}

const fn done(recorded: Recorded) -> Result<(), IdleStopError> {
    match recorded {
        Recorded::Yes => Ok(()),
        Recorded::ChangedMeanwhile => Err(IdleStopError::ChangedMeanwhile),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_expected_to_report_unless_declared_silent() {
        let read = |value| ImageReports::from_environment(&Environment::from_iter([(REPORTS, value)]));
        assert_eq!((read("true").unwrap(), read("false").unwrap()), (ImageReports::Expected, ImageReports::Never));
        assert_eq!(
            read("maybe").unwrap_err().to_string(),
            "the environment variable RUNTIME_IMAGE_REPORTS must be true or false"
        );
        let empty = Environment::from_iter([("OTHER", "false")]);
        assert_eq!(ImageReports::from_environment(&empty).unwrap(), ImageReports::Expected);
    }
}
