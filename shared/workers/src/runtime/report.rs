//! What a runtime's own container reports.

use domain::{
    error::{Details, Kind, Refusal},
    identity::denied::Denied,
    runtime::heartbeat::{Figures, Heartbeat, TooSoon},
    runtime::token::NotAContainer,
};
use secrets::{self, RuntimeKey};
use store::{self, Known, Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// How often a report is written anew when another one came first.
const TRIES: usize = 3;

/// Why a report is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The token opens nothing.
    #[error(transparent)]
    Unauthenticated(#[from] NotAContainer),
    /// Its workspace is suspended.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The container reports too often.
    #[error(transparent)]
    TooSoon(#[from] TooSoon),
    /// There is nothing to verify it with.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Other reports keep coming.
    #[error("other reports came at the same time; send the next one")]
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

/// Keeps what the bearer of `token` uses, and whether it is `active`. A report that comes too soon writes nothing: of two that
/// come at once, one is written, and the other finds it.
///
/// # Errors
/// [`ReportError`].
pub async fn report(
    store: &Store,
    key: &RuntimeKey,
    token: &str,
    (figures, active): (Figures, bool),
) -> Result<(), ReportError> {
    let bearer = key.read(token, store.ambient().now()).await?.ok_or(NotAContainer)?;
    let scope = SystemScope::of(bearer.workspace);
    for _ in 0..TRIES {
        let Known { tended, heartbeat: before } = store.known_of_container(&scope).await?;
        if !tended.live || !tended.runtime.is_launch(bearer.attempt) {
            return Err(NotAContainer.into());
        }
        if tended.suspended {
            return Err(Denied::Suspended.into());
        }
        let now = store.ambient().now();
        let next = Heartbeat::after(before.as_ref(), bearer.attempt, figures, active, now)?;
        let due = next.idle_at(tended.billing.standing(now).plan);
        match store.record_heartbeat(&scope, before.as_ref(), &next, due).await? {
            Recorded::Yes => return Ok(()),
            Recorded::ChangedMeanwhile => {}
        }
    }
    Err(ReportError::ChangedMeanwhile)
}
