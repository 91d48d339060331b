//! Errors of team changes without a caller.

use domain::{
    identity::denied::Denied,
    team::invitation::{AcceptError, InviteError},
    team::roster::RosterError,
};

/// An error of a team change without a caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scope is no longer valid.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The invitation has changed.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The invitation no longer exists.
    #[error(transparent)]
    Accept(#[from] AcceptError),
    /// The API keys could not be revoked.
    #[error(transparent)]
    Keys(#[from] crate::keys::Error),
    /// The member has changed.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
