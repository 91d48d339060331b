//! Why something about the team is not done.

use domain::{
    bounds::budget::Exhausted,
    error::{Details, Kind, Refusal},
    identity::denied::Denied,
    notifications::letter_link::UnknownLink,
    team::invitation::{AcceptError, InviteError},
    team::roster::RosterError,
    workspace::allowance::AllowanceError,
};

/// Why something about the team is not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The invitation cannot be made.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The invitation cannot be accepted.
    #[error(transparent)]
    Accept(#[from] AcceptError),
    /// The link is in no letter.
    #[error(transparent)]
    Link(#[from] UnknownLink),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The member cannot be changed so.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The member who would receive the workspace holds as many free ones as a person may.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The key of invitation tokens could not be had.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
}

impl Error {
    /// Whether another change came first, so that it is worth deciding anew. What a change revokes or releases beside itself
    /// may be gone by then, too.
    pub(super) const fn is_overtaken(&self) -> bool {
        matches!(
            self,
            Self::Roster(RosterError::ChangedMeanwhile)
                | Self::Invite(InviteError::ChangedMeanwhile)
                | Self::Accept(AcceptError::Gone)
                | Self::Store(store::Error::BillingChanged)
        )
    }

    fn inner(&self) -> &dyn Refusal {
        match self {
            Self::Denied(inner) => inner,
            Self::Exhausted(inner) => inner,
            Self::Invite(inner) => inner,
            Self::Accept(inner) => inner,
            Self::Link(inner) => inner,
            Self::Roster(inner) => inner,
            Self::Allowance(inner) => inner,
            Self::Store(inner) => inner,
            Self::Secret(inner) => inner,
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        self.inner().kind()
    }

    fn code(&self) -> &'static str {
        self.inner().code()
    }

    fn details(&self) -> Details {
        self.inner().details()
    }
}
