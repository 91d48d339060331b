//! Ends of invitations by acceptance, release or revocation, and resending. Every deletion of an invitation frees or
//! transfers its seat and its address in the same transaction.

use crate::{
    table::change::Change,
    table::condition::Condition,
    table::error::Error,
    table::item::{number, text},
    table::keys,
    team::addresses::Holder,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    identity::access::{Role, may_keep_invitation},
    identity::denied::Denied,
    team::invitation::{AcceptError, Invitation, InviteError},
    team::member::{Member, MemberStatus},
};
use jiff::Timestamp;

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Deletes the accepted `invitation` of `member`. It must still exist, have the version that was read, and not have
    /// expired.
    pub fn accept_invitation(
        &mut self,
        invitation: &Invitation,
        member: &Member,
        now: Timestamp,
    ) -> Result<&mut Self, Error>
    where
        E: From<AcceptError>,
    {
        let key = keys::invitation(invitation.workspace, invitation.id);
        self.require_live(AcceptError::Gone)
            .require_unsuspended(AcceptError::Suspended)
            .require(&key, Condition::Equals("version", number(invitation.version)), AcceptError::Gone)
            .require(&key, Condition::Above("due_at", now.as_millisecond()), AcceptError::Gone)
            .delete(&key)
            .transfer_address(&invitation.email, invitation.id, Holder::Member(member.user), AcceptError::Gone)
    }

    /// Frees the seat and the address of `invitation`. It must still exist and have expired, whatever has changed since
    /// it was read.
    pub fn release(&mut self, invitation: &Invitation, now: Timestamp) -> &mut Self
    where
        E: From<AcceptError>,
    {
        let holder = Holder::Invitation(invitation.id);
        self.release_seat(invitation, now).free_address(&invitation.email, holder, AcceptError::Gone)
    }

    /// Like [`Self::release`], but transfers the address to `to`.
    pub fn release_to(&mut self, invitation: &Invitation, to: Holder, now: Timestamp) -> Result<&mut Self, Error>
    where
        E: From<AcceptError>,
    {
        self.release_seat(invitation, now).transfer_address(&invitation.email, invitation.id, to, AcceptError::Gone)
    }

    fn release_seat(&mut self, invitation: &Invitation, now: Timestamp) -> &mut Self
    where
        E: From<AcceptError>,
    {
        let key = keys::invitation(invitation.workspace, invitation.id);
        let passed = Condition::Below("due_at", now.as_millisecond().saturating_add(1));
        self.require_live(AcceptError::Gone).require(&key, passed, AcceptError::Gone).delete(&key).free_seat()
    }

    /// Deletes `invitation` and frees its seat and its address. It must still have the version that was read.
    pub fn revoke(&mut self, invitation: &Invitation) -> &mut Self
    where
        E: From<InviteError>,
    {
        let key = keys::invitation(invitation.workspace, invitation.id);
        let holder = Holder::Invitation(invitation.id);
        self.require_live(InviteError::ChangedMeanwhile)
            .require(&key, Condition::Equals("version", number(invitation.version)), InviteError::ChangedMeanwhile)
            .delete(&key)
            .free_address(&invitation.email, holder, InviteError::ChangedMeanwhile)
            .free_seat()
    }

    /// Deletes `invitation`, whose recipient has a seat already, and frees its seat; `lost` if it has changed. The same
    /// change must transfer its address.
    pub(crate) fn end_invitation(&mut self, invitation: &Invitation, lost: impl Into<E>) -> &mut Self {
        let key = keys::invitation(invitation.workspace, invitation.id);
        self.require(&key, Condition::Equals("version", number(invitation.version)), lost).delete(&key).free_seat()
    }

    /// Replaces `before` with `next`, which keeps its seat.
    pub fn resend(&mut self, before: &Invitation, next: &Invitation) -> Result<&mut Self, Error>
    where
        E: From<InviteError>,
    {
        let key = keys::invitation(before.workspace, before.id);
        let sender = serde_dynamo::to_attribute_value(&next.sender).map_err(|error| Error::Defect(error.into()))?;
        let written = [
            ("version".to_owned(), number(next.version)),
            ("expires_at".to_owned(), text(next.expires_at.to_string())),
            ("sender".to_owned(), sender),
            ("delivery".to_owned(), text(next.delivery.name())),
            ("refusal".to_owned(), AttributeValue::Null(true)),
            ("returned".to_owned(), AttributeValue::Null(true)),
        ];
        let written = written.into_iter().chain(keys::due(next.id.ulid(), next.expires_at));
        Ok(self
            .require(&key, Condition::Equals("version", number(before.version)), InviteError::ChangedMeanwhile)
            .set(&key, written))
    }

    /// Requires that the inviter could still make `invitation`, so that nobody joins in a role that the inviter may no
    /// longer grant.
    pub fn require_inviter_may_grant(&mut self, invitation: &Invitation) -> &mut Self
    where
        E: From<AcceptError>,
    {
        let key = keys::member(invitation.workspace, invitation.invited_by);
        let roles = Role::ALL.into_iter().filter(|role| may_keep_invitation(Some(*role), invitation.role));
        let roles = roles.map(|role| text(role.name())).collect();
        self.require(&key, Condition::Equals("status", text(MemberStatus::Active.name())), AcceptError::Gone).require(
            &key,
            Condition::OneOf("role", roles),
            AcceptError::Gone,
        )
    }
}
