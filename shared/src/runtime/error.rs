//! Errors of runtimes.

use domain::{
    error::{Details, Kind, Refusal},
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

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::Command(error) => error.kind(),
            Self::Allowance(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Command(error) => error.code(),
            Self::Allowance(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::ChangedMeanwhile => "runtime_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Denied(denied) => denied.details(),
            Self::Command(error) => error.details(),
            Self::Allowance(error) => error.details(),
            Self::Store(_) | Self::ChangedMeanwhile => Details::default(),
        }
    }
}
