//! Errors of live connections.

use domain::{
    error::{CollectedError, Verdict},
    identity::denied::Denied,
};

/// An error of a live connection.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The key of the tickets could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
        }
    }
}
