//! The audit entries of a team: seats, roles and invitations.

use crate::{
    audit::record::{AuditAction, Entry},
    email::Email,
    identity::access::Role,
    ids::{InvitationId, UserId},
    team::invitation::Invitation,
    team::member::Member,
};
use serde_json::{Map, Value, json};

impl Entry {
    /// The entry for a new invitation.
    #[must_use]
    pub fn invited(invitation: &Invitation) -> Self {
        let after = seat(Some(&invitation.email), invitation.role);
        Self::new(AuditAction::InvitationCreated, invitation.id, Map::new(), after)
    }

    /// The entry for an accepted invitation: its recipient joined the workspace.
    #[must_use]
    pub fn joined(member: &Member, invitation: InvitationId) -> Self {
        let mut after = seat(member.email.as_ref(), member.role);
        after.insert("invitation_id".to_owned(), json!(invitation));
        Self::new(AuditAction::MemberJoined, member.user, Map::new(), after)
    }

    /// The entry for a role change of `before` to `role`.
    #[must_use]
    pub fn role_changed(before: &Member, role: Role) -> Self {
        Self::new(AuditAction::MemberRoleChanged, before.user, role_of(before.role), role_of(role))
    }

    /// The entry for a transfer of ownership from `former` to `successor`.
    #[must_use]
    pub fn transferred(former: UserId, successor: &Member) -> Self {
        let mut after = role_of(Role::Owner);
        after.insert("former_owner".to_owned(), json!(former));
        Self::new(AuditAction::OwnershipTransferred, successor.user, role_of(successor.role), after)
    }

    /// The entry for the removal of `member`.
    #[must_use]
    pub fn removed(member: &Member) -> Self {
        let before = seat(member.email.as_ref(), member.role);
        Self::new(AuditAction::MemberRemoved, member.user, before, Map::new())
    }

    /// The entry for a `member` who left.
    #[must_use]
    pub fn left(member: &Member) -> Self {
        Self { action: AuditAction::MemberLeft, ..Self::removed(member) }
    }

    /// The entry for a reactivated `member`.
    #[must_use]
    pub fn reactivated(member: &Member) -> Self {
        let after = seat(member.email.as_ref(), member.role);
        Self::new(AuditAction::MemberReactivated, member.user, Map::new(), after)
    }

    /// The entry for `member`, whose address became `email`.
    #[must_use]
    pub fn address_changed(member: &Member, email: &Email) -> Self {
        let address = |email: Option<&Email>| Map::from_iter([("email".to_owned(), json!(email))]);
        let (before, after) = (address(member.email.as_ref()), address(Some(email)));
        Self::new(AuditAction::MemberAddressChanged, member.user, before, after)
    }

    /// The entry for a resent invitation.
    #[must_use]
    pub fn resent(before: &Invitation, after: &Invitation) -> Self {
        let until = |invitation: &Invitation| Map::from_iter([("expires_at".to_owned(), json!(invitation.expires_at))]);
        Self::new(AuditAction::InvitationResent, before.id, until(before), until(after))
    }

    /// The entry for a revoked invitation.
    #[must_use]
    pub fn revoked(invitation: &Invitation) -> Self {
        Self { action: AuditAction::InvitationRevoked, ..Self::released(invitation) }
    }

    /// The entry for a declined invitation.
    #[must_use]
    pub fn declined(invitation: &Invitation) -> Self {
        Self { action: AuditAction::InvitationDeclined, ..Self::released(invitation) }
    }

    /// Adds the invitations that the change `revoked`, because their maker may no longer make them.
    #[must_use]
    pub fn revoking(self, revoked: &[Invitation]) -> Self {
        self.with_ids("revoked_invitations", revoked)
    }

    /// Adds the expired invitations whose seats the change `released`.
    #[must_use]
    pub fn releasing(self, released: &[Invitation]) -> Self {
        self.with_ids("released_invitations", released)
    }

    fn with_ids(mut self, name: &str, invitations: &[Invitation]) -> Self {
        if !invitations.is_empty() {
            let ids: Vec<_> = invitations.iter().map(|invitation| invitation.id).collect();
            self.after.insert(name.to_owned(), json!(ids));
        }
        self
    }

    /// The entry for an expired invitation whose seat was released.
    #[must_use]
    pub fn released(invitation: &Invitation) -> Self {
        let before = seat(Some(&invitation.email), invitation.role);
        Self::new(AuditAction::InvitationReleased, invitation.id, before, Map::new())
    }
}

fn seat(email: Option<&Email>, role: Role) -> Map<String, Value> {
    Map::from_iter([("email".to_owned(), json!(email)), ("role".to_owned(), json!(role))])
}

fn role_of(role: Role) -> Map<String, Value> {
    Map::from_iter([("role".to_owned(), json!(role))])
}
