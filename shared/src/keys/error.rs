//! Errors of API keys.

use domain::{
    error::{CollectedError, Verdict},
    identity::denied::Denied,
    keys::error::KeyError,
};

/// An error of API keys.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The key cannot be made or changed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self, Self::Key(KeyError::ChangedMeanwhile) | Self::Store(store::Error::BillingChanged))
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Key(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
        }
    }
}
