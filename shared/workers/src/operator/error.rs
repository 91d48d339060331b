//! Errors of the operator's commands.

use domain::{
    error::{CollectedError, Kind, Verdict},
    identity::denied::Denied,
    team::roster::RosterError,
    usage::UsageError,
};

/// An error of an operator's command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The workspace does not exist, or is scheduled for deletion.
    #[error("the workspace does not exist or is scheduled for deletion; check the workspace id")]
    NoWorkspace,
    /// The workspace has no contract that could be ended.
    #[error("the workspace has no contract")]
    NoContract,
    /// The workspace has another contract than the one that the change was made for.
    #[error("another contract is in force than the one that this replaces; read the facts again")]
    ContractChanged,
    /// The workspace has a subscription. A trial can only be granted for a later one.
    #[error("the workspace has a subscription; a trial can be granted after it has ended")]
    AlreadySubscribed,
    /// The user has no seat in the workspace.
    #[error(
        "there is no such member in this workspace; name a present member, or have an admin invite or bring back the person first"
    )]
    NoMember,
    /// The member changed.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The meter cannot be changed.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// Concurrent changes of the billing exhausted the attempts.
    #[error("the billing is being changed by other requests; send the same command again")]
    ChangedMeanwhile,
    /// The workspace has another suspension, or none, than the one that the change was made for.
    #[error("another suspension is in force than the one that this replaces, or none; read the facts again")]
    AnotherSuspension,
    /// Concurrent changes of the suspension exhausted the attempts.
    #[error("the suspension is being changed by another command; send the same command again")]
    SuspensionChanged,
    /// ECS failed.
    #[error("ECS did not answer; send the same command again")]
    Ecs(#[from] ecs::Error),
    /// The API key of Stripe could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Stripe failed.
    #[error(transparent)]
    Stripe(#[from] stripe::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile | Self::SuspensionChanged | Self::Roster(RosterError::ChangedMeanwhile))
    }
}

/// Operators need no membership, so only the workspace itself can be missing.
impl From<Denied> for Error {
    fn from(_: Denied) -> Self {
        Self::NoWorkspace
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Usage(inner) => Verdict::Of(inner),
            Self::Roster(inner) => Verdict::Of(inner),
            Self::NoMember => Verdict::Own(Kind::Absent, "member_not_found"),
            Self::Store(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Stripe(inner) => Verdict::Of(inner),
            Self::NoWorkspace => Verdict::Own(Kind::Absent, "workspace_not_found"),
            Self::NoContract => Verdict::Own(Kind::Conflict, "no_contract"),
            Self::ContractChanged => Verdict::Own(Kind::Conflict, "contract_changed"),
            Self::AlreadySubscribed => Verdict::Own(Kind::Conflict, "already_subscribed"),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "billing_changed"),
            Self::AnotherSuspension => Verdict::Own(Kind::Conflict, "suspension_replaced"),
            Self::SuspensionChanged => Verdict::Own(Kind::Conflict, "suspension_changed"),
            Self::Ecs(_) => Verdict::Own(Kind::Unavailable, "unavailable"),
        }
    }
}
