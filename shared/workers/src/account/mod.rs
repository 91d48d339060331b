//! Deletes accounts of persons: their memberships end, their records in workspaces are erased, then their own items are
//! deleted.
//!
//! The sweeper runs this each minute until the deletion is complete; a pending deletion is always due. Every step may be
//! interrupted anywhere, repeated, and run concurrently: progress is written in place of the progress that was read.

mod erase;
mod leave;

use domain::{
    identity::{account::Progress, denied::Denied, origin::Origin},
    ids::UserId,
    team::{invitation::InviteError, roster::RosterError},
};
use store::Store;

/// The reason the deletion of an account made no progress. It remains due.
#[derive(Debug, thiserror::Error)]
pub enum DeleteAccountError {
    /// The scope is no longer valid.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An invitation has changed.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The member or the workspace has changed.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Continues the deletion of the account of `user`, if one is pending. `origin` names the sweep in audit records.
///
/// # Errors
/// [`DeleteAccountError`] if the table fails; the next call continues.
pub async fn advance_account_deletion(store: &Store, user: UserId, origin: &Origin) -> Result<(), DeleteAccountError> {
    let Some(deletion) = store.account_deletion(user).await? else { return Ok(()) };
    match &deletion.progress {
        Progress::Leaving { .. } => leave::end_memberships(store, &deletion, origin).await,
        Progress::Erasing(search) => erase::erase_person(store, &deletion, search.clone()).await,
        Progress::Complete { .. } => Ok(()),
    }
}
