//! Errors of billing.

use domain::{
    billing::order::OrderError,
    bounds::budget::Exhausted,
    error::{Details, Kind, Refusal},
    identity::denied::Denied,
    runtime::token::NotAContainer,
    usage::UsageError,
};

/// An error of billing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The token does not belong to a container that should be running.
    #[error(transparent)]
    NotAContainer(#[from] NotAContainer),
    /// The order is not possible.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// A meter cannot be changed.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The API key of Stripe could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Stripe failed.
    #[error(transparent)]
    Stripe(#[from] stripe::Error),
    /// A comparison could not be queued.
    #[error("the service is busy; send the same request again")]
    Queue(#[from] queue::Error),
    /// Concurrent changes of the billing exhausted the attempts.
    #[error("the billing is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Error {
    fn inner(&self) -> Option<&dyn Refusal> {
        match self {
            Self::Denied(inner) => Some(inner),
            Self::Exhausted(inner) => Some(inner),
            Self::NotAContainer(inner) => Some(inner),
            Self::Order(inner) => Some(inner),
            Self::Usage(inner) => Some(inner),
            Self::Store(inner) => Some(inner),
            Self::Secret(inner) => Some(inner),
            Self::Stripe(inner) => Some(inner),
            Self::Queue(_) | Self::ChangedMeanwhile => None,
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        let own = || if matches!(self, Self::Queue(_)) { Kind::Unavailable } else { Kind::Conflict };
        self.inner().map_or_else(own, Refusal::kind)
    }

    fn code(&self) -> &'static str {
        let own = || if matches!(self, Self::Queue(_)) { "unavailable" } else { "billing_changed" };
        self.inner().map_or_else(own, Refusal::code)
    }

    fn details(&self) -> Details {
        self.inner().map(Refusal::details).unwrap_or_default()
    }
}
