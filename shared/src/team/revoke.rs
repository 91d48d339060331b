//! Revoking the invitations of somebody who may not offer as much as before: at once what fits, the rest by the sweeper.

use super::error::Error;
use domain::{
    identity::access::{Role, may_vouch},
    team::invitation::Invitation,
    team::member::Member,
    team::revocation::AT_ONCE,
};
use jiff::Timestamp;
use store::Change;

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
