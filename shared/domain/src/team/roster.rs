//! What becomes of members: other roles, removal, return, and ownership that changes hands.
//!
//! Who acts on somebody else has at least his role, and the role that he gives. A live workspace keeps an owner.

use crate::{
    error::{Details, Kind, Refusal},
    identity::access::{Role, may_grant},
    team::member::{Member, MemberStatus},
};
use jiff::Timestamp;

/// Why nothing becomes of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// He has no seat here.
    #[error("there is no such member in this workspace")]
    NoSuchMember,
    /// His role, or the one he would get, is above the caller's.
    #[error("this takes the role {role}: nobody acts on, or hands out, a role above his own")]
    RoleAboveOwn {
        /// The role that is too high.
        role: Role,
    },
    /// Without him the workspace would have no owner.
    #[error("a workspace keeps an owner; make somebody else one first")]
    LastOwner,
    /// He is an owner already.
    #[error("this member is an owner already")]
    AlreadyOwner,
    /// He has his seat.
    #[error("this member has his seat already")]
    AlreadyActive,
    /// He, or his other workspaces, were changed by others while this was decided. Nothing was changed.
    #[error("the member was changed in the meantime; send the same request again")]
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

/// That somebody with the role `actor` may act on `role`.
///
/// # Errors
/// [`RosterError::RoleAboveOwn`].
pub fn reaches(actor: Role, role: Role) -> Result<(), RosterError> {
    if may_grant(actor, role) { Ok(()) } else { Err(RosterError::RoleAboveOwn { role }) }
}

impl Member {
    /// The same member with `role`, given by somebody with the role `actor` in a workspace of `owners` owners; `None` if he
    /// has it already.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn given(&self, role: Role, actor: Role, owners: u64) -> Result<Option<Self>, RosterError> {
        if !self.is_active() {
            return Err(RosterError::NoSuchMember);
        }
        reaches(actor, self.role)?;
        reaches(actor, role)?;
        if self.role == role {
            return Ok(None);
        }
        self.spared_by(owners)?;
        Ok(Some(Self { role, ..self.clone() }))
    }

    /// The same member without his seat, taken by somebody with the role `actor`; `None` if he has none.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn removed(&self, actor: Role, owners: u64) -> Result<Option<Self>, RosterError> {
        reaches(actor, self.role)?;
        if !self.is_active() {
            return Ok(None);
        }
        self.spared_by(owners)?;
        Ok(Some(Self { status: MemberStatus::Removed, ..self.clone() }))
    }

    /// The same member back on a seat, in the role he had.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn reactivated(&self, actor: Role, now: Timestamp) -> Result<Self, RosterError> {
        reaches(actor, self.role)?;
        if self.is_active() {
            return Err(RosterError::AlreadyActive);
        }
        Ok(Self { status: MemberStatus::Active, accepted_at: now, ..self.clone() })
    }

    /// The same member as an owner, by an owner who steps back for him.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn crowned(&self) -> Result<Self, RosterError> {
        match (self.status, self.role) {
            (MemberStatus::Removed, _) => Err(RosterError::NoSuchMember),
            (MemberStatus::Active, Role::Owner) => Err(RosterError::AlreadyOwner),
            (MemberStatus::Active, Role::Viewer | Role::Member | Role::Admin) => {
                Ok(Self { role: Role::Owner, ..self.clone() })
            }
        }
    }

    /// The role in which he holds his seat; `None` if he has none.
    #[must_use]
    pub fn active_role(&self) -> Option<Role> {
        self.is_active().then_some(self.role)
    }

    /// That the workspace, which has `owners`, does without him as an owner.
    const fn spared_by(&self, owners: u64) -> Result<(), RosterError> {
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
            name: None,
            chosen: ChosenName::default(),
            role,
            status,
            invited_by: None,
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

    /// A row for each present role, a column for each new one.
    #[track_caller]
    fn check_giving(actor: Role, owners: u64, wanted: Expect) {
        let row = |role| Role::ALL.map(|new| said(member(role, MemberStatus::Active).given(new, actor, owners)));
        let rows = Role::ALL.map(|role| format!("{role}: {}\n", row(role).join(", ")));
        wanted.assert_eq(&rows.concat());
    }

    #[test]
    fn giving_roles() {
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
        assert_eq!(gone.given(Role::Member, Role::Owner, 2), Err(RosterError::NoSuchMember));
        let owner = member(Role::Owner, MemberStatus::Active);
        assert_eq!(said(owner.given(Role::Admin, Role::Owner, 2)), "active admin");
    }

    #[test]
    fn removing() {
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
    fn coming_back_and_becoming_owner() {
        let now = Timestamp::UNIX_EPOCH;
        let gone = |role| member(role, MemberStatus::Removed);
        assert_eq!(said(gone(Role::Admin).reactivated(Role::Admin, now).map(Some)), "active admin");
        assert_eq!(said(gone(Role::Owner).reactivated(Role::Admin, now).map(Some)), "role_above_own");
        let there = member(Role::Viewer, MemberStatus::Active);
        assert_eq!(said(there.reactivated(Role::Admin, now).map(Some)), "already_member");
        assert_eq!(said(there.crowned().map(Some)), "active owner");
        assert_eq!(said(gone(Role::Admin).crowned().map(Some)), "member_not_found");
        assert_eq!(said(member(Role::Owner, MemberStatus::Active).crowned().map(Some)), "already_owner");
    }
}
