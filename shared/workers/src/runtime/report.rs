//! Handles reports from the runtime's own container.

use domain::{
    error::{Details, Kind, Refusal},
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

impl Refusal for ReportError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unauthenticated(error) => error.kind(),
            Self::Denied(error) => error.kind(),
            Self::TooSoon(error) => error.kind(),
            Self::Secret(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(error) => error.code(),
            Self::Denied(error) => error.code(),
            Self::TooSoon(error) => error.code(),
            Self::Secret(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::ChangedMeanwhile => "heartbeat_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Denied(error) => error.details(),
            Self::TooSoon(error) => error.details(),
            Self::Unauthenticated(_) | Self::Secret(_) | Self::Store(_) | Self::ChangedMeanwhile => Details::default(),
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
    let bearer = key.read_bearer(token, store.ambient().now()).await?.ok_or(NotAContainer)?;
    let scope = SystemScope::of(bearer.workspace);
    for _ in 0..TRIES {
        let ContainerFacts { runtime_facts: facts, heartbeat: before } = store.container_facts(&scope).await?;
        if !facts.live || !facts.runtime.is_launch(bearer.attempt) {
            return Err(NotAContainer.into());
        }
        if facts.suspended {
            return Err(Denied::Suspended.into());
        }
        let now = store.ambient().now();
        let next = Heartbeat::after(before.as_ref(), bearer.attempt, figures, active, now)?;
        let due = next.idle_at(facts.billing.standing(now).plan);
        match store.record_heartbeat(&scope, before.as_ref(), &next, due).await? {
            Recorded::Yes => return Ok(()),
            Recorded::ChangedMeanwhile => {}
        }
    }
    Err(ReportError::ChangedMeanwhile)
}
