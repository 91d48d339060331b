//! Failures of what is done to a team without a caller.

use domain::{
    identity::denied::Denied,
    team::invitation::{AcceptError, InviteError},
    team::roster::RosterError,
};

/// A failure of what is done to a team without a caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scope does not hold any more.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The invitation was changed.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The invitation is gone.
    #[error(transparent)]
    Accept(#[from] AcceptError),
    /// The member was changed.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
