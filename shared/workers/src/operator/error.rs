//! Why something that whoever runs the service asks for is not done.

use domain::{
    error::{Kind, Refusal},
    identity::denied::Denied,
    usage::UsageError,
};

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such workspace, or its deletion was asked for.
    #[error("there is no such workspace, or its deletion was asked for")]
    NoWorkspace,
    /// There is nothing to end.
    #[error("the workspace has no contract")]
    NoContract,
    /// Days on trial are for a subscription that is still to be bought.
    #[error("the workspace has a subscription; days on trial are granted for the next one, so let this one end first")]
    AlreadySubscribed,
    /// The meter does not move.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// Others keep changing it.
    #[error("the billing is being changed by others; send the same command again")]
    ChangedMeanwhile,
    /// Other commands keep changing the suspension.
    #[error("the suspension is being changed by another command; send the same command again")]
    SuspensionChanged,
    /// ECS failed.
    #[error("ECS did not answer; send the same command again")]
    Ecs(#[from] ecs::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// An operator rests on no membership, so all that can be denied him is the workspace.
impl From<Denied> for Error {
    fn from(_: Denied) -> Self {
        Self::NoWorkspace
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::NoWorkspace => Kind::Absent,
            Self::NoContract | Self::AlreadySubscribed | Self::ChangedMeanwhile | Self::SuspensionChanged => {
                Kind::Conflict
            }
            Self::Ecs(_) => Kind::Unavailable,
            Self::Usage(inner) => inner.kind(),
            Self::Store(inner) => inner.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoWorkspace => "workspace_not_found",
            Self::NoContract => "no_contract",
            Self::AlreadySubscribed => "already_subscribed",
            Self::ChangedMeanwhile => "billing_changed",
            Self::SuspensionChanged => "suspension_changed",
            Self::Ecs(_) => "unavailable",
            Self::Usage(inner) => inner.code(),
            Self::Store(inner) => inner.code(),
        }
    }
}
