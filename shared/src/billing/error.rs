//! Why something about billing is not done.

use crate::{
    domain::{
        error::{Details, Kind, Refusal},
        order::OrderError,
        scope::Denied,
        usage::UsageError,
    },
    secrets, store, stripe,
};

/// Why something about billing is not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It cannot be ordered.
    #[error(transparent)]
    Order(#[from] OrderError),
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
    /// Others keep changing it.
    #[error("the billing is being changed by others; send the same request again")]
    ChangedMeanwhile,
}

impl Error {
    fn inner(&self) -> Option<&dyn Refusal> {
        match self {
            Self::Denied(inner) => Some(inner),
            Self::Order(inner) => Some(inner),
            Self::Usage(inner) => Some(inner),
            Self::Store(inner) => Some(inner),
            Self::Secret(inner) => Some(inner),
            Self::Stripe(inner) => Some(inner),
            Self::ChangedMeanwhile => None,
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        self.inner().map_or(Kind::Conflict, Refusal::kind)
    }

    fn code(&self) -> &'static str {
        self.inner().map_or("billing_changed", Refusal::code)
    }

    fn details(&self) -> Details {
        self.inner().map(Refusal::details).unwrap_or_default()
    }
}
