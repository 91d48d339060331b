//! Errors of runtimes.

use domain::{
    error::{CollectedError, Kind, Verdict},
    identity::denied::Denied,
    runtime::record::CommandError,
    workspace::allowance::AllowanceError,
};

/// The reason a runtime is not shown or a command is refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The command is not allowed now.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The caller has reached the limit of containers of free workspaces.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Concurrent changes of the runtime exhausted the attempts.
    #[error("the runtime is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile)
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Command(inner) => Verdict::Of(inner),
            Self::Allowance(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "runtime_changed"),
        }
    }
}
