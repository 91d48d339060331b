//! Rules for members: role changes, removal, reactivation, and transfer of ownership.
//!
//! A caller who acts on another member has at least that member's role and the role being granted. A live workspace
//! always has an owner.

use crate::{
    error::{Details, Kind, Refusal},
    identity::access::{Role, may_grant},
    team::member::{Member, MemberStatus},
};
use jiff::Timestamp;

/// Reasons to refuse a change of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// The user has no seat here.
    #[error("there is no such member in this workspace")]
    NoSuchMember,
    /// The member's role, or the one to be granted, is above the caller's.
    #[error("requires the role {role}: you cannot grant a role above your own, or change a member who has one")]
    RoleAboveOwn {
        /// The role that is too high.
        role: Role,
    },
    /// The workspace would have no owner left.
    #[error("a workspace needs an owner; make another member an owner first")]
    LastOwner,
    /// The member already is an owner.
    #[error("this member is already an owner")]
    AlreadyOwner,
    /// The member already has a seat.
    #[error("this member already has a seat")]
    AlreadyActive,
    /// The member, or the member's other workspaces, changed during the request. Nothing was changed.
    #[error("the member was changed during this request; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for RosterError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchMember => Kind::Absent,
            Self::RoleAboveOwn { .. } => Kind::Forbidden,
            Self::LastOwner | Self::AlreadyOwner | Self::AlreadyActive | Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchMember => "member_not_found",
            Self::RoleAboveOwn { .. } => "role_above_own",
            Self::LastOwner => "last_owner",
            Self::AlreadyOwner => "already_owner",
            Self::AlreadyActive => "already_member",
            Self::ChangedMeanwhile => "member_changed",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::RoleAboveOwn { role } => Details { required_role: Some(role), ..Details::default() },
            Self::NoSuchMember
            | Self::LastOwner
            | Self::AlreadyOwner
            | Self::AlreadyActive
            | Self::ChangedMeanwhile => Details::default(),
        }
    }
}

/// Checks that a caller with the role `actor` may act on `role`.
///
/// # Errors
/// [`RosterError::RoleAboveOwn`] if `role` is above `actor`.
pub fn require_role_for(actor: Role, role: Role) -> Result<(), RosterError> {
    if may_grant(actor, role) { Ok(()) } else { Err(RosterError::RoleAboveOwn { role }) }
}

impl Member {
    /// Gives the member `role`, on behalf of a caller with the role `actor`, in a workspace with `owners` owners;
    /// `None` if the member already has the role.
    ///
    /// # Errors
    /// [`RosterError`] if the member has no seat, is the last owner, or a role is above the caller's.
    pub fn with_role(&self, role: Role, actor: Role, owners: u64) -> Result<Option<Self>, RosterError> {
        if !self.is_active() {
            return Err(RosterError::NoSuchMember);
        }
        require_role_for(actor, self.role)?;
        require_role_for(actor, role)?;
        if self.role == role {
            return Ok(None);
        }
        self.check_not_last_owner(owners)?;
        Ok(Some(Self { role, ..self.clone() }))
    }

    /// Removes the member, on behalf of a caller with the role `actor`; `None` if the member has no seat.
    ///
    /// # Errors
    /// [`RosterError`] if the member is the last owner or their role is above the caller's.
    pub fn removed(&self, actor: Role, owners: u64) -> Result<Option<Self>, RosterError> {
        require_role_for(actor, self.role)?;
        if !self.is_active() {
            return Ok(None);
        }
        self.check_not_last_owner(owners)?;
        Ok(Some(Self { status: MemberStatus::Removed, ..self.clone() }))
    }

    /// Reactivates a former member in their previous role.
    ///
    /// # Errors
    /// [`RosterError`] if the member has a seat or their role is above the caller's.
    pub fn reactivated(&self, actor: Role, now: Timestamp) -> Result<Self, RosterError> {
        require_role_for(actor, self.role)?;
        if self.is_active() {
            return Err(RosterError::AlreadyActive);
        }
        Ok(Self { status: MemberStatus::Active, accepted_at: now, ..self.clone() })
    }

    /// Promotes the member to owner, on behalf of an owner who steps back.
    ///
    /// # Errors
    /// [`RosterError`] if the member has no seat or already is an owner.
    pub fn promoted(&self) -> Result<Self, RosterError> {
        match (self.status, self.role) {
            (MemberStatus::Removed, _) => Err(RosterError::NoSuchMember),
            (MemberStatus::Active, Role::Owner) => Err(RosterError::AlreadyOwner),
            (MemberStatus::Active, Role::Viewer | Role::Member | Role::Admin) => {
                Ok(Self { role: Role::Owner, ..self.clone() })
            }
        }
    }

