//! Making an invitation, and the reasons to refuse it.

use super::{Invitation, LetterState, Sender, record::expiry};
use crate::{
    email::Email,
    error::{Details, Kind, Refusal},
    identity::access::{Role, may_grant},
    ids::{InvitationId, UserId, WorkspaceId},
    plans::names::PlanName,
    text::PersonName,
};
use jiff::Timestamp;

/// Reasons to refuse an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// The offered role is above the inviter's.
    #[error("you cannot invite anyone as {role}: your own role is lower")]
    RoleAboveOwn {
        /// The offered role.
        role: Role,
    },
    /// The inviter has no verified address to name in the e-mail.
    #[error("verify your e-mail address with your identity provider, sign in again, and send the same request again")]
    SenderUnverified,
    /// The address already has a seat or an invitation in this workspace.
    #[error("this address already has a seat or a pending invitation in this workspace")]
    AddressTaken,
    /// The plan has no free seat.
    #[error("all seats of the plan are taken by members and pending invitations; remove one or upgrade the plan")]
    NoSeat {
        /// The smallest larger plan that allows more.
        upgrade_to: Option<PlanName>,
        /// The number of seats in the plan.
        limit: u64,
        /// The number of seats in use.
        used: u64,
    },
    /// The invitation changed during the request. Nothing was changed.
    #[error("the invitation was changed during this request; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for InviteError {
    fn kind(&self) -> Kind {
        match self {
            Self::RoleAboveOwn { .. } | Self::SenderUnverified => Kind::Forbidden,
            Self::AddressTaken | Self::ChangedMeanwhile => Kind::Conflict,
            Self::NoSeat { .. } => Kind::OverPlan,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::RoleAboveOwn { .. } => "role_above_own",
            Self::SenderUnverified => "verified_address_required",
            Self::AddressTaken => "address_taken",
            Self::NoSeat { .. } => "workspace_member_limit",
            Self::ChangedMeanwhile => "invitation_changed",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::RoleAboveOwn { role } => Details { required_role: Some(role), ..Details::default() },
            Self::SenderUnverified | Self::AddressTaken | Self::ChangedMeanwhile => Details::default(),
            Self::NoSeat { upgrade_to, limit, used } => {
                Details { limit: Some(limit), used: Some(used), upgrade_to, ..Details::default() }
            }
        }
    }
}

impl InviteError {
    /// The same refusal for a caller whose last free seat was taken during the request: all seats are in use.
    #[must_use]
    pub const fn as_seats_full(self) -> Self {
        match self {
            Self::NoSeat { upgrade_to, limit, .. } => Self::NoSeat { upgrade_to, limit, used: limit },
            Self::RoleAboveOwn { .. } | Self::SenderUnverified | Self::AddressTaken | Self::ChangedMeanwhile => self,
        }
    }
}

/// The member who makes the invitation.
#[derive(Debug, Clone)]
pub struct Inviter {
    /// Their id.
    pub user: UserId,
    /// Their name.
    pub name: Option<PersonName>,
    /// Their verified address.
    pub email: Email,
    /// Their role.
    pub role: Role,
}

/// The recipient of an invitation.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Their address.
    pub email: Email,
    /// The offered role.
    pub role: Role,
}

/// Creates the invitation of `inviter` to an address.
///
/// # Errors
/// [`InviteError::RoleAboveOwn`] if the offered role is above the inviter's.
pub fn offer(
    id: InvitationId,
    workspace: WorkspaceId,
    inviter: Inviter,
    Offered { email, role }: Offered,
    now: Timestamp,
) -> Result<Invitation, InviteError> {
    if !may_grant(inviter.role, role) {
        return Err(InviteError::RoleAboveOwn { role });
    }
    let Inviter { user, name, email: sender, .. } = inviter;
    Ok(Invitation {
        id,
        workspace,
        email,
        role,
        invited_by: user,
        invited_by_name: name,
        version: 1,
        created_at: now,
        expires_at: expiry(now),
        sender: Some(Sender { user, email: sender }),
        delivery: LetterState::Queued,
        refusal: None,
        returned: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_cannot_invite_owners() {
        let email = "ana@example.com".parse().unwrap();
        let admin = Inviter { user: UserId::of("test", "ana"), name: None, email, role: Role::Admin };
        let offered = Offered { email: "ben@example.com".parse().unwrap(), role: Role::Owner };
        assert_eq!(
            offer(InvitationId::NIL, WorkspaceId::NIL, admin, offered, Timestamp::UNIX_EPOCH),
            Err(InviteError::RoleAboveOwn { role: Role::Owner })
        );
    }
}
