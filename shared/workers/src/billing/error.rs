//! Errors of billing.

use domain::{
    billing::order::OrderError,
    bounds::budget::Exhausted,
    error::{CollectedError, Kind, Verdict},
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
    /// Returns true if a concurrent change came first and the command should be decided again.
    pub const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile)
    }

    /// Returns true if an intent that fails with this error is still open, so that it is carried out later. A refusal
    /// closes it.
    pub(super) const fn leaves_intent_open(&self) -> bool {
        match self {
            Self::Stripe(error) => error.may_pass(),
            Self::Store(_) | Self::Secret(_) | Self::Queue(_) => true,
            Self::Denied(_)
            | Self::NotAContainer(_)
            | Self::Order(_)
            | Self::Exhausted(_)
            | Self::Usage(_)
            | Self::ChangedMeanwhile => false,
        }
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Exhausted(inner) => Verdict::Of(inner),
            Self::NotAContainer(inner) => Verdict::Of(inner),
            Self::Order(inner) => Verdict::Of(inner),
            Self::Usage(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Stripe(inner) => Verdict::Of(inner),
            Self::Queue(_) => Verdict::Own(Kind::Unavailable, "unavailable"),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "billing_changed"),
        }
    }
}
