//! Errors of teams.

use domain::{
    bounds::budget::Exhausted,
    error::{CollectedError, Verdict},
    identity::denied::Denied,
    notifications::letter_link::UnknownLink,
    team::invitation::{AcceptError, InviteError},
    team::roster::RosterError,
    workspace::allowance::AllowanceError,
};

/// An error of teams.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The invitation cannot be made.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The invitation cannot be accepted.
    #[error(transparent)]
    Accept(#[from] AcceptError),
    /// The link was not issued in a letter.
    #[error(transparent)]
    Link(#[from] UnknownLink),
    /// The workspace has used up a budget.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The change of the member is not allowed.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The member who would receive the workspace has reached the limit of free workspaces.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The key of invitation tokens could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again. Invitations that the
    /// change revokes or releases may also be gone by then.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(
            self,
            Self::Roster(RosterError::ChangedMeanwhile)
                | Self::Invite(InviteError::ChangedMeanwhile)
                | Self::Accept(AcceptError::Gone)
                | Self::Store(store::Error::BillingChanged)
        )
    }

    /// Returns true if a concurrent change of the invitation came first.
    pub(super) const fn is_invitation_changed(&self) -> bool {
        matches!(self, Self::Invite(InviteError::ChangedMeanwhile))
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Exhausted(inner) => Verdict::Of(inner),
            Self::Invite(inner) => Verdict::Of(inner),
            Self::Accept(inner) => Verdict::Of(inner),
            Self::Link(inner) => Verdict::Of(inner),
            Self::Roster(inner) => Verdict::Of(inner),
            Self::Allowance(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
        }
    }
}
