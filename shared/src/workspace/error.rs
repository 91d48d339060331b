//! Refusals and failures of workspaces.

use domain::{
    error::{Details, Kind, Refusal},
    identity::denied::Denied,
    runtime::record::CommandError,
    workspace::allowance::AllowanceError,
    workspace::deletion::DeletionError,
};

/// Why a workspace is not shown, founded or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The caller holds as many free workspaces as a person may.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The caller sends too many commands.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// It cannot be deleted, or there is no such deletion.
    #[error(transparent)]
    Deletion(#[from] DeletionError),
    /// It is not the version that the caller wanted to change.
    #[error("the workspace has been changed since you read it; read it again")]
    AnotherVersion,
    /// Others keep changing it.
    #[error("the workspace is being changed by others; send the same request again")]
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
