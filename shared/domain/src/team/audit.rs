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
    /// A seat was offered.
    #[must_use]
    pub fn invited(invitation: &Invitation) -> Self {
        let after = seat(Some(&invitation.email), invitation.role);
        Self::new(AuditAction::InvitationCreated, invitation.id, Map::new(), after)
    }

    /// The holder of `invitation` took his seat.
    #[must_use]
    pub fn joined(member: &Member, invitation: InvitationId) -> Self {
        let mut after = seat(member.email.as_ref(), member.role);
        after.insert("invitation_id".to_owned(), json!(invitation));
        Self::new(AuditAction::MemberJoined, member.user, Map::new(), after)
    }

    /// `before` was given `role`.
    #[must_use]
    pub fn role_changed(before: &Member, role: Role) -> Self {
        Self::new(AuditAction::MemberRoleChanged, before.user, role_of(before.role), role_of(role))
    }

    /// `former` made `heir` an owner in his own place.
    #[must_use]
    pub fn transferred(former: UserId, heir: &Member) -> Self {
        let mut after = role_of(Role::Owner);
        after.insert("former_owner".to_owned(), json!(former));
        Self::new(AuditAction::OwnershipTransferred, heir.user, role_of(heir.role), after)
    }

    /// `member` lost his seat.
    #[must_use]
    pub fn removed(member: &Member) -> Self {
        let before = seat(member.email.as_ref(), member.role);
        Self::new(AuditAction::MemberRemoved, member.user, before, Map::new())
    }

    /// `member` gave his seat up.
    #[must_use]
    pub fn left(member: &Member) -> Self {
        Self { action: AuditAction::MemberLeft, ..Self::removed(member) }
    }

    /// `member` got his seat back.
    #[must_use]
    pub fn reactivated(member: &Member) -> Self {
        let after = seat(member.email.as_ref(), member.role);
        Self::new(AuditAction::MemberReactivated, member.user, Map::new(), after)
    }

    /// `before` became `after`, which was sent again.
    #[must_use]
    pub fn resent(before: &Invitation, after: &Invitation) -> Self {
        let until = |invitation: &Invitation| Map::from_iter([("expires_at".to_owned(), json!(invitation.expires_at))]);
        Self::new(AuditAction::InvitationResent, before.id, until(before), until(after))
    }

    /// `invitation` was taken back.
    #[must_use]
    pub fn revoked(invitation: &Invitation) -> Self {
        Self { action: AuditAction::InvitationRevoked, ..Self::released(invitation) }
    }

    /// `invitation` was not wanted.
    #[must_use]
    pub fn declined(invitation: &Invitation) -> Self {
        Self { action: AuditAction::InvitationDeclined, ..Self::released(invitation) }
    }

    /// The same, by which `revoked` invitations were taken back: whoever made them may no longer.
    #[must_use]
    pub fn revoking(self, revoked: &[Invitation]) -> Self {
        self.ending("revoked_invitations", revoked)
    }

    /// The same, by which `released` invitations that had expired lost their seats.
    #[must_use]
    pub fn releasing(self, released: &[Invitation]) -> Self {
        self.ending("released_invitations", released)
    }

    fn ending(mut self, name: &str, invitations: &[Invitation]) -> Self {
        if !invitations.is_empty() {
            let ids: Vec<_> = invitations.iter().map(|invitation| invitation.id).collect();
            self.after.insert(name.to_owned(), json!(ids));
        }
        self
    }

    /// Nobody accepted `invitation` in time.
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
