//! Revokes the remaining invitations of an inviter who lost the right to make them, and the API keys of one who has left.

use super::error::Error;
use crate::keys;
use domain::{
    audit::record::Entry, identity::access::may_keep_invitation, identity::origin::Origin,
    team::invitation::InviteError, team::member::Member, team::revocation::Revocation, team::roster::RosterError,
};
use store::{Change, Scope, Store};
use system_scope::SystemScope;

/// Revokes the keys of an inviter who has left, and the remaining invitations that the inviter may no longer make. Each gets an audit record, on behalf of the
/// user who removed the inviter or changed their role.
///
/// # Errors
/// [`Error`] if the table fails or the inviter has changed in the meantime; the next call continues.
pub async fn revoke_remaining(store: &Store, revocation: &Revocation, origin: Origin) -> Result<(), Error> {
    let system = SystemScope::of(revocation.workspace);
    // A member whose account was deleted has no record any more.
    let inviter = store.member(&system, revocation.inviter).await?;
    let role = inviter.as_ref().and_then(Member::active_role);
    let maker = (revocation.inviter, inviter.as_ref());
    keys::revoke_keys_of(store, &system, maker, revocation.by, origin.clone()).await?;
    let mut position = None;
    loop {
        let (offers, next) = store.invitations_by_page(&system, revocation.inviter, position).await?;
        for offer in offers.iter().filter(|offer| !may_keep_invitation(role, offer.role)) {
            let scope = Scope::on_behalf_of(&system, revocation.by, origin.clone());
            let now = store.ambient().now();
            let mut change = Change::<Error>::begin(store, &scope, Entry::revoked(offer), now)?;
            // If the inviter has changed, the sweeper retries in a minute.
            if let Some(inviter) = &inviter {
                change.require_as_read(inviter, RosterError::ChangedMeanwhile);
            }
            change.revoke(offer);
            match change.commit(None, (), now).await {
                // The invitation was revoked, released or declined in the meantime.
                Ok(_) | Err(Error::Invite(InviteError::ChangedMeanwhile)) => {}
                Err(error) => return Err(error),
            }
        }
        match next {
            Some(next) => position = Some(next),
            None => return Ok(store.delete_revocation(revocation).await?),
        }
    }
}
