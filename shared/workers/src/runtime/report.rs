//! Handles reports from the runtime's own container.

use crate::decisions::decide_again;
use domain::{
    error::{CollectedError, Kind, Verdict},
    identity::denied::Denied,
    runtime::heartbeat::{Figures, Heartbeat, TooSoon},
    runtime::token::NotAContainer,
};
use secrets::{self, RuntimeKey};
use store::{self, ContainerFacts, Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// Attempts to write a report that loses to concurrent ones.
const TRIES: usize = 3;

/// The reason a report is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The token is not valid.
    #[error(transparent)]
    Unauthenticated(#[from] NotAContainer),
    /// The workspace is suspended.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The container reports too often.
    #[error(transparent)]
    TooSoon(#[from] TooSoon),
    /// The key that verifies the token could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Concurrent reports exhausted the attempts.
    #[error("other reports arrived at the same time; send the next report as usual")]
    ChangedMeanwhile,
}

impl ReportError {
    /// Returns true if a concurrent change came first and the command should be decided again.
    const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile)
    }
}

impl CollectedError for ReportError {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Unauthenticated(inner) => Verdict::Of(inner),
            Self::Denied(inner) => Verdict::Of(inner),
            Self::TooSoon(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "heartbeat_changed"),
        }
    }
}

/// Records the resource usage and activity that the bearer of `token` reports. A report that comes too soon after the
/// previous one is refused, so only one of two concurrent reports is written.
///
/// # Errors
/// [`ReportError`] if the token is not valid, the workspace is suspended, the report comes too soon, or a dependency
/// fails.
pub async fn record_report(
    store: &Store,
    key: &RuntimeKey,
    token: &str,
    figures: Figures,
    active: bool,
) -> Result<(), ReportError> {
    let bearer = key.verify(token, store.ambient().now()).await??;
    let scope = SystemScope::of(bearer.workspace);
    decide_again(TRIES, ReportError::is_lost, ReportError::ChangedMeanwhile, || async {
        let ContainerFacts { runtime_facts: facts, heartbeat: before } = store.container_facts(&scope).await?;
        if !facts.live || !facts.runtime.is_launch(bearer.attempt) {
            return Err(NotAContainer.into());
        }
        if facts.suspended {
            return Err(Denied::Suspended.into());
        }
        let now = store.ambient().now();
        let next = Heartbeat::after(before.as_ref(), bearer.attempt, figures, active, now)?;
        let due = next.due(facts.billing.standing(facts.plans, now).plan);
        match store.record_heartbeat(&scope, before.as_ref(), &next, due).await? {
            Recorded::Yes => Ok(()),
            Recorded::ChangedMeanwhile => Err(ReportError::ChangedMeanwhile),
        }
    })
    .await
}
