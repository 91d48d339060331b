//! Revoking what somebody offered and may offer no more: at once what fits, the rest by the sweeper.

use super::error::Error;
use domain::{
    audit::record::Entry,
    identity::access::{Role, may_vouch},
    identity::scope::{Origin, SystemScope},
    team::invitation::{Invitation, InviteError},
    team::member::Member,
    team::revocation::{AT_ONCE, Revocation},
    team::roster::RosterError,
};
use jiff::Timestamp;
use store::{Change, Store};

/// Those of `offers` that go beyond what their maker may offer as `role`, and fit into one transaction.
pub(super) fn beyond(offers: &[Invitation], role: Option<Role>) -> Vec<Invitation> {
    offers.iter().filter(|offer| !may_vouch(role, offer.role)).take(AT_ONCE).cloned().collect()
}

/// Revokes `revoked` together with what makes `role` of the role of `before`, and has the rest of his invitations looked
/// at.
pub(super) fn together(
    change: &mut Change<'_, Error>,
    before: &Member,
    role: Option<Role>,
    revoked: &[Invitation],
    now: Timestamp,
) -> Result<(), Error> {
    for invitation in revoked {
        change.revoke(invitation);
    }
    let loses = Role::ALL.into_iter().any(|granted| may_vouch(Some(before.role), granted) && !may_vouch(role, granted));
    if loses {
        change.look_at_offers_of(before.user, now)?;
    }
    Ok(())
}

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
            let scope = system.on_behalf_of(revocation.by, origin.clone());
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
