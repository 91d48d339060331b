//! Errors of integrations.

use domain::{
    bounds::budget::Exhausted,
    error::{Details, Kind, Refusal},
    identity::denied::Denied,
    integrations::IntegrationError,
    integrations::delivery::RetryError,
};

/// An error of integrations.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The integration cannot be shown or set up.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The secret could not be stored.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// The delivery cannot be retried.
    #[error(transparent)]
    Retry(#[from] RetryError),
    /// Concurrent changes of the integration exhausted the attempts.
    #[error("the integration is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(inner) => inner.kind(),
            Self::Exhausted(inner) => inner.kind(),
            Self::Integration(inner) => inner.kind(),
            Self::Store(inner) => inner.kind(),
            Self::Secret(inner) => inner.kind(),
            Self::Retry(inner) => inner.kind(),
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(inner) => inner.code(),
            Self::Exhausted(inner) => inner.code(),
            Self::Integration(inner) => inner.code(),
            Self::Store(inner) => inner.code(),
            Self::Secret(inner) => inner.code(),
            Self::Retry(inner) => inner.code(),
            Self::ChangedMeanwhile => "integration_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Denied(inner) => inner.details(),
            Self::Exhausted(inner) => inner.details(),
            Self::Integration(inner) => inner.details(),
            Self::Store(inner) => inner.details(),
            Self::Secret(inner) => inner.details(),
            Self::Retry(inner) => inner.details(),
            Self::ChangedMeanwhile => Details::default(),
        }
    }
}

impl From<workers::integrations::Error> for Error {
    fn from(error: workers::integrations::Error) -> Self {
        match error {
            workers::integrations::Error::Denied(inner) => inner.into(),
            workers::integrations::Error::Integration(inner) => inner.into(),
            workers::integrations::Error::Store(inner) => inner.into(),
            workers::integrations::Error::Secret(inner) => inner.into(),
            workers::integrations::Error::ChangedMeanwhile => Self::ChangedMeanwhile,
        }
    }
}
