//! Failures of what integrations do without a caller.

use domain::{identity::denied::Denied, integrations::IntegrationError};

/// A failure of what an integration does without a caller. It is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scope does not hold any more.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The integration has no secret any more.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Others keep changing it.
    #[error("the integration is being changed by others; send the same request again")]
    ChangedMeanwhile,
}
