//! Errors of integrations.

use domain::{
    audit::range::AuditRefusal,
    bounds::budget::Exhausted,
    error::{CollectedError, Kind, Verdict},
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
    /// The plan does not include the audit log.
    #[error(transparent)]
    Audit(#[from] AuditRefusal),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The secret could not be stored.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// The delivery cannot be retried.
    #[error(transparent)]
    Retry(#[from] RetryError),
    /// The integration no longer has the version that the caller expects.
    #[error("the integration has been changed since you read it; read it again")]
    AnotherVersion,
    /// Concurrent changes of the integration exhausted the attempts.
    #[error("the integration is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile | Self::Store(store::Error::BillingChanged))
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Exhausted(inner) => Verdict::Of(inner),
            Self::Integration(inner) => Verdict::Of(inner),
            Self::Audit(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Retry(inner) => Verdict::Of(inner),
            Self::AnotherVersion => Verdict::Own(Kind::Stale, "integration_version_mismatch"),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "integration_changed"),
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
