//! Errors of workspaces.

use domain::{
    error::{Details, Kind, Refusal},
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
    /// The workspace no longer has the version that the caller expects.
    #[error("the workspace has been changed since you read it; read it again")]
    AnotherVersion,
    /// Concurrent changes of the workspace exhausted the attempts.
    #[error("the workspace is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::Store(error) => error.kind(),
            Self::Allowance(error) => error.kind(),
            Self::Command(error) => error.kind(),
            Self::Deletion(error) => error.kind(),
            Self::AnotherVersion => Kind::Stale,
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Store(error) => error.code(),
            Self::Allowance(error) => error.code(),
            Self::Command(error) => error.code(),
            Self::Deletion(error) => error.code(),
            Self::AnotherVersion => "workspace_version_mismatch",
            Self::ChangedMeanwhile => "workspace_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Denied(denied) => denied.details(),
            Self::Allowance(error) => error.details(),
            Self::Command(error) => error.details(),
            Self::Store(_) | Self::Deletion(_) | Self::AnotherVersion | Self::ChangedMeanwhile => Details::default(),
        }
    }
}
