//! When an invitation may be made, and why not.

use super::{Invitation, expiry};
use crate::domain::{
    access::{Role, may_grant},
    email::Email,
    error::{Details, Kind, Refusal},
    ids::{InvitationId, UserId, WorkspaceId},
    plan::Plan,
};
use jiff::Timestamp;

/// Why no invitation is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// The role offered is above the inviter's.
    #[error("you cannot invite somebody as {role}: your own role is lower")]
    RoleAboveOwn {
        /// The role that was offered.
        role: Role,
    },
    /// The address has a seat or an invitation here already.
    #[error("this address has a seat or a pending invitation in this workspace already")]
    AddressTaken,
    /// No seat is free.
    #[error("the workspace's plan has no free seat; members and pending invitations count")]
    NoSeat {
        /// The plan in force.
        plan: Plan,
        /// Its seats.
        limit: u64,
        /// The seats in use.
        used: u64,
    },
    /// The invitation was changed by others while this was decided. Nothing was changed.
    #[error("the invitation was changed in the meantime; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for InviteError {
    fn kind(&self) -> Kind {
        match self {
            Self::RoleAboveOwn { .. } => Kind::Forbidden,
            Self::AddressTaken | Self::ChangedMeanwhile => Kind::Conflict,
            Self::NoSeat { .. } => Kind::OverPlan,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::RoleAboveOwn { .. } => "role_above_own",
            Self::AddressTaken => "address_taken",
            Self::NoSeat { .. } => "workspace_member_limit",
            Self::ChangedMeanwhile => "invitation_changed",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::RoleAboveOwn { role } => Details { required_role: Some(role), ..Details::default() },
            Self::AddressTaken | Self::ChangedMeanwhile => Details::default(),
            Self::NoSeat { plan, limit, used } => Details {
                limit: Some(limit),
                used: Some(used),
                upgrade_to: plan.with_more(|limits| limits.members),
                ..Details::default()
            },
        }
    }
}

impl InviteError {
    /// The same refusal for somebody whose seat was taken by others while he asked: all of them are in use.
    #[must_use]
    pub const fn when_overtaken(self) -> Self {
        match self {
            Self::NoSeat { plan, limit, .. } => Self::NoSeat { plan, limit, used: limit },
            Self::RoleAboveOwn { .. } | Self::AddressTaken | Self::ChangedMeanwhile => self,
        }
    }
}

/// An offer that a member with the role `inviter` may make.
///
/// # Errors
/// [`InviteError::RoleAboveOwn`] if he offers more than he has.
pub fn offer(
    id: InvitationId,
    workspace: WorkspaceId,
    (invited_by, inviter): (UserId, Role),
    (email, role): (Email, Role),
    now: Timestamp,
) -> Result<Invitation, InviteError> {
    if !may_grant(inviter, role) {
        return Err(InviteError::RoleAboveOwn { role });
    }
    let expires_at = expiry(now);
    Ok(Invitation { id, workspace, email, role, invited_by, version: 1, created_at: now, expires_at, returned: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_does_not_make_owners() {
        let admin = (UserId::of("test", "ana"), Role::Admin);
        let offered = ("ben@example.com".parse().unwrap(), Role::Owner);
        assert_eq!(
            offer(InvitationId::NIL, WorkspaceId::NIL, admin, offered, Timestamp::UNIX_EPOCH),
            Err(InviteError::RoleAboveOwn { role: Role::Owner })
        );
    }
}
