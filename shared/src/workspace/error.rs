//! Errors of workspaces.

use domain::{
    bounds::budget::Exhausted,
    error::{CollectedError, Kind, Verdict},
    identity::denied::Denied,
    runtime::record::CommandError,
    workspace::allowance::AllowanceError,
    workspace::deletion::DeletionError,
};

/// The reason a workspace is not shown, created or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The caller has reached the limit of free workspaces.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The caller sends too many commands.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The workspace cannot be deleted, or the receipt does not exist.
    #[error(transparent)]
    Deletion(#[from] DeletionError),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The workspace no longer has the version that the caller expects.
    #[error("the workspace has been changed since you read it; read it again")]
    AnotherVersion,
    /// Concurrent changes of the workspace exhausted the attempts.
    #[error("the workspace is being changed by other requests; send the same request again")]
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
            Self::Store(inner) => Verdict::Of(inner),
            Self::Allowance(inner) => Verdict::Of(inner),
            Self::Command(inner) => Verdict::Of(inner),
            Self::Deletion(inner) => Verdict::Of(inner),
            Self::Exhausted(inner) => Verdict::Of(inner),
            Self::AnotherVersion => Verdict::Own(Kind::Stale, "workspace_version_mismatch"),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "workspace_changed"),
        }
    }
}
