//! Errors of the audit log.

use domain::{
    audit::range::AuditRefusal,
    bounds::budget::Exhausted,
    error::{CollectedError, Verdict},
    identity::denied::Denied,
};

/// The reason the log is not shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The plan does not include the log, or the range is wrong.
    #[error(transparent)]
    Refused(#[from] AuditRefusal),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Refused(inner) => Verdict::Of(inner),
            Self::Exhausted(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
        }
    }
}
