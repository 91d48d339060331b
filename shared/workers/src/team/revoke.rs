//! Revoking the rest of the invitations of somebody who may not offer as much as before.

use super::error::Error;
use domain::{
    audit::record::Entry, identity::access::may_vouch, identity::origin::Origin, team::invitation::InviteError,
    team::revocation::Revocation, team::roster::RosterError,
};
use store::{Change, Scope, Store};
use system_scope::SystemScope;

/// Revokes what is left of the invitations of somebody who may not offer as much as he did. Each has its record, on behalf
/// of whoever took his seat or his role.
///
/// # Errors
/// [`Error`]; what was not done then is done when this is called again.
pub async fn revoke_rest(store: &Store, revocation: &Revocation, origin: Origin) -> Result<(), Error> {
    let system = SystemScope::of(revocation.workspace);
    let Some(inviter) = store.member(&system, revocation.inviter).await? else {
        return Ok(store.seen_to(revocation).await?);
    };
    let mut position = None;
    loop {
        let (offers, next) = store.all_offers_of(&system, inviter.user, position).await?;
        for offer in offers.iter().filter(|offer| !may_vouch(inviter.active_role(), offer.role)) {
            let scope = Scope::on_behalf_of(&system, revocation.by, origin.clone());
            let now = store.ambient().now();
            let mut change = Change::<Error>::begin(store, &scope, Entry::revoked(offer), now)?;
            // If he has his right back, it is looked at again in a minute.
            change.require_as_read(&inviter, RosterError::ChangedMeanwhile).revoke(offer);
            match change.commit(None, (), now).await {
                // Taken back, released or declined in the meantime: it is as it should be.
                Ok(_) | Err(Error::Invite(InviteError::ChangedMeanwhile)) => {}
                Err(error) => return Err(error),
            }
        }
        match next {
            Some(next) => position = Some(next),
            None => return Ok(store.seen_to(revocation).await?),
        }
    }
}
