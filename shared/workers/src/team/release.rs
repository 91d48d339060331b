//! Frees the seats of expired invitations.

use super::error::Error;
use domain::{
    audit::record::Entry,
    identity::origin::Origin,
    team::invitation::{AcceptError, Invitation},
};
use store::Scope;
use store::{Change, Store};
use system_scope::SystemScope;

/// Frees the seat of `invitation`, if it has expired and still holds one. The audit record names the inviter, and its
/// `origin` shows that a worker made the change.
///
/// # Errors
/// [`Error`] if the table fails.
pub async fn release_expired(store: &Store, invitation: &Invitation, origin: Origin) -> Result<(), Error> {
    let now = store.ambient().now();
    let scope = Scope::on_behalf_of(&SystemScope::of(invitation.workspace), invitation.invited_by, origin);
    let mut change = Change::<Error>::begin(store, &scope, Entry::released(invitation), now)?;
    change.release(invitation, now);
    match change.commit(None, (), now).await {
        // The invitation was accepted, sent again or released in the meantime.
        Ok(_) | Err(Error::Accept(AcceptError::Gone)) => Ok(()),
        Err(error) => Err(error),
    }
}
