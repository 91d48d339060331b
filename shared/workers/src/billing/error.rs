//! Why something about billing is not done.

use domain::{
    billing::order::OrderError,
    bounds::budget::Exhausted,
    error::{Details, Kind, Refusal},
    identity::denied::Denied,
    runtime::token::NotAContainer,
    usage::UsageError,
};

/// Why something about billing is not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The token is none of a container that is meant to run.
    #[error(transparent)]
    NotAContainer(#[from] NotAContainer),
    /// It cannot be ordered.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// A meter does not move.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The key to Stripe could not be had.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Stripe failed.
    #[error(transparent)]
    Stripe(#[from] stripe::Error),
    /// A comparison could not be queued.
    #[error("the service is busy; send the same request again")]
    Queue(#[from] queue::Error),
    /// Others keep changing it.
    #[error("the billing is being changed by others; send the same request again")]
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
