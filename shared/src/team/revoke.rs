//! Revokes the invitations of an inviter who lost the right to make them: as many as fit into the transaction
//! immediately, the rest by the sweeper.

use super::error::Error;
use domain::{
    identity::access::{Role, may_keep_invitation},
    team::invitation::Invitation,
    team::member::Member,
    team::revocation::AT_ONCE,
};
use jiff::Timestamp;
use store::Change;

/// Returns the `offers` that an inviter with `role` may not make, as many as fit into one transaction.
pub(super) fn revocable(offers: &[Invitation], role: Option<Role>) -> Vec<Invitation> {
    offers.iter().filter(|offer| !may_keep_invitation(role, offer.role)).take(AT_ONCE).cloned().collect()
}

/// Revokes `revoked` in the transaction that changes the role of `before` to `role`, and schedules a check of the
/// member's remaining invitations.
pub(super) fn revoke_in_change(
    change: &mut Change<'_, Error>,
    before: &Member,
    role: Option<Role>,
    revoked: &[Invitation],
    now: Timestamp,
) -> Result<(), Error> {
    for invitation in revoked {
        change.revoke(invitation);
    }
    let loses = Role::ALL
        .into_iter()
        .any(|granted| may_keep_invitation(Some(before.role), granted) && !may_keep_invitation(role, granted));
    // A former member may also have API keys, whatever their role was.
    if loses || role.is_none() {
        change.request_revocation_check(before.user, now)?;
    }
    Ok(())
}
