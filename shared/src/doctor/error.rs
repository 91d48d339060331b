//! Errors of the doctor.

use domain::{
    bounds::budget::Exhausted,
    error::{Details, Kind, Refusal},
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
    fn inner(&self) -> Option<&dyn Refusal> {
        match self {
            Self::Denied(inner) => Some(inner),
            Self::Exhausted(inner) => Some(inner),
            Self::Store(inner) => Some(inner),
            Self::Secret(inner) => Some(inner),
            Self::Stripe(inner) => Some(inner),
            Self::Ecs(_) | Self::ChangedMeanwhile => None,
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        let own = || if matches!(self, Self::Ecs(_)) { Kind::Unavailable } else { Kind::Conflict };
        self.inner().map_or_else(own, Refusal::kind)
    }

    fn code(&self) -> &'static str {
        let own = || if matches!(self, Self::Ecs(_)) { "unavailable" } else { "workspace_changed" };
        self.inner().map_or_else(own, Refusal::code)
    }

    fn details(&self) -> Details {
        self.inner().map(Refusal::details).unwrap_or_default()
    }
}
