//! Errors of the doctor.

use domain::{
    bounds::budget::Exhausted,
    error::{CollectedError, Kind, Verdict},
    identity::denied::Denied,
};

/// The reason a workspace is not examined or repaired.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// ECS failed.
    #[error("the service is busy; send the same request again")]
    Ecs(#[from] ecs::Error),
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Stripe failed.
    #[error(transparent)]
    Stripe(#[from] stripe::Error),
    /// Concurrent changes of the workspace exhausted the attempts.
    #[error("the workspace is being changed by other requests; send the same request again")]
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
            Self::Store(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Stripe(inner) => Verdict::Of(inner),
            Self::Ecs(_) => Verdict::Own(Kind::Unavailable, "unavailable"),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "workspace_changed"),
        }
    }
}
