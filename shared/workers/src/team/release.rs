//! Freeing the seats of invitations that nobody accepted in time.

use super::error::Error;
use domain::{
    audit::record::Entry,
    identity::origin::Origin,
    team::invitation::{AcceptError, Invitation},
};
use store::Scope;
use store::{Change, Store};
use system_scope::SystemScope;

/// Frees the seat of `invitation`, if it still holds one and has expired. On behalf of whoever made it: the record says so,
/// and that no person asked for it is told by its `origin`, a worker's.
///
/// # Errors
/// [`Error`].
pub async fn release(store: &Store, invitation: &Invitation, origin: Origin) -> Result<(), Error> {
    let now = store.ambient().now();
    let scope = Scope::on_behalf_of(&SystemScope::of(invitation.workspace), invitation.invited_by, origin);
    let mut change = Change::<Error>::begin(store, &scope, Entry::released(invitation), now)?;
    change.release(invitation, now);
    match change.commit(None, (), now).await {
        // Accepted, sent again or released in the meantime: there is nothing to do.
        Ok(_) | Err(Error::Accept(AcceptError::Gone)) => Ok(()),
        Err(error) => Err(error),
    }
}