    /// The role of an active member; `None` if the member has no seat.
    #[must_use]
    pub fn active_role(&self) -> Option<Role> {
        self.is_active().then_some(self.role)
    }

    /// Checks that the workspace, which has `owners` owners, keeps one without this member.
    const fn check_not_last_owner(&self, owners: u64) -> Result<(), RosterError> {
        match self.role {
            Role::Owner if owners <= 1 => Err(RosterError::LastOwner),
            Role::Owner | Role::Admin | Role::Member | Role::Viewer => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::profile::ChosenName,
        ids::{UserId, WorkspaceId},
    };
    use expect_test::{Expect, expect};

    fn member(role: Role, status: MemberStatus) -> Member {
        Member {
            workspace: WorkspaceId::NIL,
            user: UserId::NIL,
            email: None,
            address_issued_at: None,
            blocked: None,
            name: None,
            chosen: ChosenName::default(),
            role,
            status,
            invited_by: None,
            accepted: None,
            created_at: Timestamp::UNIX_EPOCH,
            accepted_at: Timestamp::UNIX_EPOCH,
            last_active_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn said(outcome: Result<Option<Member>, RosterError>) -> String {
        match outcome {
            Ok(Some(member)) => format!("{} {}", member.status.name(), member.role),
            Ok(None) => "as it was".to_owned(),
            Err(error) => error.code().to_owned(),
        }
    }

    /// One row per current role, one column per new role.
    #[track_caller]
    fn check_giving(actor: Role, owners: u64, wanted: Expect) {
        let row = |role| Role::ALL.map(|new| said(member(role, MemberStatus::Active).with_role(new, actor, owners)));
        let rows = Role::ALL.map(|role| format!("{role}: {}\n", row(role).join(", ")));
        wanted.assert_eq(&rows.concat());
    }

    #[test]
    fn role_changes() {
        check_giving(
            Role::Admin,
            2,
            expect![[r#"
                viewer: as it was, active member, active admin, role_above_own
                member: active viewer, as it was, active admin, role_above_own
                admin: active viewer, active member, as it was, role_above_own
                owner: role_above_own, role_above_own, role_above_own, role_above_own
            "#]],
        );
        check_giving(
            Role::Owner,
            1,
            expect![[r#"
                viewer: as it was, active member, active admin, active owner
                member: active viewer, as it was, active admin, active owner
                admin: active viewer, active member, as it was, active owner
                owner: last_owner, last_owner, last_owner, as it was
            "#]],
        );
        let gone = member(Role::Viewer, MemberStatus::Removed);
        assert_eq!(gone.with_role(Role::Member, Role::Owner, 2), Err(RosterError::NoSuchMember));
        let owner = member(Role::Owner, MemberStatus::Active);
        assert_eq!(said(owner.with_role(Role::Admin, Role::Owner, 2)), "active admin");
    }

    #[test]
    fn removals() {
        let row = |actor, owners| {
            Role::ALL.map(|role| said(member(role, MemberStatus::Active).removed(actor, owners))).join(", ")
        };
        expect!["removed viewer, removed member, removed admin, role_above_own"].assert_eq(&row(Role::Admin, 2));
        expect!["removed viewer, removed member, removed admin, last_owner"].assert_eq(&row(Role::Owner, 1));
        expect!["removed viewer, removed member, removed admin, removed owner"].assert_eq(&row(Role::Owner, 2));
        let gone = |role, actor| said(member(role, MemberStatus::Removed).removed(actor, 1));
        assert_eq!([gone(Role::Viewer, Role::Admin), gone(Role::Owner, Role::Admin)], ["as it was", "role_above_own"]);
    }

    #[test]
    fn reactivation_and_promotion() {
        let now = Timestamp::UNIX_EPOCH;
        let gone = |role| member(role, MemberStatus::Removed);
        assert_eq!(said(gone(Role::Admin).reactivated(Role::Admin, now).map(Some)), "active admin");
        assert_eq!(said(gone(Role::Owner).reactivated(Role::Admin, now).map(Some)), "role_above_own");
        let there = member(Role::Viewer, MemberStatus::Active);
        assert_eq!(said(there.reactivated(Role::Admin, now).map(Some)), "already_member");
        assert_eq!(said(there.promoted().map(Some)), "active owner");
        assert_eq!(said(gone(Role::Admin).promoted().map(Some)), "member_not_found");
        assert_eq!(said(member(Role::Owner, MemberStatus::Active).promoted().map(Some)), "already_owner");
    }
}
