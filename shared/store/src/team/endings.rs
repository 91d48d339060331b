//! How invitations end, by use, release or revocation, and how one is sent again instead. Whatever deletes an invitation frees
//! its seat and its address, or hands them on, in the same transaction.

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
    identity::access::{Role, may_vouch},
    identity::denied::Denied,
    team::invitation::{AcceptError, Invitation, InviteError},
    team::member::{Member, MemberStatus},
};
use jiff::Timestamp;

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Uses `invitation` up for `member`: it must still be there, be of the version that was read, and not have expired.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn use_up(&mut self, invitation: &Invitation, member: &Member, now: Timestamp) -> Result<&mut Self, Error>
    where
        E: From<AcceptError>,
    {
        let key = keys::invitation(invitation.workspace, invitation.id);
        self.require_live(AcceptError::Gone)
            .require_unsuspended(AcceptError::Suspended)
            .require(&key, Condition::Equals("version", number(invitation.version)), AcceptError::Gone)
            .require(&key, Condition::Above("due_at", now.as_millisecond()), AcceptError::Gone)
            .delete(&key)
            .hand_address(&invitation.email, invitation.id, Holder::Member(member.user), AcceptError::Gone)
    }

    /// Frees seat and address of `invitation`: it must still be there and have expired, whatever has come since it was
    /// read.
    pub fn release(&mut self, invitation: &Invitation, now: Timestamp) -> &mut Self
    where
        E: From<AcceptError>,
    {
        let holder = Holder::Invitation(invitation.id);
        self.release_seat(invitation, now).free_address(&invitation.email, holder, AcceptError::Gone)
    }

    /// The same, but its address goes to `to`.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn release_to(&mut self, invitation: &Invitation, to: Holder, now: Timestamp) -> Result<&mut Self, Error>
    where
        E: From<AcceptError>,
    {
        self.release_seat(invitation, now).hand_address(&invitation.email, invitation.id, to, AcceptError::Gone)
    }

    fn release_seat(&mut self, invitation: &Invitation, now: Timestamp) -> &mut Self
    where
        E: From<AcceptError>,
    {
        let key = keys::invitation(invitation.workspace, invitation.id);
        let passed = Condition::Below("due_at", now.as_millisecond().saturating_add(1));
        self.require_live(AcceptError::Gone).require(&key, passed, AcceptError::Gone).delete(&key).free_seat()
    }

    /// Takes `invitation` back, with its seat and its address: it must still be of the version that was read.
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

    /// Makes `next` of `before`, which keeps its seat.
    ///
    /// # Errors
    /// [`Error::Defect`].
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
            ("returned".to_owned(), AttributeValue::Null(true)),
        ];
        let written = written.into_iter().chain(keys::due(next.id.ulid(), next.expires_at));
        Ok(self
            .require(&key, Condition::Equals("version", number(before.version)), InviteError::ChangedMeanwhile)
            .set(&key, written))
    }

    /// Requires that whoever made `invitation` could still make it: nobody brings in by it whom its maker could not.
    pub fn require_voucher(&mut self, invitation: &Invitation) -> &mut Self
    where
        E: From<AcceptError>,
    {
        let key = keys::member(invitation.workspace, invitation.invited_by);
        let roles = Role::ALL.into_iter().filter(|role| may_vouch(Some(*role), invitation.role));
        let roles = roles.map(|role| text(role.name())).collect();
        self.require(&key, Condition::Equals("status", text(MemberStatus::Active.name())), AcceptError::Gone).require(
            &key,
            Condition::OneOf("role", roles),
            AcceptError::Gone,
        )
    }
}
