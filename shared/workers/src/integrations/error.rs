//! Errors of integrations without a caller.

use domain::{identity::denied::Denied, integrations::IntegrationError};

/// An error of an integration without a caller. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scope is no longer valid.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The integration no longer has a secret.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Concurrent changes of the integration exhausted the attempts.
    #[error("the integration is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Error {
    /// Returns true if a concurrent change came first and the change should be decided again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile)
    }
}
